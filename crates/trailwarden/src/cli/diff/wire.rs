//! A change for programs: `trailwarden.diff/1`.

use std::io;

use serde::Serialize;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::reach::{Grading, Grant, Precision};

use super::judge::{Judged, Part, Status};
use super::text::lines;
use crate::formats::write_pretty;

/// The name of the schema.
const SCHEMA: &str = "trailwarden.diff/1";
/// What stands for a grade or precision that is not known.
const UNKNOWN: &str = "unknown";

#[derive(Serialize)]
struct Wire<'a> {
    schema: &'static str,
    /// Whether anything is gained, in any policy.
    gained: bool,
    policies: Vec<WirePolicy<'a>>,
}

#[derive(Serialize)]
struct WirePolicy<'a> {
    name: &'a str,
    kind: Option<&'static str>,
    status: &'static str,
    principals: Vec<WirePart<'a>>,
}

#[derive(Serialize)]
struct WirePart<'a> {
    /// Null in policies that name no principals.
    principal: Option<&'a str>,
    /// Null where policies of the kind have no grade.
    grade_before: Option<WireGrade>,
    grade_after: Option<WireGrade>,
    gained: Words,
    lost: Words,
    /// No longer denied: gained wherever another policy allows it.
    released: Words,
    /// Denied from now on, whatever another policy allows.
    withheld: Words,
    /// Once AWS adds actions that a pattern covers.
    gained_in_future: Words,
    lost_in_future: Words,
    escalations_opened: Vec<&'static str>,
    precision: &'static str,
}

#[derive(Serialize)]
struct WireGrade {
    grade: &'static str,
    /// What is left of it when no condition holds.
    unconditional: &'static str,
}

#[derive(Serialize)]
struct Words {
    summary: Vec<String>,
    full: Vec<String>,
}

/// Writes the comparison.
pub(super) fn write(judged: &[Judged], out: &mut dyn io::Write) -> io::Result<()> {
    let wire = Wire {
        schema: SCHEMA,
        gained: judged.iter().any(Judged::gains),
        policies: judged.iter().map(policy).collect(),
    };
    write_pretty(&wire, out)?;
    writeln!(out)
}

fn policy(judged: &Judged) -> WirePolicy<'_> {
    let kind = judged.kind.unwrap_or(PolicyKind::Identity);
    let parts = judged.parts.iter().map(|one| part(kind, one));
    WirePolicy {
        name: &judged.name,
        kind: judged.kind.map(PolicyKind::name),
        status: match judged.status {
            Status::Unchanged => "unchanged",
            Status::Changed => "changed",
            Status::Added => "added",
            Status::Removed => "removed",
            Status::NotKnown => UNKNOWN,
        },
        principals: parts.collect(),
    }
}

fn part(kind: PolicyKind, part: &Part) -> WirePart<'_> {
    let words = |grants: &[Grant]| Words {
        summary: lines(kind, grants, false),
        full: lines(kind, grants, true),
    };
    let graded = |grading: Option<&Grading>| {
        part.is_graded.then(|| WireGrade {
            grade: grading.map_or(UNKNOWN, |grading| grading.grade.name()),
            unconditional: grading.map_or(UNKNOWN, |grading| grading.unconditional.name()),
        })
    };
    WirePart {
        principal: part.principal.as_deref(),
        grade_before: graded(part.before.as_ref()),
        grade_after: graded(part.after.as_ref()),
        gained: words(&part.gained),
        lost: words(&part.lost),
        released: words(part.released.grants()),
        withheld: words(part.withheld.grants()),
        gained_in_future: words(&part.gained_in_future),
        lost_in_future: words(&part.lost_in_future),
        escalations_opened: part.opened().into_iter().map(|way| way.id).collect(),
        precision: match part.precision {
            Precision::Exact => "exact",
            Precision::AtMost => "at_most",
            Precision::Unknown => UNKNOWN,
        },
    }
}
