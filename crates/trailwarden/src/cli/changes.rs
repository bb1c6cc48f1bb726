//! `trailwarden changes`: every IAM change with its effect.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use clap::Args as ClapArgs;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::finding::{Kind, Verdict};
use trailwarden_model::{Report, Severity};
use trailwarden_runtime::scan::Scanned;

use super::output::{FormatArgs, OutputArgs, SeverityArgs};
use super::scan::{self, InputArgs, LimitArgs};
use super::{Colour, Exit, baseline, terminal};
use crate::formats::changes::{self, Change, Changes, Counts, Format};

const EXAMPLES: &str = "\
Examples:
  trailwarden changes logs/                             every change, in the order of events
  trailwarden changes logs/ --baseline account.json     with what was there before the logs
  trailwarden changes logs/ --since 7d --min-severity medium
  trailwarden changes logs/ --change-policies policies/ --unauthorized
  trailwarden changes logs/ --since 24h --full          all that was gained and lost
  trailwarden changes logs/ --format html > changes.html
  trailwarden changes logs/ --json | jq '.changes[] | select(.moved == \"gained\")'
  trailwarden changes s3://BUCKET/AWSLogs/ --since 7d --cache copy/
  aws cloudtrail lookup-events | trailwarden changes - --fail-on high

A baseline is what AWS says of an account:
  aws iam get-account-authorization-details > account.json

Exit codes: 0 done; 1 changes at or above --fail-on; 2 usage, a baseline that cannot be used, or
nothing could be read; 3 done, but some input could not be read, some records are from before their
baseline, a part of trailwarden failed or had to forget, or the effect of a change is not known;
130 interrupted, after printing what was found.";

/// Every IAM change and what it does: who may now do more, who less, and who nothing else
///
/// One row for each call that changes users, groups, roles, policies, credentials or the organization:
/// those without any effect too, and those that failed or were denied. The effect is what the change
/// does to the permissions of each principal, after boundaries and service control policies; the
/// severity follows from that alone.
///
/// With change policies, each row says whether one permits or forbids it. Other calls that they speak
/// of, such as those that stop a trail, are rows then too. `--fail-on` does not count what is permitted.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    format: FormatArgs<Format>,

    /// Only changes that a change policy forbids, or that none permits
    #[arg(long)]
    unauthorized: bool,

    /// List all that was gained and lost, by whom and how, in table and markdown
    #[arg(long)]
    full: bool,

    #[command(flatten)]
    severity: SeverityArgs,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let mut input = args.input.understand(&args.limits)?;
    anyhow::ensure!(
        !args.unauthorized || input.has_policies(),
        "--unauthorized needs change policies; name their folder with --change-policies"
    );
    let (no_rules, _) = RuleSet::load(&[]);
    let quiet = args.output.quiet;
    let scanned = match args.input.scan(&mut input, &args.limits, (no_rules, None), true, quiet)? {
        ControlFlow::Continue(scanned) => scanned,
        ControlFlow::Break(exit) => return Ok(exit),
    };
    let mut changes = changes_of(scanned);
    if args.unauthorized {
        changes.changes.retain(|change| change.authorized.verdict != Verdict::Permitted);
    }
    let notes = baseline::notes(&changes.summary.baselines, |time| args.input.shown(&input, time));
    let is_permitted = |change: &&Change| change.authorized.verdict == Verdict::Permitted;
    let counted = changes.changes.iter().filter(|change| !is_permitted(change));
    let gravest = counted.filter_map(|change| change.severity).max();
    let fails = args.severity.fail_on.is_some_and(|least| gravest >= Some(least));
    let is_unknown = !changes.notes.is_empty() || changes.changes.iter().any(Change::is_unknown);
    let exit = scan::exit_of(&changes.summary, fails, is_unknown);
    let format = args.format.chosen();
    if !quiet && format != Format::Table {
        notes.iter().for_each(|note| terminal::warn(note));
    }
    changes.notes.extend(notes);
    changes.keep(args.severity.min_severity);
    let style = args.input.style(&input, colour, &args.output);
    args.output.write(|out| changes::write(&changes, format, args.full, &style, out))?;
    args.output.tell_rejects(changes.summary.rejects, format == Format::Table);
    Ok(exit)
}

/// The changes of a scan.
fn changes_of(scanned: Scanned) -> Changes {
    let Report { findings, rejects, summary, .. } = scanned.report;
    let health = findings.into_iter().filter(|finding| finding.kind == Kind::Health);
    Changes {
        schema: changes::SCHEMA.to_owned(),
        counts: Counts::default(),
        changes: scanned.changes.into_iter().map(Change::from).collect(),
        notes: health.map(|finding| finding.explanation).collect(),
        rejects,
        summary,
    }
}

impl Changes {
    /// Keeps those of a severity or above, and counts them.
    fn keep(&mut self, least: Option<Severity>) {
        self.changes.retain(|change| least.is_none_or(|least| change.severity >= Some(least)));
        self.counts = Counts::of(&self.changes);
        let mut by_severity = BTreeMap::new();
        for severity in self.changes.iter().filter_map(|change| change.severity) {
            *by_severity.entry(severity.as_str().to_owned()).or_default() += 1;
        }
        self.summary.by_severity = by_severity;
    }
}
