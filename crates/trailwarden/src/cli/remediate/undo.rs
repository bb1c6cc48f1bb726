//! `trailwarden remediate undo`: takes a run back, the last step first.

use clap::Args as ClapArgs;
use trailwarden_runtime::executor::{self, Direction};

use super::carry::CarryArgs;
use crate::cli::Exit;

const EXAMPLES: &str = "\
Examples:
  trailwarden remediate undo 20260601-1              shows what is taken back, asks, and does it
  trailwarden remediate undo 20260601-1 --approve \"$DIGEST\" --json    in CI, by the digest of the run's plan
  trailwarden remediate history                      lists the runs

A step is taken back only while it is as the run left it: what somebody changed since is not overwritten. What is there after is compared with what was there before, and differences are told.

Exit codes: 0 done; 1 it stopped; 2 usage, or it was refused and nothing was done; 3 done, but some step cannot be taken back, or is not as it was; 130 after Ctrl-C, between two calls.";

/// Takes back what a run did, and proves it
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The run, as `remediate history` lists it
    #[arg(value_name = "RUN")]
    run: String,

    #[command(flatten)]
    carry: CarryArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    args.carry.again(&args.run, Direction::Undo, executor::undo)
}
