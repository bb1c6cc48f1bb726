//! Each record of a finding: what deals with it, and what a person does about those that nothing deals with.
//!
//! A finding may be made of several calls, and a remediation knows some of them.
//!
//! # Invariants
//! - Of a finding that has an answer, each record is dealt with by steps, or named with what a person does about it.

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_account::{Change, Field, Touched};
use trailwarden_model::finding::Evidence;
use trailwarden_model::{Finding, Outcome as Of, Timestamp};
use trailwarden_remedy::{NoPlan, Plan};

use super::answers::{Answer, Outcome, is_same};
use super::called::{by_urgency, call_of, row};
use super::evidence::{ASK_LOGS, Deed, fields_of, is_undoable};
use super::mended::thing;
use super::settings::{OF_INSIGHTS, is_about_policy};
use super::{Known, Planning};

/// A call of a finding that none of its steps deals with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Left {
    /// The call, such as `s3:PutBucketLifecycle`.
    pub call: String,
    /// When it was made first.
    pub time: Timestamp,
    /// Its records, by event id.
    pub records: Vec<String>,
    /// Why there are no steps for it, where more is to be said.
    pub why: Option<String>,
    /// What a person does about it, step by step.
    pub how: Vec<String>,
}

/// Parts of the names of calls that every model folds: such a record is missing from the logs where none is known.
const FOLDED: &[&str] = &["GroupPolicy", "RolePolicy", "UserPolicy", "UserToGroup"];

impl Left {
    /// The call with its time.
    #[must_use]
    pub fn title(&self) -> String {
        let more = match self.records.len() {
            0 | 1 => String::new(),
            several => format!(", {several} times"),
        };
        let why = self.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{} of {}{more}{why}", self.call, self.time)
    }

    /// Its steps, the first of which says what they are about.
    pub(super) fn steps(&self) -> Vec<String> {
        let mut steps = self.how.clone();
        match steps.first_mut() {
            Some(first) => *first = format!("{}: {first}", self.call),
            None => steps.push(format!("Look at {}.", self.title())),
        }
        steps
    }
}

/// Whether a call is about an SSH key, a signing certificate or a credential for one service.
pub(super) fn is_of_other_credential(call: &str) -> bool {
    let kinds = ["SSHPublicKey", "SigningCertificate", "ServiceSpecificCredential"];
    kinds.iter().any(|kind| call.contains(kind))
}

impl Planning<'_> {
    /// Deals with the records of a finding that its answer leaves: by what else the finding offers, where that is
    /// free to be taken, and else by naming them.
    pub(super) fn see_to_the_rest(&mut self, finding: &Finding, first: usize, is_free: bool) {
        let Some(head) = self.answers.get(first) else { return };
        if matches!(head.outcome, Outcome::Person | Outcome::Misfit | Outcome::Nothing) {
            // Such an answer lists the steps for all of them.
            return;
        }
        let Some(id) = head.remediation.clone() else { return };
        // What only ends sessions beside it takes back nothing.
        let mut taken = vec![id.clone()];
        let mut left = self.known.left(finding, &taken);
        let offered = self.known.offered(finding).into_iter().filter(|_| is_free);
        for other in offered {
            let is_taken = taken.iter().any(|one| is_same(one, other));
            let helps = |left: &Left| self.known.deals_with_one_of(finding, other, &left.records);
            if is_taken || fields_of(other).is_none() || !left.iter().any(helps) {
                continue;
            }
            let mut answer = self.of(finding, other);
            if matches!(answer.outcome, Outcome::Planned | Outcome::Same) {
                answer.goes_with(&id);
                self.answers.push(answer);
                taken.push(other.clone());
                left = self.known.left(finding, &taken);
            }
        }
        // Where none of them is dealt with one by one, the remediation deals with the whole in its own way.
        let of_left: usize = left.iter().map(|it| it.records.len()).sum();
        if of_left >= finding.evidence.len() {
            left.clear();
        }
        let Some(head) = self.answers.get_mut(first) else { return };
        head.others.retain(|other| !taken.contains(other));
        match head.outcome {
            Outcome::Already if !left.is_empty() => head.done_but(&left),
            _ => head.left = left,
        }
    }
}

/// Says in the plan which calls of the findings it leaves.
pub(super) fn note_left(answers: &[Answer], plan: &mut Plan) {
    let mut is_noted = false;
    for answer in answers.iter().filter(|answer| answer.outcome.is_settled()) {
        let mut all = plan.preview.remedies.iter_mut();
        let found = all.find(|one| one.steps.iter().any(|step| answer.steps.contains(step)));
        let Some(summary) = found else { continue };
        for left in &answer.left {
            let how = match left.how.is_empty() {
                true => String::new(),
                false => format!(" By hand: {}", left.how.join(" ")),
            };
            let note = format!("NOT DONE BY THIS PLAN: {}.{how}", left.title());
            if !summary.notes.contains(&note) {
                summary.notes.push(note);
                is_noted = true;
            }
        }
    }
    if is_noted {
        plan.digest = plan.computed_digest();
    }
}

