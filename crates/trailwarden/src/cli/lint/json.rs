//! Lint for programs: findings as `trailwarden.finding/1` has them, with the place and the fix.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use trailwarden_model::finding::{self, Authorized, Kind, Party, Status};
use trailwarden_model::{Finding, Reject, Severity, Summary, Timestamp, report};
use trailwarden_policy::span::Position;

use super::collect::{Linted, Row};
use crate::cli::time;
use crate::formats::{write_compact, write_pretty};

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    findings: Vec<Wire<'a>>,
    rejects: &'a [Reject],
    summary: WireSummary,
}

#[derive(Serialize)]
struct WireSummary {
    #[serde(flatten)]
    common: Summary,
    /// Policies found in the files.
    policies: usize,
    /// Of these, those that are no policy after all.
    policies_not_readable: usize,
    /// Of these, those that a plan or template leaves open.
    policies_not_known: usize,
    /// Files in folders that may hold policies in a form that is not read.
    files_skipped: usize,
}

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    finding: Finding,
    fix: &'a str,
    source: &'static str,
    cross: Vec<Cross>,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Cross {
    tool: &'static str,
    id: &'static str,
}

#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    #[serde(flatten)]
    place: Place,
    /// The name of the policy in the file.
    policy: Option<&'a str>,
    policy_kind: &'static str,
    /// From zero, as written.
    statement: Option<usize>,
    /// The place in the policy, when the policy stands inside a string of the file.
    in_policy: Option<Place>,
}

/// Lines and columns from one; columns count characters, the end is the column behind.
#[derive(Serialize)]
struct Place {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Place {
    fn of(start: Position, end: Position) -> Self {
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// The whole report.
pub(super) fn write(linted: &Linted, out: &mut dyn io::Write) -> io::Result<()> {
    let now = time::now();
    let mut by_severity: BTreeMap<String, u64> =
        Severity::ALL.into_iter().map(|severity| (severity.as_str().to_owned(), 0)).collect();
    for row in &linted.rows {
        *by_severity.entry(row.finding.severity.as_str().to_owned()).or_default() += 1;
    }
    let report = Report {
        schema: report::SCHEMA,
        findings: linted.rows.iter().map(|row| wire(row, now)).collect(),
        rejects: &linted.rejects,
        summary: WireSummary {
            common: Summary {
                files: linted.files as u64,
                bytes_stored: linted.bytes as u64,
                bytes_inflated: linted.bytes as u64,
                rejects: linted.rejects.len() as u64,
                by_severity,
                ..Summary::default()
            },
            policies: linted.policies,
            policies_not_readable: linted.broken,
            policies_not_known: linted.unknown,
            files_skipped: linted.skipped,
        },
    };
    write_pretty(&report, out)?;
    out.write_all(b"\n")
}

/// The findings, one per line.
pub(super) fn write_lines(linted: &Linted, out: &mut dyn io::Write) -> io::Result<()> {
    let now = time::now();
    for row in &linted.rows {
        write_compact(&wire(row, now), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A policy has no time of its own: the times are those of the run.
fn wire(row: &Row, now: Timestamp) -> Wire<'_> {
    let lint = &row.finding;
    let name = if row.policy.is_empty() { &row.file } else { &row.policy };
    let finding = Finding {
        schema: finding::SCHEMA.to_owned(),
        id: row.id.clone(),
        rule: lint.check.id.to_owned(),
        title: lint.check.title.to_owned(),
        risk: lint.reason.clone(),
        explanation: lint.message.clone(),
        supersedes: Vec::new(),
        kind: Kind::Lint,
        severity: lint.severity,
        confidence: lint.confidence,
        status: Status::Open,
        outcome: None,
        account: None,
        region: None,
        first_time: now,
        last_time: now,
        actor: Party::default(),
        target: Party {
            kind: Some("policy".to_owned()),
            name: Some(name.as_ref().to_owned()),
            ..Party::default()
        },
        evidence: Vec::new(),
        evidence_total: 0,
        effect: None,
        authorized: Authorized::default(),
        attack: Vec::new(),
        false_positives: Vec::new(),
        remediation: Vec::new(),
    };
    Wire {
        finding,
        fix: &lint.fix,
        source: lint.check.source,
        cross: lint.check.cross.iter().map(|(tool, id)| Cross { tool: tool.name(), id }).collect(),
        location: Location {
            file: &row.file,
            place: Place::of(row.start, row.end),
            policy: (!row.policy.is_empty()).then_some(row.policy.as_ref()),
            policy_kind: row.kind.name(),
            statement: lint.statement,
            in_policy: row.inside.as_ref().map(|inside| Place::of(inside.start, inside.end)),
        },
    }
}
