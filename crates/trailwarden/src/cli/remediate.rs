//! `trailwarden remediate`: plans that put findings right.
//!
//! Nothing here changes AWS: a plan is written to a file, and shown as what a person or another tool runs.

mod findings;
mod plan;
mod show;
mod told;

use clap::{Args as ClapArgs, Subcommand};

use super::{Colour, Exit};

pub(crate) use told::{Told, plan_schema};

const EXAMPLES: &str = "\
Examples:
  trailwarden assess --baseline account.tw --json > findings.json
  trailwarden remediate plan --findings findings.json --all --baseline account.tw --output plan.json
  trailwarden remediate show plan.json
  trailwarden remediate show plan.json --as cli > fix.sh";

/// Plans that put findings right: made, and shown as console steps, scripts and Terraform
///
/// A plan holds calls of AWS with what must hold before each and how each is taken back. Making and
/// showing one changes nothing; you run what `show` prints.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// From findings and a baseline to a plan
    Plan(Box<plan::Args>),
    /// A plan as console steps, a script, a program or Terraform
    Show(show::Args),
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Plan(args) => plan::run(args),
        Command::Show(args) => show::run(args, colour),
    }
}
