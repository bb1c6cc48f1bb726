//! What a person does about a finding's calls, each with the names of its own record.
//!
//! # Invariants
//! - Every record whose call has steps has them in the answer, with every id that it names.
//! - What deletes data comes first; who did it is looked at once, and last.

use std::collections::BTreeSet;

use trailwarden_model::Finding;
use trailwarden_model::finding::Evidence;
use trailwarden_record::names;
use trailwarden_remedy::people::{self, calls::LOOK_AT_THE_CALLER};

use super::Known;
use super::how::{How, one, part};

/// Calls after which AWS deletes what cannot be brought back, sooner or later.
const DELETING: &[&str] = &[
    "DeleteBucket",
    "DeleteEventDataStore",
    "PutBucketLifecycle",
    "PutBucketLifecycleConfiguration",
    "ScheduleKeyDeletion",
];

impl Known<'_> {
    /// What a person does about the calls of a finding, where somebody wrote that down: the steps of each record with
    /// its own names, and besides, where `undoes`, what takes back the others.
    pub(super) fn of_calls(&self, finding: &Finding, undoes: bool) -> Option<How> {
        let mut rows: Vec<(&'static [&'static str], Vec<&Evidence>)> = Vec::new();
        let mut others = Vec::new();
        for evidence in by_urgency(finding) {
            match row(evidence) {
                Some(row) => match rows.iter_mut().find(|(one, _)| std::ptr::eq(*one, row)) {
                    Some((_, had)) => had.push(evidence),
                    None => rows.push((row, vec![evidence])),
                },
                None => others.extend(self.change_of(evidence).filter(|_| undoes)),
            }
        }
        let undone: Vec<String> =
            others.into_iter().flat_map(|change| self.undone_of_change(finding, change)).collect();
        let of_all = match (rows.as_slice(), undone.is_empty()) {
            ([], _) => return None,
            ([(row, _)], true) => Some(people::of_any(row)),
            _ => None,
        };
        let mut steps = Vec::new();
        for (row, records) in &rows {
            let mut own: Vec<String> = Vec::new();
            let filled = records.iter().map(|one| self.of_record(finding, row, one));
            let filled: Vec<Vec<String>> = filled.collect();
            for at in 0..row.len() {
                own.extend(filled.iter().filter_map(|all| all.get(at)).cloned());
            }
            if let (Some(first), Some(call), true) =
                (own.first_mut(), records.first(), rows.len() > 1)
            {
                *first = format!("{}: {first}", call_of(call));
            }
            steps.extend(own);
        }
        steps.extend(undone);
        let mut seen = BTreeSet::new();
        let (of_caller, mut steps): (Vec<String>, Vec<String>) = steps
            .into_iter()
            .filter(|step| seen.insert(step.clone()))
            .partition(|step| self.is_of_caller(finding, step));
        steps.extend(of_caller);
        let How { own, of_all: same } = one(steps);
        let how = How { own, of_all: of_all.unwrap_or(same) };
        let of_rows: Vec<&str> = rows.iter().flat_map(|(row, _)| row.iter().copied()).collect();
        Some(self.and_the_caller(finding, &of_rows, how))
    }

    /// The steps about a call with the names of one record.
    pub(super) fn of_record(
        &self,
        finding: &Finding,
        row: &[&str],
        evidence: &Evidence,
    ) -> Vec<String> {
        let event = self.history.and_then(|it| it.record(&evidence.event_id));
        people::filled(row, &|name| part(finding, event.into_iter(), name))
    }

    /// Whether a step says what to do about who made the calls.
    pub(super) fn is_of_caller(&self, finding: &Finding, step: &str) -> bool {
        self.filled(finding, &[LOOK_AT_THE_CALLER]).own.iter().any(|one| one == step)
    }
}

/// The records of a finding, those first that delete data.
pub(super) fn by_urgency(finding: &Finding) -> Vec<&Evidence> {
    let mut all: Vec<&Evidence> = finding.evidence.iter().collect();
    all.sort_by_key(|one| !DELETING.contains(&names::event(&one.event_name)));
    all
}

/// The call of a record, such as `s3:PutBucketPolicy`.
pub(super) fn call_of(evidence: &Evidence) -> String {
    let source = evidence.event_source.as_str();
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    format!("{service}:{}", names::event(&evidence.event_name))
}

/// What a person does about the call of a record.
pub(super) fn row(evidence: &Evidence) -> Option<&'static [&'static str]> {
    people::for_call(&call_of(evidence))
}
