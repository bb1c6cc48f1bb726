//! `trailwarden scan`: findings from logs.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context;
use clap::Args as ClapArgs;
use trailwarden_detect::sigma::{Loaded, RuleSet};
use trailwarden_model::finding::Status;
use trailwarden_model::{AccountId, Off, Reject, Report, Severity};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::geo::GeoIp;
use trailwarden_runtime::scan::{self, Options, Progress};
use trailwarden_runtime::{previous, rules};

use super::progress::Drawn;
use super::{Colour, Exit, terminal, time, to_stdout};
use crate::formats::{self, Format, Style};

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

Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage, or nothing could be read;
3 done, but some input could not be read; 130 interrupted, after printing what was found.";

/// Findings from CloudTrail logs; needs no AWS account
///
/// Reads S3 log files, EventBridge events, LookupEvents output, CloudWatch Logs subscriptions,
/// CloudTrail Lake rows, JSON arrays, single records and NDJSON, plain or compressed, in folders and
/// tar archives; what a file is shows in its content.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    /// How to print the findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Folder or file of Sigma rules; may be repeated
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,

    /// Only findings that reach to this time or later: RFC 3339, a day, or a span such as 24h
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Only records up to this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Time zone for --since, --until and for reading: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    /// Only records of this account; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    account: Vec<AccountId>,

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

    /// Configuration; else trailwarden.toml here or in the user's configuration folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Write here instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// No progress bar and no notes
    #[arg(long, short)]
    quiet: bool,

    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Memory for rows and kept records before they spill to disk, such as 64MB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64MB")]
    memory_max: u64,

    /// Where to spill; else the system's folder for temporary files
    #[arg(long, value_name = "DIR")]
    spill_dir: Option<PathBuf>,

    /// Workers; else one per core
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,

    /// Inflated size of one file
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64GB")]
    inflated_max: u64,

    /// Size of one record
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "8MB")]
    record_max: u64,

    /// Nesting depth of one record
    #[arg(long, value_name = "N", value_parser = depth, default_value_t = Limits::default().depth_max)]
    depth_max: usize,

    /// Decode every record in full: slow, and the same findings
    #[arg(long)]
    no_skip: bool,
}

/// The most that `--depth-max` takes: a decoder that goes deeper may run out of stack.
const DEPTH_MAX: usize = 1_000;

/// Reads a nesting depth.
fn depth(text: &str) -> Result<usize, String> {
    let depth = text.parse().ok().filter(|depth| (1..=DEPTH_MAX).contains(depth));
    depth.ok_or_else(|| format!("`{text}` is no depth; write a number from 1 to {DEPTH_MAX}"))
}

/// Reads a size such as `64MB`; units are powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write 500KB, 64MB or 2GB");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default().to_ascii_uppercase();
    let factor: u64 = match unit.trim_end_matches("IB").trim_end_matches('B') {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let zone = time::zone(&args.timezone)?;
    let now = time::now();
    let read_time = |text: &Option<String>| {
        text.as_deref().map(|text| time::parse(text, &zone, now)).transpose()
    };
    let (since, until) = (read_time(&args.since)?, read_time(&args.until)?);
    let config = Config::find(args.config.as_deref(), user_folder().as_deref())?;
    let geoip = if args.geoip.is_empty() { None } else { Some(GeoIp::open(&args.geoip)?) };
    let earlier = args.previous.as_deref().map(previous::read).transpose()?;
    let mut notes = Notes::default();
    let rules = load_rules(&args.rules, &mut notes)?;
    config.check_suppressions(|id| rules.rules().iter().any(|rule| rule.id == id))?;
    let options = Options {
        paths: args.paths.clone(),
        detections: trailwarden_detect::detections::ALL.to_vec(),
        settings: config.settings(geoip.is_some())?,
        rules,
        geoip,
        since,
        until,
        accounts: args.account.clone(),
        limits: Limits {
            inflated_max: args.limits.inflated_max,
            record_max: usize::try_from(args.limits.record_max).unwrap_or(usize::MAX),
            depth_max: args.limits.depth_max,
            ..Limits::default()
        },
        memory_max: usize::try_from(args.limits.memory_max).unwrap_or(usize::MAX),
        spill_dir: args.limits.spill_dir.clone(),
        threads: args.limits.threads,
        no_skip: args.limits.no_skip,
    };
    let progress = Arc::new(Progress::default());
    stop_on_ctrl_c(&progress)?;
    let drawn = Drawn::begin(Arc::clone(&progress), args.quiet);
    let report = scan::run(options, &progress);
    drop(drawn);
    let mut report = report?;
    notes.into_report(&mut report);
    config.suppress(&mut report.findings, now);
    if let Some(earlier) = &earlier {
        report.findings = previous::only_new(report.findings, earlier);
    }
    let exit = exit(args, &report);
    report.findings.retain(|finding| {
        args.min_severity.is_none_or(|least| finding.severity >= least)
            && (args.show_suppressed || finding.status != Status::Suppressed)
    });
    report.summary.by_severity = scan::count_by_severity(&report.findings);
    print(args, &report, &zone, colour)?;
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
fn stop_on_ctrl_c(progress: &Arc<Progress>) -> anyhow::Result<()> {
    let progress = Arc::clone(progress);
    let handler = move || {
        if progress.interrupted.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")
}

fn exit(args: &Args, report: &Report) -> Exit {
    if report.summary.interrupted {
        return Exit::Interrupted;
    }
    let read_nothing = report.summary.records == 0 && report.summary.files == 0;
    if read_nothing && report.summary.rejects > 0 {
        return Exit::Useless;
    }
    let fails = |least: Severity| {
        report
            .findings
            .iter()
            .any(|finding| finding.status == Status::Open && finding.severity >= least)
    };
    if args.fail_on.is_some_and(fails) {
        Exit::Found
    } else if report.summary.rejects > 0 {
        Exit::Partial
    } else {
        Exit::Done
    }
}

fn print(
    args: &Args,
    report: &Report,
    zone: &jiff::tz::TimeZone,
    colour: Colour,
) -> anyhow::Result<()> {
    let format = if args.json { Format::Json } else { args.format };
    let style = Style {
        colour: args.output.is_none() && terminal::stdout_colour(colour)
            || colour == Colour::Always,
        width: terminal::stdout_width(),
        zone: zone.clone(),
        zone_name: args.timezone.clone(),
    };
    match &args.output {
        None => to_stdout(|out| formats::write(report, format, &style, out))?,
        Some(path) => {
            let file = std::fs::File::create(path)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
            let mut out = std::io::BufWriter::new(file);
            formats::write(report, format, &style, &mut out)?;
            std::io::Write::flush(&mut out)?;
        }
    }
    if !args.quiet && format != Format::Table && report.summary.rejects > 0 {
        terminal::warn(&format!(
            "{} inputs or records could not be read; the report names them",
            report.summary.rejects
        ));
    }
    Ok(())
}

/// The user's configuration folder for trailwarden.
fn user_folder() -> Option<PathBuf> {
    let base = match std::env::var_os("XDG_CONFIG_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => PathBuf::from(std::env::var_os("HOME")?).join(".config"),
    };
    Some(base.join("trailwarden"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("64MB"), Ok(64 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("7"), Ok(7));
        for wrong in ["", "MB", "0", "5 MB", "1TB", "-1MB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
