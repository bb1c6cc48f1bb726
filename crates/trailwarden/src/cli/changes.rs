//! `trailwarden changes`: every IAM change with its effect.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::finding::Kind;
use trailwarden_model::{Report, Severity};
use trailwarden_runtime::scan::Scanned;

use super::scan::{self, InputArgs, LimitArgs};
use super::{Colour, Exit};
use crate::formats::changes::{self, Change, Changes, Counts, Format};

const EXAMPLES: &str = "\
Examples:
  trailwarden changes logs/                             every change, in the order of events
  trailwarden changes logs/ --baseline account.json     with what was there before the logs
  trailwarden changes logs/ --since 7d --min-severity medium
  trailwarden changes logs/ --since 24h --full          all that was gained and lost
  trailwarden changes logs/ --format html > changes.html
  trailwarden changes logs/ --json | jq '.changes[] | select(.moved == \"gained\")'
  aws cloudtrail lookup-events | trailwarden changes - --fail-on high

A baseline is what AWS says of an account:
  aws iam get-account-authorization-details > account.json

Exit codes: 0 done; 1 changes at or above --fail-on; 2 usage, a baseline that cannot be used, or
nothing could be read; 3 done, but some input could not be read; 130 interrupted, after printing
what was found.";

/// Every IAM change and what it does: who may now do more, who less, and who nothing else
///
/// One row for each call that changes users, groups, roles, policies, credentials or the organization:
/// those without any effect too, and those that failed or were denied. The effect is what the change
/// does to the permissions of each principal, after boundaries and service control policies; the
/// severity follows from that alone.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// How to print the changes
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// List all that was gained and lost, by whom and how, in table and markdown
    #[arg(long)]
    full: bool,

    /// Only changes whose effect has this severity or above
    #[arg(long, value_name = "SEVERITY")]
    min_severity: Option<Severity>,

    /// Exit with 1 when there is a change of this severity or above
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<Severity>,

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
    let (no_rules, _) = RuleSet::load(&[]);
    let scanned = args.input.scan(&mut input, &args.limits, (no_rules, None), true, args.quiet)?;
    let changes = changes_of(scanned, args.min_severity);
    let reaches = |least| changes.changes.iter().any(|change| change.severity >= Some(least));
    let exit = scan::exit_of(&changes.summary, args.fail_on.is_some_and(reaches));
    let format = if args.json { Format::Json } else { args.format };
    let style = args.input.style(&input, colour, args.output.as_ref());
    scan::write(args.output.as_ref(), |out| {
        changes::write(&changes, format, args.full, &style, out)
    })?;
    if !args.quiet && format != Format::Table {
        scan::tell_rejects(&changes.summary);
    }
    Ok(exit)
}

/// The changes of a scan that are asked for.
fn changes_of(scanned: Scanned, least: Option<Severity>) -> Changes {
    let Report { findings, rejects, mut summary, .. } = scanned.report;
    let health = findings.into_iter().filter(|finding| finding.kind == Kind::Health);
    let mut rows: Vec<Change> = scanned.changes.into_iter().map(Change::from).collect();
    rows.retain(|change| least.is_none_or(|least| change.severity >= Some(least)));
    let mut by_severity = BTreeMap::new();
    for severity in rows.iter().filter_map(|change| change.severity) {
        *by_severity.entry(severity.as_str().to_owned()).or_default() += 1;
    }
    summary.by_severity = by_severity;
    Changes {
        schema: changes::SCHEMA.to_owned(),
        counts: Counts::of(&rows),
        changes: rows,
        notes: health.map(|finding| finding.explanation).collect(),
        rejects,
        summary,
    }
}
