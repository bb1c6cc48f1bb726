//! `trailwarden scan`: findings from logs.

mod input;
mod limits;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context;
use clap::Args as ClapArgs;
use trailwarden_detect::sigma::{Loaded, RuleSet};
use trailwarden_model::finding::Status;
use trailwarden_model::{Off, Reject, Report, Severity, Summary};
use trailwarden_runtime::geo::GeoIp;
use trailwarden_runtime::scan::{self, Progress};
use trailwarden_runtime::{previous, rules};

use super::{Colour, Exit, terminal, to_stdout};
use crate::formats::changes::Change;
use crate::formats::{self, Format};
pub(super) use input::InputArgs;
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
  trailwarden scan logs/ --changes                    and every IAM change with its effect

A baseline is what AWS says of an account:
  aws iam get-account-authorization-details > account.json

Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage, a baseline that cannot be used, or
nothing could be read; 3 done, but some input could not be read; 130 interrupted, after printing
what was found.";

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

    /// How to print the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Also every IAM change with its effect, quiet and refused ones too
    ///
    /// Below the findings in table, markdown and html, as `changes` in json; the other formats hold
    /// findings and nothing else. `trailwarden changes` prints the changes alone.
    #[arg(long)]
    changes: bool,

    /// Folder or file of Sigma rules; may be repeated
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,

    /// Only findings of this severity or above
    #[arg(long, value_name = "SEVERITY")]
    min_severity: Option<Severity>,

    /// Exit with 1 when there is an open finding of this severity or above
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Severity>,

    /// Findings of an earlier scan (ndjson or json): print only what is new
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,

    /// Also print findings that a suppression in the configuration covers
    #[arg(long)]
    show_suppressed: bool,

    /// Database of countries or networks in MaxMind's format; may be repeated
    #[arg(long, value_name = "FILE")]
    geoip: Vec<PathBuf>,

    /// Write here instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// No progress bar and no notes
    #[arg(long, short)]
    quiet: bool,

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
    let scanned =
        args.input.scan(&mut input, &args.limits, (rules, geoip), args.changes, args.quiet)?;
    let mut report = scanned.report;
    notes.into_report(&mut report);
    if let Some(earlier) = &earlier {
        report.findings = previous::only_new(report.findings, earlier);
    }
    let exit = exit(args, &report);
    report.findings.retain(|finding| {
        args.min_severity.is_none_or(|least| finding.severity >= least)
            && (args.show_suppressed || finding.status != Status::Suppressed)
    });
    report.summary.by_severity = scan::count_by_severity(&report.findings);
    let changes: Option<Vec<Change>> =
        args.changes.then(|| scanned.changes.into_iter().map(Change::from).collect());
    let format = if args.json { Format::Json } else { args.format };
    let style = args.input.style(&input, colour, args.output.as_ref());
    write(args.output.as_ref(), |out| {
        formats::write(&report, changes.as_deref(), format, &style, out)
    })?;
    if !args.quiet && format != Format::Table {
        tell_rejects(&report.summary);
    }
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

/// The first Ctrl-C ends the scan with what was found; the second ends the process.
pub(super) fn stop_on_ctrl_c(progress: &Arc<Progress>) -> anyhow::Result<()> {
    let progress = Arc::clone(progress);
    let handler = move || {
        if progress.interrupted.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")
}

fn exit(args: &Args, report: &Report) -> Exit {
    let fails = |least: Severity| {
        report
            .findings
            .iter()
            .any(|finding| finding.status == Status::Open && finding.severity >= least)
    };
    exit_of(&report.summary, args.fail_on.is_some_and(fails))
}

/// How a run ended that found what it was to fail on, or not.
pub(super) fn exit_of(summary: &Summary, fails: bool) -> Exit {
    let read_nothing = summary.records == 0 && summary.files == 0;
    if summary.interrupted {
        Exit::Interrupted
    } else if read_nothing && summary.rejects > 0 {
        Exit::Useless
    } else if fails {
        Exit::Found
    } else if summary.rejects > 0 {
        Exit::Partial
    } else {
        Exit::Done
    }
}

/// Writes to a file, or to standard output.
pub(super) fn write(
    output: Option<&PathBuf>,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = output else {
        return Ok(to_stdout(write)?);
    };
    let file = std::fs::File::create(path)
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    let mut out = io::BufWriter::new(file);
    write(&mut out)?;
    io::Write::flush(&mut out)?;
    Ok(())
}

/// Says that something could not be read, for formats that nobody reads at once.
pub(super) fn tell_rejects(summary: &Summary) {
    if summary.rejects > 0 {
        terminal::warn(&format!(
            "{} inputs or records could not be read; the report names them",
            summary.rejects
        ));
    }
}
