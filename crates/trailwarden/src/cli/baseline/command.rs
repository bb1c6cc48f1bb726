//! `trailwarden baseline`: asks AWS for a baseline, or packs what the AWS CLI saved.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args as ClapArgs, Subcommand};
use jiff::tz::TimeZone;
use trailwarden_account::Snapshot;
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;

use super::asking::{AskArgs, How};
use super::told::Told;
use crate::cli::output::print_json;
use crate::cli::{Exit, terminal, time, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden baseline --output account.tw
  trailwarden baseline --output account.tw --profile audit --depth full
  trailwarden baseline --output account.tw --last-access
  trailwarden baseline --output all.tw --organization --role SecurityAudit
  trailwarden baseline --output shared.tw --redact
  trailwarden baseline pack details.json summary.json report.csv --output account.tw
  trailwarden can alice iam:PassRole --baseline account.tw

Needs the permissions that `trailwarden permissions baseline` prints; changes nothing.

Exit codes: 0 done; 2 usage, or no account answered; 3 done, but not all questions were answered: what was not answered is unknown to whatever reads the file.";

/// The state of accounts in a file: asked of AWS, or packed from what the AWS CLI saved
///
/// Asks few calls (at most fifteen for an account of fifty users and roles without keys), prints them
/// by operation, and writes one compressed file without secrets, which every `--baseline` takes. What
/// was denied or throttled is in the file as such.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    collect: CollectArgs,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Makes a baseline of files that the AWS CLI saved; asks nobody
    ///
    /// What a file holds is told by its content, and of which account it is by the ARNs in it; a file
    /// that says neither, such as a password policy, belongs to the only account that the others are of, or
    /// is given its account: ACCOUNT=FILE.
    #[command(after_help = PACK_EXAMPLES)]
    Pack(PackArgs),
}

const PACK_EXAMPLES: &str = "\
Examples:
  aws iam get-account-authorization-details > details.json
  aws iam get-account-summary > summary.json
  trailwarden baseline pack details.json summary.json --output account.tw
  trailwarden baseline pack 111122223333=password.json details.json --output account.tw";

#[derive(ClapArgs, Debug)]
struct CollectArgs {
    /// File to write
    #[arg(long, short, value_name = "FILE", required = true)]
    output: Option<PathBuf>,

    #[command(flatten)]
    ask: AskArgs,

    /// How much to ask
    #[arg(long, value_enum, value_name = "DEPTH", default_value = "core")]
    depth: How,

    /// Ask of every user and role, too, when it last used which service, for `least-privilege`: two calls
    /// or more for each
    #[arg(long)]
    last_access: bool,

    #[command(flatten)]
    more: MoreArgs,
}

#[derive(ClapArgs, Debug)]
struct PackArgs {
    /// Files, plain or compressed
    #[arg(value_name = "[ACCOUNT=]FILE", required = true)]
    files: Vec<String>,

    /// File to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,

    /// When they were saved; else the time at which each file was written
    ///
    /// RFC 3339, a day, or a span back from now such as 24h.
    #[arg(long, value_name = "TIME")]
    time: Option<String>,

    #[command(flatten)]
    more: MoreArgs,
}

#[derive(ClapArgs, Debug)]
#[group(skip)]
struct MoreArgs {
    /// Replace names, ids, accounts and addresses by pseudonyms, the same throughout the file
    ///
    /// How things hang together stays, so that checks find the same. Nobody can tell the names from the
    /// pseudonyms: the key is thrown away.
    #[arg(long)]
    redact: bool,

    /// Print what came of it as JSON
    #[arg(long)]
    json: bool,

    /// No progress bar
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        Some(Command::Pack(args)) => pack(args),
        None => asked(&args.collect),
    }
}

fn asked(args: &CollectArgs) -> anyhow::Result<Exit> {
    let path = args.output.clone().context("give the file to write with --output")?;
    let mut asked = args.ask.ask(args.depth, args.last_access, args.more.quiet)?;
    asked.snapshots = redacted(asked.snapshots, args.more.redact)?;
    baselines::write(&path, &asked.snapshots)?;
    tell(&Told::of(Some(&path), &asked), args.more.json)
}

fn pack(args: &PackArgs) -> anyhow::Result<Exit> {
    let time = match &args.time {
        Some(text) => Some(time::parse(text, &TimeZone::UTC, time::now())?),
        None => None,
    };
    let snapshots = baselines::snapshots(&args.files, Limits::default(), time)?;
    for one in &snapshots {
        // What nobody can use is told now, and not by whoever gets the file.
        if let Err(error) = one.baseline() {
            terminal::warn(&format!("{:#}", anyhow::Error::from(error)));
        }
    }
    let written = redacted(snapshots, args.more.redact)?;
    baselines::write(&args.output, &written)?;
    tell(&Told::packed(Some(&args.output), &written), args.more.json)
}

fn tell(told: &Told, is_json: bool) -> anyhow::Result<Exit> {
    match is_json {
        true => print_json(told)?,
        false => to_stdout(|out| told.write(out))?,
    }
    Ok(if told.is_whole() { Exit::Done } else { Exit::Partial })
}

fn redacted(snapshots: Vec<Snapshot>, is_asked: bool) -> anyhow::Result<Vec<Snapshot>> {
    if !is_asked {
        return Ok(snapshots);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).context("this machine gives no randomness for the pseudonyms")?;
    Ok(snapshots.iter().map(|one| one.redacted(&key)).collect())
}
