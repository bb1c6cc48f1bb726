//! `trailwarden who-can`: all who may do something, by logs and baselines.

mod enter;
mod judge;
mod text;
mod ways;
mod wire;

use clap::Args as ClapArgs;

use self::judge::{Judged, Judging};
use super::output::print_json;
use super::state::{AtArgs, DeedArgs};
use super::{Colour, Exit, to_stdout};

pub(crate) use judge::is_listed;
pub(crate) use wire::Wire;

const EXAMPLES: &str = "\
Examples:
  trailwarden who-can iam:PassRole --logs logs/
  trailwarden who-can s3:GetObject arn:aws:s3:::payroll/2026.csv --baseline account.json
  trailwarden who-can sts:AssumeRole arn:aws:iam::111122223333:role/admin --logs logs/ --at 7d
  trailwarden who-can kms:Decrypt --baseline 111122223333=a.json 444455556666=b.json --json

Exit codes: 0 done; 2 usage, or nothing could be read; 3 done, but not all is known.";

/// All who may do something, by logs and baselines
///
/// Asks every user, role and root of the accounts, and says through which policy and group each has
/// it, on which conditions, and who may enter the roles. Those of whom not all policies have been seen
/// are named apart.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    deed: DeedArgs,

    /// Print JSON, with all names
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    at: AtArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let asked = args.deed.read()?;
    let instant = args.at.read()?;
    let (state, deed) = (&instant.state, &asked.deed);
    let judging = Judging { world: instant.world(asked.time()), asked: &asked };
    let judged: Judged = judging.all(state.asked(&instant.models));
    if args.json {
        print_json(&Wire::of(&judged, deed, instant.wire()))?;
    } else {
        let is_single = state.asked(&instant.models).count() == 1;
        let sources = instant.sources();
        to_stdout(|out| text::write(&judged, deed, is_single, &sources, out, colour))?;
    }
    let is_partial = state.is_partial() || judged.is_partial();
    Ok(if is_partial { Exit::Partial } else { Exit::Done })
}
