//! `trailwarden authorize`: change policies, from a first proposal to tests of them.
//!
//! # Invariants
//! - A folder that has a fault is used by no command: exit 2, with every fault at its place.
//! - What is proposed is bounded by effect, loads, and passes its own cases.

mod cases;
mod check;
mod explain;
mod facts;
mod gather;
mod propose;
mod story;
mod suggest;
mod test;

use clap::{Args as ClapArgs, Subcommand};
use trailwarden_authorize::Policies;

use super::{Colour, Exit, to_stdout};
pub(crate) use check::Wire as Checked;
pub(crate) use explain::Wire as Explained;
pub(crate) use story::judge as judge_story;
pub(crate) use suggest::Wire as Suggested;
pub(crate) use test::Wire as Tested;

const EXAMPLES: &str = "\
Examples:
  trailwarden authorize suggest logs/ --output policies/    a first set of permits, to review
  trailwarden authorize check policies/                     whether they load, and what each does
  trailwarden authorize test policies/                      against their own cases
  trailwarden authorize explain EVENT-ID --logs logs/ --change-policies policies/
  trailwarden authorize schema                              what a policy may ask
  trailwarden scan logs/ --change-policies policies/        findings, less what is authorized
  trailwarden changes logs/ --change-policies policies/ --unauthorized

Exit codes: 0 done; 1 a case failed; 2 usage, a fault in the policies, or nothing could be read; 3 done,
but some input could not be read.";

/// Change policies: what is allowed to change, written in Cedar and bounded by effect
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Proposes permits for the automation seen in logs, for a person to review
    ///
    /// Groups changes by who made them, who stood behind that and what they were made on, and bounds each
    /// permit by the gravest effect that was seen, never above grade write. What gives more, was refused,
    /// is about credentials or logs, or was made by people is left to you, and counted.
    #[command(after_help = suggest::EXAMPLES)]
    Suggest(Box<suggest::Args>),
    /// Loads a folder, and lists what each policy does and how it is bounded
    #[command(after_help = check::EXAMPLES)]
    Check(check::Args),
    /// Runs the cases beside the policies: a record, and the verdict that is expected
    ///
    /// Cases are in `*.cases.toml` or `*.cases.json` in the folder. A record goes the whole way that it
    /// goes in a scan: through the model and its effect to the policies.
    #[command(after_help = test::EXAMPLES)]
    Test(test::Args),
    /// What was asked about one change, and what each policy said
    #[command(after_help = explain::EXAMPLES)]
    Explain(Box<explain::Args>),
    /// Prints the Cedar schema: what a policy may ask
    Schema(SchemaArgs),
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  trailwarden authorize schema > trailwarden.cedarschema
  trailwarden authorize schema --json | jq -r .schema_text")]
struct SchemaArgs {
    /// Print it as a text in JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Suggest(args) => suggest::run(args, colour),
        Command::Check(args) => check::run(args, colour),
        Command::Test(args) => test::run(args, colour),
        Command::Explain(args) => explain::run(args, colour),
        Command::Schema(args) => schema(args),
    }
}

fn schema(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let text = Policies::schema();
    if args.json {
        let schema = "trailwarden.authorize-schema/1";
        super::output::print_json(&serde_json::json!({ "schema": schema, "schema_text": text }))?;
    } else {
        to_stdout(|out| writeln!(out, "{}", text.trim_end()))?;
    }
    Ok(Exit::Done)
}
