//! `trailwarden scan`: findings from logs.

mod input;
mod limits;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args as ClapArgs;
use trailwarden_detect::sigma::{Loaded, RuleSet};
use trailwarden_model::finding::{Kind, Status};
use trailwarden_model::{BaselineUse, Finding, Off, Reject, Report, Summary};
use trailwarden_runtime::geo::GeoIp;
use trailwarden_runtime::scan::{self, Progress};
use trailwarden_runtime::{previous, rules};

use super::output::{FormatArgs, OutputArgs, SeverityArgs};
use super::{Colour, Exit, baseline};
use crate::formats::changes::Change;
use crate::formats::{self, Format};
pub(super) use input::{InputArgs, user_folder};
pub(super) use limits::{LimitArgs, size};

const EXAMPLES: &str = "\
Examples:
  trailwarden scan logs/                              a folder, whatever lies in it
  trailwarden scan 'logs/2026-03-*/*.json.gz'         a glob
  aws cloudtrail lookup-events | trailwarden scan -   from another program
  trailwarden scan logs/ --since 7d --min-severity high
  trailwarden scan logs/ --format html > report.html  one file to send around
  trailwarden scan logs/ --rules sigma/rules --fail-on high
  trailwarden scan logs/ --format ndjson > today.ndjson
  trailwarden scan logs/ --previous today.ndjson      only what is new since then
  trailwarden scan logs/ --baseline account.json      with what was there before the logs
  trailwarden scan logs/ --change-policies policies/  only what no change policy permits
  trailwarden scan logs/ --changes                    and every IAM change with its effect
  trailwarden scan s3://BUCKET/AWSLogs/ --since 7d --dry-run    what fetching it takes
  trailwarden scan s3://BUCKET/AWSLogs/ --since 7d --cache copy/
  trailwarden scan cloudtrail: --since 7d             the event history: no bucket is needed

A baseline is what AWS says of an account:
  aws iam get-account-authorization-details > account.json

Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage, a baseline that cannot be used, or
nothing could be read; 3 done, but some input could not be read, some records are from before their
baseline, a part of trailwarden failed or had to forget, or, with --changes, the effect of a change
is not known; 130 interrupted, after printing what was found.";

