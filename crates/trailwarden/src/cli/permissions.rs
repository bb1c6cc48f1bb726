//! `trailwarden permissions`: the policy that a command needs.

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::json;
use trailwarden_aws::permissions;
use trailwarden_aws::reads::{self, Part};

use super::output::print_json;
use super::{Exit, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden permissions baseline > policy.json
  trailwarden permissions baseline --depth full --table
  trailwarden permissions baseline --organization --role SecurityAudit";

/// The policy that a command needs, ready to attach
///
/// It comes from the same table as the calls, so it names all of them and nothing else.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The command
    #[arg(value_enum)]
    command: Command,

    /// How much is asked
    #[arg(long, value_enum, value_name = "DEPTH", default_value = "core")]
    depth: Depth,

    /// For asking all accounts of the organization
    #[arg(long, requires = "role")]
    organization: bool,

    /// For asking these accounts
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "role")]
    accounts: Vec<String>,

    /// Name of the role to take in each account
    #[arg(long, value_name = "NAME")]
    role: Option<String>,

    /// The partition of the accounts
    #[arg(long, value_name = "NAME", default_value = "aws")]
    partition: String,

    /// A table that says what each call is for, instead of a policy
    #[arg(long)]
    table: bool,
}

/// Commands that ask AWS.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Command {
    /// `trailwarden baseline`
    Baseline,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Depth {
    /// As `baseline --depth core`
    Core,
    /// As `baseline --depth full`
    Full,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let Command::Baseline = args.command;
    let mut parts = vec![Part::Core];
    if let Depth::Full = args.depth {
        parts.push(Part::Full);
    }
    if args.organization {
        parts.push(Part::Accounts);
    }
    if args.table {
        to_stdout(|out| {
            for read in reads::ALL.iter().filter(|read| parts.contains(&read.part())) {
                let action = read.action().unwrap_or("no permission");
                writeln!(out, "{:<54} {:<54} {}", read.api(), action, read.why())?;
            }
            Ok(())
        })?;
        return Ok(Exit::Done);
    }
    let mut policy = permissions::policy(&parts);
    if let Some(role) = &args.role
        && let Some(serde_json::Value::Array(statements)) = policy.get_mut("Statement")
    {
        statements.push(permissions::assume(&args.partition, role, &args.accounts));
    }
    print_json(&json!(policy))?;
    Ok(Exit::Done)
}
