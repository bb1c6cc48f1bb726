//! `trailwarden history`: what changed over time.

mod causes;
mod credentials;
mod diff;
mod text;
mod ways;
mod wire;

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, Subcommand};
use trailwarden_model::{AccountId, Timestamp};

use self::causes::Causes;
use self::diff::Changed;
use super::output::print_json;
use super::state::{self, State};
use super::{Colour, Exit, terminal, to_stdout};

pub(crate) use wire::Wire;

const EXAMPLES: &str = "\
Examples:
  trailwarden history diff --since 7d --logs logs/
  trailwarden history diff --since 2026-03-01 --until 2026-03-02T12:00:00Z --logs logs/
  trailwarden history diff --since 24h --logs logs/ --baseline account.json --json

Exit codes: 0 done; 2 usage, or nothing could be read; 3 done, but some input could not be read, or
of somebody who changed not all is known.";

/// What changed over time
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// What changed in effect between two instants: who came and went, gained and lost what
    ///
    /// Compares the accounts at two instants, not the calls between them: what was done and undone
    /// leaves no trace here, and what was said in other words is no change. Each change names the
    /// records that made it.
    #[command(after_help = EXAMPLES)]
    Diff(Box<DiffArgs>),
}

#[derive(ClapArgs, Debug)]
struct DiffArgs {
    /// From the end of this second: RFC 3339, a day, or a span back from now such as 24h
    #[arg(long, value_name = "TIME")]
    since: String,

    /// Up to the end of this second; else to the end of what was read
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Every action, resource and condition instead of a summary
    #[arg(long)]
    full: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    state: state::Args,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let Command::Diff(args) = &args.command;
    let since = args.state.time(&args.since)?;
    let until = args.until.as_deref().map(|text| args.state.time(text)).transpose()?;
    if until.is_some_and(|until| until < since) {
        bail!("--until lies before --since; exchange the two");
    }
    let mut state = args.state.read(until)?;
    let after = state.models(until)?;
    let accounts: Vec<AccountId> =
        state.asked(&after).map(trailwarden_account::Model::account).collect();
    check_memory(&mut state, &accounts, since)?;
    let before = state.told.at(since);
    state.warn_of_early(&before, since);
    let mut changes = Vec::new();
    for account in accounts {
        let timeline =
            state.told.timelines.get_mut(account).context("an account without events")?;
        let causes = Causes::of(timeline, since, until);
        changes.push(diff::account((&before, &after), account, &causes, since));
    }
    if args.json {
        let wire = Wire::of(&changes, since, until, state.wire(&after, until), &state);
        print_json(&wire)?;
    } else {
        let shown = text::Shown { since, until, is_full: args.full, state: &state };
        to_stdout(|out| text::write(&changes, &shown, out, colour))?;
    }
    let is_unknown = changes.iter().any(Changed::is_unknown);
    Ok(if state.is_partial() || is_unknown { Exit::Partial } else { Exit::Done })
}

/// What was dropped for lack of memory cannot be asked for.
fn check_memory(state: &mut State, accounts: &[AccountId], since: Timestamp) -> anyhow::Result<()> {
    for account in accounts {
        let timeline = state.told.timelines.get_mut(*account);
        let Some(floor) = timeline.and_then(|timeline| timeline.truncated_until()) else {
            continue;
        };
        if since < floor {
            let floor = state.time(floor);
            bail!(
                "account {account} has too many changes to go back before {floor}; read fewer logs, \
                 or ask from a later time"
            );
        }
        terminal::warn(&format!("the first changes of account {account} were folded together"));
    }
    Ok(())
}