impl Known<'_> {
    /// The records of a finding that remediations leave, calls with the same steps together.
    fn left(&self, finding: &Finding, remedies: &[String]) -> Vec<Left> {
        let mut all: Vec<Left> = Vec::new();
        if matches!(finding.outcome, Some(Of::Denied | Of::Failed)) {
            return all;
        }
        for evidence in by_urgency(finding) {
            let leaves = |id: &String| self.leaves(finding, id, evidence);
            if !remedies.iter().all(leaves) {
                continue;
            }
            let Some(new) = self.told_of(finding, remedies, evidence) else { continue };
            let is_alike = |had: &&mut Left| (&had.call, &had.how) == (&new.call, &new.how);
            match all.iter_mut().find(is_alike) {
                Some(had) => had.records.extend(new.records),
                None => all.push(new),
            }
        }
        let listed = finding.evidence.len() as u64;
        let unlisted = finding.evidence_total.saturating_sub(listed);
        if unlisted > 0 && remedies.iter().any(|id| is_of_single_records(id)) {
            all.push(Left {
                call: format!(
                    "{unlisted} more record{} not in the finding's list, the last",
                    if unlisted == 1 { "" } else { "s" }
                ),
                time: finding.last_time,
                records: Vec::new(),
                why: None,
                how: vec!["Make the findings again from the logs of a shorter time: what a finding lists is limited.".to_owned()],
            });
        }
        all
    }

    /// What is said of a record that is left; none where there is nothing to be done about it.
    fn told_of(&self, finding: &Finding, remedies: &[String], evidence: &Evidence) -> Option<Left> {
        let change = self.change_of(evidence);
        let how = match row(evidence) {
            Some(row) => self.of_record(finding, row, evidence),
            None => change.map(|it| self.undone_of_change(finding, it)).unwrap_or_default(),
        };
        let asked = remedies.iter().find_map(|id| self.why_not(finding, id, change?));
        let (why, how) = match (change, how.is_empty()) {
            (None, true) if is_folded(evidence) => {
                (Some("the logs do not hold its record".to_owned()), vec![format!("{ASK_LOGS}.")])
            }
            (_, true) => return None,
            (_, false) => (asked, how),
        };
        Some(Left {
            call: call_of(evidence),
            time: evidence.event_time,
            records: vec![evidence.event_id.clone()],
            why,
            how: how.into_iter().filter(|step| !self.is_of_caller(finding, step)).collect(),
        })
    }

    /// The same hand's first writing of a document, where others came soon after it; of one that it made itself the
    /// writing at hand, for before that there was none.
    pub(super) fn first_of_run<'h>(&'h self, id: &str, deed: Deed<'h>) -> Deed<'h> {
        let Deed { change, touched } = deed;
        let item = touched.item.as_deref();
        let first = thing(change, &touched.subject, touched.field, item)
            .and_then(|document| self.history?.first_of_run(id, &document))
            .and_then(|first| self.history?.change(self.account(), first));
        let Some(first) = first else { return deed };
        let all = || first.touched.iter().filter(|one| one.subject == touched.subject);
        let is_it = |one: &&Touched| (one.field, &one.item) == (touched.field, &touched.item);
        match all().find(is_it).filter(|_| all().all(|one| one.field != Field::Existence)) {
            Some(touched) => Deed { change: first, touched },
            None => deed,
        }
    }

    /// Whether a remediation has nothing to do with a record of a finding.
    fn leaves(&self, finding: &Finding, remedy: &str, evidence: &Evidence) -> bool {
        let call = evidence.event_name.as_str();
        match remedy {
            "restore-bucket-policy" => row(evidence).is_some() && !is_about_policy(call),
            "restore-trail" => call == OF_INSIGHTS,
            "deactivate-access-key" => is_of_other_credential(call) && row(evidence).is_some(),
            _ if fields_of(remedy).is_none() => false,
            _ => match self.change_of(evidence) {
                Some(change) if change.touched.iter().any(is_undoable) => {
                    !self.deals_with(finding, remedy, change)
                }
                Some(_) => row(evidence).is_some(),
                None => row(evidence).is_some() || self.history.is_some() && is_folded(evidence),
            },
        }
    }

    pub(super) fn change_of(&self, evidence: &Evidence) -> Option<&Change> {
        self.history?.change(self.account(), &evidence.event_id)
    }

    /// Whether a remediation takes back a part of what a record changed, or what is so already.
    fn deals_with(&self, finding: &Finding, remedy: &str, change: &Change) -> bool {
        self.asked_of(finding, remedy, change)
            .any(|told| matches!(told, Ok(()) | Err(NoPlan::Already(_))))
    }

    fn deals_with_one_of(&self, finding: &Finding, remedy: &str, records: &[String]) -> bool {
        let changes = records.iter().filter_map(|id| self.history?.change(self.account(), id));
        changes.into_iter().any(|change| self.deals_with(finding, remedy, change))
    }

    /// What must be known, or who must be asked, before a remediation takes back what a record changed.
    fn why_not(&self, finding: &Finding, remedy: &str, change: &Change) -> Option<String> {
        self.asked_of(finding, remedy, change).find_map(|told| match told {
            Err(no_plan @ (NoPlan::Unknown { .. } | NoPlan::Person(_))) => {
                Some(no_plan.to_string())
            }
            _ => None,
        })
    }

    fn asked_of<'a>(
        &'a self,
        finding: &'a Finding,
        remedy: &'a str,
        change: &'a Change,
    ) -> impl Iterator<Item = Result<(), NoPlan>> + 'a {
        let fields: &[Field] = fields_of(remedy).unwrap_or_default();
        let touched = change.touched.iter().filter(|one: &&Touched| fields.contains(&one.field));
        touched.map(move |touched| self.before(finding, remedy, Deed { change, touched }).map(drop))
    }
}

fn is_folded(evidence: &Evidence) -> bool {
    evidence.event_source.starts_with("iam.")
        && FOLDED.iter().any(|part| evidence.event_name.contains(part))
}

/// Whether a remediation takes back records one by one, rather than all that somebody may do.
fn is_of_single_records(remedy: &str) -> bool {
    fields_of(remedy).is_some() || ["restore-bucket-policy", "restore-trail"].contains(&remedy)
}
