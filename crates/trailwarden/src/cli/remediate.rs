//! `trailwarden remediate`: plans that put findings right, carried out with consent and taken back.
//!
//! Only `apply` and `undo` change AWS, by the executor of plans and no other way.

mod anew;
mod apply;
mod ask;
mod carry;
mod findings;
mod handover;
mod history;
mod plan;
mod show;
mod sight;
mod told;
mod undo;
mod watch;
mod wrapping;

use clap::{Args as ClapArgs, Subcommand};

use super::{Colour, Exit};

pub(crate) use carry::told::Carried;
pub(crate) use history::{Listed, Shown};
pub(crate) use show::read as read_plan;
pub(crate) use told::{Told, plan_schema};

const EXAMPLES: &str = "\
Examples:
  trailwarden assess --baseline account.tw --json > findings.json
  trailwarden remediate plan --findings findings.json --all --baseline account.tw --output plan.json
  trailwarden remediate show plan.json
  trailwarden remediate show plan.json --as cli > fix.sh
  trailwarden remediate apply plan.json
  trailwarden remediate undo 20260601-1
  trailwarden remediate history
  trailwarden remediate watch 20260601-1 --logs logs/";

/// Plans that put findings right: made, shown, carried out with consent, and taken back
///
/// A plan holds calls of AWS with what must hold before each and how each is taken back. Making and
/// showing one changes nothing: `apply` does, or you run what `show` prints.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

// What each does is said where its arguments are: a line here would hide the longer text there.
#[derive(Subcommand, Debug)]
enum Command {
    Plan(Box<plan::Args>),
    Show(show::Args),
    Apply(Box<apply::Args>),
    Undo(Box<undo::Args>),
    History(history::Args),
    Watch(Box<watch::Args>),
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Plan(args) => plan::run(args),
        Command::Show(args) => show::run(args, colour),
        Command::Apply(args) => apply::run(args),
        Command::Undo(args) => undo::run(args),
        Command::History(args) => history::run(args),
        Command::Watch(args) => watch::run(args, colour),
    }
}
