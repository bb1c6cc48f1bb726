//! Who of those who gained by a change keeps it when the steps of a plan are done, and by what.

use std::collections::BTreeMap;

use trailwarden_account::{Change, Identity, Model};
use trailwarden_model::Finding;
use trailwarden_model::finding::PrincipalEffect;
use trailwarden_policy::reach::{Grade, grade};
use trailwarden_remedy::Plan;

use super::answers::{Answer, Outcome};
use super::statements::graded;
use super::{Known, Made, closed, gone, records, shut_too};
use crate::previews::closing::{change_by, world};

/// So many of a finding's principals are looked at.
const LOOKED_AT_MAX: usize = 50;

/// Names the steps that close what had no plan, and who keeps what was gained all the same.
pub(super) fn settle_all(made: &mut Made, findings: &[Finding], known: Known<'_>) {
    let Some(plan) = &mut made.plan else { return };
    if let Ok(model) = known.model() {
        gone::settle(&mut made.answers, findings, plan, (known, model));
        shut_too::settle(&mut made.answers, findings, plan, known);
        closed::settle(&mut made.answers, findings, plan, known);
    }
    settle(&mut made.answers, findings, plan, known);
    records::note_left(&made.answers, plan);
}

/// Says of each finding that has steps who keeps what was gained.
fn settle(answers: &mut [Answer], findings: &[Finding], plan: &mut Plan, known: Known<'_>) {
    let by_id: BTreeMap<&str, &Finding> =
        findings.iter().map(|one| (one.id.as_str(), one)).collect();
    let is_done = |answer: &&mut Answer| {
        matches!(answer.outcome, Outcome::Planned | Outcome::Same) && answer.goes_with.is_none()
    };
    let mut change: Option<Option<Change>> = None;
    let mut is_noted = false;
    for answer in answers.iter_mut().filter(is_done) {
        let Some(finding) = by_id.get(answer.finding.as_str()) else { continue };
        let principals = finding.effect.iter().flat_map(|effect| &effect.principals);
        let risen: Vec<&PrincipalEffect> =
            principals.filter(|one| is_risen(one)).take(LOOKED_AT_MAX).collect();
        if risen.is_empty() {
            continue;
        }
        let change = change.get_or_insert_with(|| change_by(plan.steps.iter(), known));
        let Some(change) = change else { continue };
        answer.stays = risen.iter().filter_map(|one| known.keeps(one, change)).collect();
        let of_finding = plan.preview.remedies.iter_mut();
        let mut of_finding =
            of_finding.filter(|one| one.steps.iter().any(|step| answer.steps.contains(step)));
        if let Some(summary) = of_finding.next() {
            let said = answer.stays.iter().map(|told| format!("IT STAYS: {told}"));
            let new: Vec<String> = said.filter(|said| !summary.notes.contains(said)).collect();
            is_noted |= !new.is_empty();
            summary.notes.extend(new);
        }
    }
    if is_noted {
        plan.digest = plan.computed_digest();
    }
}

/// Whether somebody became able to become anybody.
pub(super) fn is_risen(one: &PrincipalEffect) -> bool {
    let is_grave = |grade: &str| [Grade::Privesc.name(), Grade::Admin.name()].contains(&grade);
    is_grave(&one.grade_after) && !is_grave(&one.grade_before)
}

impl Known<'_> {
    /// What somebody keeps, and by what, as the account shows it after the plan.
    fn keeps(&self, one: &PrincipalEffect, change: &Change) -> Option<String> {
        let after = &change.after;
        let identity = after.find_arn(&one.arn)?;
        let world = world(*self).with(after);
        let standing = world.standing(self.account(), &identity.id)?;
        let left = grade(standing.reach().grants()).grade;
        if left < Grade::Privesc {
            return None;
        }
        let by = given_by(after, identity, left);
        let by = match by.is_empty() {
            true => "several policies together".to_owned(),
            false => by.join(", "),
        };
        let may = match left {
            Grade::Admin => "do nearly everything",
            _ => "become more than it is",
        };
        Some(format!(
            "{}/{} may still {may}, by {by}; take that away, too",
            identity.kind.as_str(),
            identity.name
        ))
    }
}

/// The policies of somebody, and of its groups, that give a grade alone.
fn given_by(model: &Model, identity: &Identity, wanted: Grade) -> Vec<String> {
    let groups = model.groups_of(&identity.id).ids;
    let groups = groups.iter().filter_map(|id| model.identity(id));
    let mut found = Vec::new();
    for holder in [identity].into_iter().chain(groups) {
        let label = format!("{}/{}", holder.kind.as_str(), holder.name);
        let gives = |text: &str| graded(text).is_some_and(|(grade, _)| grade >= wanted);
        for arn in holder.attached.keys() {
            let document = model.document_of(arn);
            if document.value().is_some_and(|text| gives(text.as_str())) {
                let name = arn.rsplit('/').next().unwrap_or(arn);
                found.push(format!("the policy {name}, which is attached to {label}"));
            }
        }
        for (name, text) in holder.inline.iter() {
            if text.value().is_some_and(|text| gives(text.as_str())) {
                found.push(format!("the inline policy {name} of {label}"));
            }
        }
    }
    found
}
