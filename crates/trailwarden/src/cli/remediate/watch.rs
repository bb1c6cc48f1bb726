//! `trailwarden remediate watch`: what somebody contained does all the same, from logs.
//!
//! # Invariants
//! - The journal is only read, and AWS is asked only for logs.
//! - Nobody is called quiet for a time that the logs do not cover.

use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use trailwarden_model::Timestamp;
use trailwarden_runtime::aftermath::{self, Aftermath, Containment, SESSION_MAX, Watched};
use trailwarden_runtime::config::seconds;
use trailwarden_runtime::executor::Journal;
use trailwarden_runtime::scan::{Progress, count_by_severity};

use super::carry::StateArgs;
use crate::cli::output::{FormatArgs, OutputArgs, SeverityArgs};
use crate::cli::progress::Drawn;
use crate::cli::scan::{exit_of, stop_on_ctrl_c};
use crate::cli::sources::{Asked, Resolved, SourceArgs};
use crate::cli::{Colour, Exit, terminal, time};
use crate::formats::{self, Format};

const EXAMPLES: &str = "\
Examples:
  trailwarden remediate watch 20260601-1 --logs logs/
  trailwarden remediate watch 20260601-1 --logs logs/ --for 15m --fail-on medium
  trailwarden remediate watch 20260601-1 --logs s3://BUCKET/AWSLogs/ --json
  trailwarden remediate watch 20260601-1 --logs cloudtrail:us-east-1 --for 1h

Give logs from before the run on: they tell which sessions came of a key. CloudTrail delivers some minutes late. What went through more than two minutes after a step is critical, earlier it is medium, since IAM takes its time; what was refused is low.

Exit codes: 0 done; 1 findings at or above --fail-on; 2 usage, or the run contained nobody, or is taken back; 3 done, but the logs do not cover the time, or some input could not be read, or of some step it is not known whether it is in force; 130 interrupted, after printing what was found.";

/// What those whom a run contained still do, from logs
///
/// The run's journal tells whom it contained, how, and since when AWS showed it: keys switched off or
/// deleted, everything denied, sessions ended, passwords taken away. Calls after that are findings.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The run that contained somebody
    #[arg(value_name = "RUN")]
    run: String,

    /// CloudTrail logs: files, folders, globs, - for standard input, s3://BUCKET/PREFIX or cloudtrail:REGION,...
    #[arg(long, required = true, value_name = "PATH", num_args = 1..)]
    logs: Vec<String>,

    /// Look at this span after the last step only, such as 15m
    #[arg(long = "for", value_name = "SPAN", value_parser = span, conflicts_with = "until")]
    span: Option<i64>,

    /// Look at the time up to this only
    #[arg(long, value_name = "TIME")]
    until: Option<String>,

    /// Time zone for --until and for reading: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    #[command(flatten)]
    state: StateArgs,

    #[command(flatten)]
    format: FormatArgs<Format>,

    #[command(flatten)]
    severity: SeverityArgs,

    #[command(flatten)]
    sources: SourceArgs,

    #[command(flatten)]
    output: OutputArgs,
}

fn span(text: &str) -> Result<i64, String> {
    seconds(text).ok_or_else(|| format!("`{text}` is no span; write 90s, 15m or 2h"))
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let zone = time::zone(&args.timezone)?;
    let journal = Journal::read(&args.state.folder()?)?;
    let run =
        journal.run(&args.run).with_context(|| format!("the journal has no run `{}`", args.run))?;
    let containment = aftermath::contained(&journal, run)?;
    let end = args.end(&containment, &zone)?;
    let Aftermath { mut report, watched } = args.watch(containment, end, &zone)?;
    let gravest = report.findings.iter().map(|finding| finding.severity).max();
    let fails = args.severity.fail_on.is_some_and(|least| gravest >= Some(least));
    let exit = exit_of(&report.summary, fails, !report.summary.off.is_empty());
    if let Some(least) = args.severity.min_severity {
        report.findings.retain(|finding| finding.severity >= least);
        report.summary.by_severity = count_by_severity(&report.findings);
    }
    let format = args.format.chosen();
    let style = args.output.style(colour, &zone, &args.timezone);
    args.output.write(|out| formats::write(&report, None, format, &style, out))?;
    if !args.output.quiet {
        let shown = |at: Timestamp| format!("{} {}", at.display_in(&zone), args.timezone);
        watched.iter().for_each(|one| tell(one, shown));
    }
    args.output.tell_rejects(report.summary.rejects, format == Format::Table);
    Ok(exit)
}

impl Args {
    /// The end of the time to look at; none for that of the logs.
    fn end(&self, containment: &Containment, zone: &TimeZone) -> anyhow::Result<Option<Timestamp>> {
        let until = self.until.as_deref().map(|text| time::parse(text, zone, time::now()));
        let end = until.transpose()?.or(self.span.map(|span| containment.last().plus(span)));
        let last = containment.last();
        ensure!(
            end.is_none_or(|end| end > last),
            "--until is not after the containment, which is of {last}"
        );
        Ok(end)
    }

    fn watch(
        &self,
        containment: Containment,
        end: Option<Timestamp>,
        zone: &TimeZone,
    ) -> anyhow::Result<Aftermath> {
        let progress = Arc::new(Progress::default());
        stop_on_ctrl_c(&progress)?;
        let drawn = Drawn::begin(Arc::clone(&progress), self.output.quiet);
        let asked = Asked {
            paths: &self.logs,
            since: Some(containment.first().plus(-SESSION_MAX)),
            until: None,
            accounts: &[],
            zone,
            spill_dir: None,
            is_dry_run: false,
            quiet: self.output.quiet,
        };
        let Resolved::Input(input) = self.sources.resolve(&asked, &progress)? else {
            bail!("nothing was to be read");
        };
        let aftermath = aftermath::watch(input, containment, end, &progress);
        drop(drawn);
        Ok(aftermath?)
    }
}

/// Tells of somebody what the logs say, and what they cannot say.
fn tell(one: &Watched, shown: impl Fn(Timestamp) -> String) {
    let calls = match one.calls {
        0 => "no call".to_owned(),
        1 => "1 call".to_owned(),
        calls => format!("{calls} calls"),
    };
    if let Some(until) = one.until {
        let (since, until) = (shown(one.since), shown(until));
        terminal::note(&format!("{}: {calls} in the logs from {since} to {until}", one.who));
    }
    if let Some(unknown) = &one.unknown {
        terminal::warn(&format!("nothing is certain about {}: {unknown}", one.who));
    }
}