/// Findings from CloudTrail logs; needs no AWS account
///
/// Reads S3 log files, EventBridge events, LookupEvents output, CloudWatch Logs subscriptions,
/// CloudTrail Lake rows, JSON arrays, single records and NDJSON, plain or compressed, in folders and
/// tar archives; what a file is shows in its content.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    format: FormatArgs<Format>,

    /// Also every IAM change with its effect, quiet and refused ones too
    ///
    /// Below the findings in table, markdown and html, as `changes` in json; the other formats hold
    /// findings and nothing else. `trailwarden changes` prints the changes alone.
    #[arg(long)]
    changes: bool,

    /// Folder or file of Sigma rules; may be repeated
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    severity: SeverityArgs,

    /// Findings of an earlier scan (ndjson or json): print only what is new
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,

    /// Also print findings that a suppression in the configuration covers
    #[arg(long)]
    show_suppressed: bool,

    /// Also print findings of which change policies permit all that was done
    #[arg(long)]
    authorized: bool,

    /// Database of countries or networks in MaxMind's format; may be repeated
    #[arg(long, value_name = "FILE")]
    geoip: Vec<PathBuf>,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let mut input = args.input.understand(&args.limits)?;
    let geoip = if args.geoip.is_empty() { None } else { Some(GeoIp::open(&args.geoip)?) };
    let earlier = args.previous.as_deref().map(previous::read).transpose()?;
    let mut notes = Notes::default();
    let rules = load_rules(&args.rules, &mut notes)?;
    input.config.check_suppressions(|id| rules.rules().iter().any(|rule| rule.id == id))?;
    let quiet = args.output.quiet;
    let own = (rules, geoip);
    let scanned = match args.input.scan(&mut input, &args.limits, own, args.changes, quiet)? {
        ControlFlow::Continue(scanned) => scanned,
        ControlFlow::Break(exit) => return Ok(exit),
    };
    let mut report = scanned.report;
    let changes: Option<Vec<Change>> =
        args.changes.then(|| scanned.changes.into_iter().map(Change::from).collect());
    notes.into_report(&mut report);
    if let Some(earlier) = &earlier {
        report.findings = previous::only_new(report.findings, earlier);
    }
    let is_open = |finding: &&Finding| finding.status == Status::Open;
    let gravest = report.findings.iter().filter(is_open).map(|finding| finding.severity).max();
    let fails = args.severity.fail_on.is_some_and(|least| gravest >= Some(least));
    let is_unknown = report.findings.iter().any(|finding| finding.kind == Kind::Health)
        || changes.iter().flatten().any(Change::is_unknown);
    let exit = exit_of(&report.summary, fails, is_unknown);
    report.findings.retain(|finding| {
        args.severity.min_severity.is_none_or(|least| finding.severity >= least)
            && (args.show_suppressed || finding.status != Status::Suppressed)
    });
    let listed = report.findings.len();
    report.findings.retain(|finding| args.authorized || finding.status != Status::Authorized);
    if let Some(used) = &mut report.summary.change_policies {
        used.hidden_findings = (listed - report.findings.len()) as u64;
    }
    report.summary.by_severity = scan::count_by_severity(&report.findings);
    let format = args.format.chosen();
    let style = args.input.style(&input, colour, &args.output);
    args.output.write(|out| formats::write(&report, changes.as_deref(), format, &style, out))?;
    if !quiet {
        baseline::tell(&report.summary.baselines, |time| args.input.shown(&input, time));
    }
    args.output.tell_rejects(report.summary.rejects, format == Format::Table);
    Ok(exit)
}

/// What loading the rules has to say, for the report.
#[derive(Default)]
struct Notes {
    rejects: Vec<Reject>,
    off: Vec<Off>,
}

impl Notes {
    fn into_report(self, report: &mut Report) {
        report.summary.rejects += self.rejects.len() as u64;
        report.rejects.splice(0..0, self.rejects);
        report.summary.off.extend(self.off);
    }
}

fn load_rules(paths: &[PathBuf], notes: &mut Notes) -> anyhow::Result<RuleSet> {
    let (sources, unread) = rules::read(paths).context("cannot read the Sigma rules")?;
    notes.rejects.extend(unread);
    let (set, errors) = RuleSet::load(&sources);
    for error in errors {
        let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        match error.loaded {
            Loaded::NotForCloudTrail => {
                notes.off.push(Off { rule: error.rule.unwrap_or(error.file), reason: error.cause })
            }
            Loaded::No | Loaded::WithFault => notes.rejects.push(Reject {
                file: error.file,
                offset: None,
                record: None,
                cause: format!("{line}{}", error.cause),
            }),
        }
    }
    Ok(set)
}

/// The first Ctrl-C ends the run with what was found; the second ends the process.
pub(super) fn stop_on_ctrl_c(progress: &Arc<Progress>) -> anyhow::Result<()> {
    let progress = Arc::clone(progress);
    let handler = move || {
        if !progress.stop() {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")
}

/// How a run ended: whether it found what it was to fail on, and whether something that it was to
/// tell is not known.
pub(super) fn exit_of(summary: &Summary, fails: bool, is_unknown: bool) -> Exit {
    let read_nothing = summary.records == 0 && summary.files == 0;
    let is_late = summary.baselines.iter().any(BaselineUse::is_late);
    if summary.interrupted {
        Exit::Interrupted
    } else if read_nothing && summary.rejects > 0 {
        Exit::Useless
    } else if fails {
        Exit::Found
    } else if summary.rejects > 0 || is_late || is_unknown {
        Exit::Partial
    } else {
        Exit::Done
    }
}
