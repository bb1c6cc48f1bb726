//! `trailwarden who-can`: all who may do something, by logs and baselines.

mod enter;
mod judge;
mod text;
mod ways;
mod wire;

use clap::Args as ClapArgs;
use trailwarden_account::access::World;
use trailwarden_model::AccountId;

use self::judge::{Judged, Judging};
use super::can::put;
use super::simulate::context;
use super::state::{self, Deed};
use super::{Colour, Exit, to_stdout};

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
    /// What is to be done, as service:Name
    #[arg(value_name = "ACTION")]
    action: String,

    /// To what: an ARN, or a pattern of ARNs; else any resource that the action takes
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    /// A condition key of the request; repeat it for further values of the same key
    #[arg(long, value_name = "KEY=VALUE")]
    context: Vec<String>,

    /// Who owns the resource, when its ARN does not tell
    #[arg(long, value_name = "ACCOUNT")]
    resource_account: Option<AccountId>,

    /// At this time instead of the end: RFC 3339, a day, or a span back from now such as 24h
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Print JSON, with all names
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    state: state::Args,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let deed = Deed::read(&args.action, args.resource.as_deref())?;
    let keys = context::given(&args.context)?;
    let at = args.at.as_deref().map(|text| args.state.time(text)).transpose()?;
    let mut state = args.state.read(at)?;
    let models = state.models(at)?;
    let owner = args.resource_account.map(|account| account.to_string());
    let judging = Judging {
        world: World::of(&models),
        deed: &deed,
        owner: owner.as_deref(),
        put: &|context| put(context, &keys),
    };
    let judged: Judged = judging.all(state.asked(&models));
    if args.json {
        let wire = Wire::of(&judged, &deed, state.wire(&models, at));
        to_stdout(|out| {
            crate::formats::write_pretty(&wire, out)?;
            writeln!(out)
        })?;
    } else {
        let is_single = state.asked(&models).count() == 1;
        let sources = state.sources(&models, at);
        to_stdout(|out| text::write(&judged, &deed, is_single, &sources, out, colour))?;
    }
    let is_partial = state.is_partial() || judged.is_partial();
    Ok(if is_partial { Exit::Partial } else { Exit::Done })
}
