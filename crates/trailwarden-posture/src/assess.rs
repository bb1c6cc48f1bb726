//! Runs checks over a state and makes rows of what they say.

use std::panic::{AssertUnwindSafe, catch_unwind};

use trailwarden_model::finding::{self, Authorized, Finding, Kind, Party, Status, finding_id};
use trailwarden_model::posture::{PostureRow, Reference, Verdict};

use crate::answers::Missing;
use crate::check::{Check, Logic};
use crate::state::State;
use crate::verdicts::{Resource, Row, Verdicts};
use crate::{checks, families};

/// Every check, by id.
#[must_use]
pub fn all() -> Vec<&'static Check> {
    let mut all: Vec<&'static Check> = checks::ALL.iter().copied().chain(families::all()).collect();
    all.sort_by_key(|check| check.id);
    all
}

/// Whether a document, standing alone, is what a check of policies finds; no check else finds any.
#[must_use]
pub fn finds_in(check: &str, document: &str) -> bool {
    let mut all = checks::ALL.iter().copied().chain(families::all());
    all.find(|one| one.id == check).is_some_and(|check| match &check.logic {
        Logic::Grants(grants) => grants.are_in(document),
        Logic::Each(_) | Logic::Password(_) | Logic::Alarm(_) | Logic::Manual(_) => false,
    })
}

/// What these checks say of an account, in a fixed order.
#[must_use]
pub fn assess(state: &State<'_>, checks: &[&'static Check]) -> Vec<PostureRow> {
    let mut rows = Vec::new();
    for check in checks {
        let mut of_check = judge(check, state);
        // All of one resource together, the worst verdict first.
        of_check.sort_by(|a, b| {
            let key = |row: &'_ Row| (row.verdict, row.sentence.clone());
            (order(&a.resource).cmp(&order(&b.resource))).then_with(|| key(a).cmp(&key(b)))
        });
        of_check.dedup_by(merge);
        rows.extend(of_check.iter().map(|row| row_of(check, row, state)));
    }
    rows
}

/// By kind and name, as people look for them; the rest only keeps namesakes apart.
fn order(resource: &Resource) -> impl Ord + '_ {
    (resource.kind, resource.label.as_str(), resource)
}

/// One resource has one row, since both would have one id: the worse verdict stays, and what was said
/// for it twice is said once.
fn merge(next: &mut Row, kept: &mut Row) -> bool {
    let is_same = next.resource == kept.resource;
    if is_same && next.verdict == kept.verdict && next.sentence != kept.sentence {
        kept.sentence = format!("{} {}", kept.sentence, next.sentence);
        kept.severity = kept.severity.max(next.severity);
    }
    is_same
}

/// What one check says. One that panics says that it does not know, and silences nobody else.
#[must_use]
pub fn judge(check: &'static Check, state: &State<'_>) -> Vec<Row> {
    let mut verdicts = Verdicts::default();
    let account = Resource::account(state);
    let run = || match &check.logic {
        Logic::Each(judge) => judge(state, &mut verdicts),
        Logic::Password(rule) => rule.judge(state, &mut verdicts),
        Logic::Grants(grants) => grants.judge(state, &mut verdicts),
        Logic::Alarm(alarm) => alarm.judge(state, &mut verdicts),
        Logic::Manual(look) => {
            verdicts.manual(&account, format!("For {}: {look}", account.label));
            Ok(())
        }
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => {}
        Ok(Err(missing)) => verdicts.missing(&account, &missing),
        Err(_) => {
            verdicts.missing(&account, &Missing::new("the check", "broke off; please report that"));
        }
    }
    if verdicts.is_empty() {
        let sentence = format!("The {} has nothing that this is about.", account.label);
        verdicts.not_applicable(&account, sentence);
    }
    verdicts.into_rows()
}

/// The controls that a check answers.
#[must_use]
pub fn references(check: &Check) -> Vec<Reference> {
    let mut all: Vec<Reference> =
        check.controls.iter().flat_map(crate::frameworks::Control::references).collect();
    all.sort();
    all.dedup();
    all
}

fn row_of(check: &'static Check, row: &Row, state: &State<'_>) -> PostureRow {
    let account = state.account().to_string();
    let resource = &row.resource;
    let status = match row.verdict {
        Verdict::Fail | Verdict::Unknown | Verdict::Manual => Status::Open,
        Verdict::Pass | Verdict::NotApplicable => Status::Resolved,
    };
    let finding = Finding {
        schema: finding::SCHEMA.to_owned(),
        id: finding_id(
            check.id,
            &account,
            resource.key(),
            resource.region.as_deref().unwrap_or(""),
        ),
        rule: check.id.to_owned(),
        title: check.title.to_owned(),
        risk: check.risk.to_owned(),
        explanation: row.sentence.clone(),
        supersedes: Vec::new(),
        kind: Kind::Posture,
        severity: row.severity.unwrap_or(check.severity),
        confidence: row.confidence.unwrap_or(check.confidence),
        status,
        outcome: None,
        account: Some(account.clone()),
        region: resource.region.clone(),
        first_time: state.now(),
        last_time: state.now(),
        actor: Party::default(),
        target: Party {
            kind: Some(resource.kind.to_owned()),
            arn: resource.arn.clone(),
            id: resource.id.clone(),
            name: Some(resource.label.clone()),
            account: Some(account),
            ..Party::default()
        },
        evidence: Vec::new(),
        evidence_total: 0,
        effect: None,
        authorized: Authorized::default(),
        attack: Vec::new(),
        false_positives: Vec::new(),
        remediation: check.remedies.iter().map(|remedy| (*remedy).to_owned()).collect(),
    };
    PostureRow {
        finding,
        check: check.id.to_owned(),
        verdict: row.verdict,
        resource: resource.label.clone(),
        sentence: row.sentence.clone(),
        frameworks: references(check),
        fix: check.fix.to_owned(),
        exception: None,
        history: None,
    }
}
