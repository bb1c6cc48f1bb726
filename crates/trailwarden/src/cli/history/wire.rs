//! The comparison for programs: `trailwarden.history-diff/1`.

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_model::Timestamp;
use trailwarden_policy::reach::{Grant, Precision, list};

use super::diff::{Changed, Graded, Moved};
use super::ways::Way;
use crate::cli::state::{State, WireProof, WireSources};
use crate::formats::answer_schema;

/// The name of the schema.
const SCHEMA: &str = "trailwarden.history-diff/1";

/// The answer of `history diff --json`.
#[derive(Serialize, JsonSchema, Debug)]
#[schemars(title = "HistoryDiff", inline)]
pub(crate) struct Wire {
    /// Always `trailwarden.history-diff/1`.
    schema: &'static str,
    since: Timestamp,
    /// Null for the end of what was read.
    until: Option<Timestamp>,
    accounts: Vec<WireChanged>,
    sources: WireSources,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireChanged {
    account: String,
    /// Users, roles, root, and groups without members that changed; the gravest first.
    changed: Vec<WireMoved>,
    /// How many did not.
    unchanged: usize,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireMoved {
    /// Such as `user/bob`.
    name: String,
    kind: &'static str,
    /// The unique id; null while no record or baseline has told it.
    id: Option<String>,
    arn: Option<String>,
    /// `made`, `first_seen` (it may be older), `deleted` or `stayed`.
    fate: &'static str,
    /// Null where it was not there.
    grade_before: Option<WireGrade>,
    grade_after: Option<WireGrade>,
    /// Whether what it could do before was known in full; else what it gained may be old.
    was_known: bool,
    gained: WireWords,
    lost: WireWords,
    /// Who may enter the role now and could not before.
    entry_gained: Vec<String>,
    entry_lost: Vec<String>,
    /// Whether it can become administrator now and could not before: each step in words.
    way_opened: Option<Vec<String>>,
    /// What that way depends on.
    way_conditions: Vec<String>,
    /// Whether it could become administrator and no longer can.
    way_closed: bool,
    /// Keys, password, second factor, groups, boundary.
    notes: Vec<String>,
    /// The records that did it, in order.
    causes: Vec<WireProof>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireGrade {
    /// `none`, `read`, `data`, `write`, `privesc` or `admin`.
    grade: &'static str,
    /// `exact`, `at_most` or `at_least`.
    precision: &'static str,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireWords {
    summary: Vec<String>,
    full: Vec<String>,
}

impl Wire {
    /// The schema of the answer.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    /// Of what changed.
    pub(super) fn of(
        changes: &[Changed],
        since: Timestamp,
        until: Option<Timestamp>,
        sources: WireSources,
        state: &State,
    ) -> Self {
        let accounts = changes.iter().map(|changed| WireChanged {
            account: changed.account.to_string(),
            changed: changed.moved.iter().map(|one| moved(one, state)).collect(),
            unchanged: changed.unchanged,
        });
        Self { schema: SCHEMA, since, until, accounts: accounts.collect(), sources }
    }
}

fn moved(one: &Moved, state: &State) -> WireMoved {
    let words = |grants: &[Grant]| WireWords { summary: one.words(grants), full: list(grants) };
    let (way_opened, way_conditions) = match &one.way {
        Some(Way::Opened { steps, conditions, .. }) => (Some(steps.clone()), conditions.clone()),
        Some(Way::Closed) | None => (None, Vec::new()),
    };
    WireMoved {
        name: one.label.clone(),
        kind: one.kind.as_str(),
        id: (!one.id.is_provisional()).then(|| one.id.to_string()),
        arn: one.arn.clone(),
        fate: one.fate.name(),
        grade_before: one.before.map(grade),
        grade_after: one.after.map(grade),
        was_known: one.was_known,
        gained: words(&one.change.gained),
        lost: words(&one.change.lost),
        entry_gained: one.trust_gained.clone(),
        entry_lost: one.trust_lost.clone(),
        way_opened,
        way_conditions,
        way_closed: one.way == Some(Way::Closed),
        notes: one.notes.clone(),
        causes: one.causes.iter().map(|proof| WireProof::of("change", proof, state)).collect(),
    }
}

fn grade(graded: Graded) -> WireGrade {
    WireGrade {
        grade: graded.grade.name(),
        precision: match graded.precision {
            Precision::Exact => "exact",
            Precision::AtMost => "at_most",
            Precision::Unknown => "at_least",
        },
    }
}
