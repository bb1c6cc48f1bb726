//! `trailwarden verify`: whether log files are as CloudTrail delivered them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::Args as ClapArgs;
use trailwarden_model::{AccountId, Integrity, Report, Severity};
use trailwarden_record::integrity::Window;
use trailwarden_runtime::scan::{Progress, count_by_severity};
use trailwarden_runtime::sources::bucket::{Cache, Place};
use trailwarden_runtime::verify::{self, Buckets, Folder, Options, Store};

use super::connect::ConnectionArgs;
use super::output::{FormatArgs, OutputArgs, SeverityArgs};
use super::progress::Drawn;
use super::scan::stop_on_ctrl_c;
use super::{Colour, Exit, terminal, time};
use crate::formats::{self, Format};

const EXAMPLES: &str = "\
Examples:
  aws s3 sync s3://BUCKET/AWSLogs logs/AWSLogs        logs and digests, folders as they are
  aws cloudtrail list-public-keys --region eu-west-1 --start-time 2026-03-01 > eu-west-1.json
  trailwarden verify logs/ --public-keys eu-west-1.json
  trailwarden verify logs/ --public-keys *.json --since 7d --account 111122223333
  trailwarden verify s3://BUCKET/AWSLogs/ --since 7d --cache copy/
  trailwarden verify logs/ --public-keys *.json --format html > integrity.html

The newest digest of a chain is proven by its own signature, which S3 keeps as metadata; save it as
FILE.head.json beside the file, else that digest is unknown:
  aws s3api head-object --bucket BUCKET --key KEY > FILE.head.json

Exit codes: 0 all valid; 1 something was changed or is missing, or findings at or above --fail-on;
2 usage, or there are no digests; 3 something is not known: no signature, no key, a pause, log files
that no digest covers, or files that could not be read; 130 interrupted.";

/// Whether log files are as CloudTrail delivered them, by its chain of signed digests
///
/// Reads a bucket, or a folder as `aws s3 sync` saves it: digest files below CloudTrail-Digest, log
/// files below CloudTrail, of any number of accounts, regions and trails. For a folder it needs no AWS
/// account; of a bucket it asks for the public keys too.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files, folders or globs; or s3://BUCKET/PREFIX
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    /// What `aws cloudtrail list-public-keys` printed, for each region and time; may be repeated
    #[arg(long, value_name = "FILE", num_args = 1..)]
    public_keys: Vec<PathBuf>,

    /// Only from this time on: RFC 3339, a day, or a span such as 24h
    ///
    /// What a digest of that time leads to must be there, else it is missing.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only up to this time; digests that end before it are a finding
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Time zone for --since, --until and for reading: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    /// Only this account; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    account: Vec<AccountId>,

    /// Only this trail, by name or ARN; may be repeated
    #[arg(long, value_name = "TRAIL")]
    trail: Vec<String>,

    #[command(flatten)]
    connection: ConnectionArgs,

    /// Of a bucket, keep what is fetched in this folder, and fetch only what is not there yet
    ///
    /// It is a copy that can be scanned and verified itself.
    #[arg(long, value_name = "DIR", help_heading = "AWS")]
    cache: Option<PathBuf>,

    #[command(flatten)]
    format: FormatArgs<Format>,

    #[command(flatten)]
    severity: SeverityArgs,

    #[command(flatten)]
    output: OutputArgs,

    /// Workers; else one per core
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let zone = time::zone(&args.timezone)?;
    let now = time::now();
    let read_time = |text: &Option<String>| {
        text.as_deref().map(|text| time::parse(text, &zone, now)).transpose()
    };
    let window = Window { since: read_time(&args.since)?, until: read_time(&args.until)? };
    anyhow::ensure!(
        window.since.zip(window.until).is_none_or(|(since, until)| since <= until),
        "--since is after --until; turn them around"
    );
    let trail_name = |trail: &String| trail.rsplit('/').next().unwrap_or(trail).to_owned();
    let mut options = Options {
        keys: verify::read_keys(&args.public_keys)?,
        window,
        accounts: args.account.clone(),
        trails: args.trail.iter().map(trail_name).collect(),
        threads: args.threads,
    };
    let progress = Arc::new(Progress::default());
    stop_on_ctrl_c(&progress)?;
    let drawn = Drawn::begin(Arc::clone(&progress), args.output.quiet);
    let store = store(args, &mut options, &progress)?;
    let mut report = verify::verify(&*store, &options, &progress);
    drop(drawn);
    let exit = exit(args, &report);
    let least = args.severity.min_severity;
    report.findings.retain(|finding| least.is_none_or(|least| finding.severity >= least));
    report.summary.by_severity = count_by_severity(&report.findings);
    let format = args.format.chosen();
    let style = args.output.style(colour, &zone, &args.timezone);
    args.output.write(|out| formats::write(&report, None, format, &style, out))?;
    if exit == Exit::Useless && !args.output.quiet {
        terminal::warn(
            "there are no digest files; log file validation must be on, and the folders below \
             CloudTrail-Digest copied with the logs",
        );
    }
    args.output.tell_rejects(report.summary.rejects, format == Format::Table);
    Ok(exit)
}

/// Where the files lie; of buckets, the public keys are asked for too.
fn store(
    args: &Args,
    options: &mut Options,
    progress: &Progress,
) -> anyhow::Result<Box<dyn Store>> {
    let is_bucket = |path: &String| path.starts_with(Place::SCHEME);
    if !args.paths.iter().any(is_bucket) {
        anyhow::ensure!(args.cache.is_none(), "--cache is for s3://BUCKET/PREFIX; leave it out");
        return Ok(Box::new(Folder::new(args.paths.clone())));
    }
    anyhow::ensure!(
        args.paths.iter().all(is_bucket),
        "folders and buckets are verified one after the other, since a chain lies in one of them"
    );
    let places = args.paths.iter().map(|path| Place::parse(path)).collect::<Result<Vec<_>, _>>()?;
    let cache = args.cache.as_deref().map(Cache::open).transpose()?;
    let connection = args.connection.open()?;
    progress.stage.store(Progress::LISTING, Ordering::Relaxed);
    let buckets = Buckets::list(&connection, &places, options, cache, progress);
    progress.records.store(0, Ordering::Relaxed);
    let unknown = buckets.keys(&connection, &mut options.keys)?;
    if !args.output.quiet {
        buckets.notes.iter().chain(&unknown).for_each(|note| terminal::warn(note));
    }
    Ok(Box::new(buckets))
}

fn exit(args: &Args, report: &Report) -> Exit {
    let gravest = report.findings.iter().map(|finding| finding.severity).max();
    let fails = args.severity.fail_on.is_some_and(|least| gravest >= Some(least));
    let default = Integrity::default();
    let Integrity { digests, logs, .. } = report.summary.integrity.as_ref().unwrap_or(&default);
    let is_broken = digests.invalid + digests.missing + logs.invalid + logs.missing > 0;
    let is_unknown = digests.unknown + logs.unknown + report.summary.rejects > 0;
    if report.summary.interrupted {
        Exit::Interrupted
    } else if digests.valid + digests.unknown + digests.invalid == 0 {
        Exit::Useless
    } else if is_broken || fails {
        Exit::Found
    } else if is_unknown || gravest > Some(Severity::Info) {
        Exit::Partial
    } else {
        Exit::Done
    }
}
