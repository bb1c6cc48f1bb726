//! Flaws that steps for other findings take away, as the plan's preview shows.
//!
//! # Invariants
//! - What the preview does not show for certain stays as it was told.
//! - Whoever has a policy that nobody has seen may be an administrator by that: no answer hides it.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::{Identity, Model};
use trailwarden_model::{Arn, Finding};
use trailwarden_remedy::Plan;
use trailwarden_remedy::calls::{Taking, taking};
use trailwarden_remedy::documents::REQUIRE_MFA;
use trailwarden_remedy::plan::foreseen::Affected;
use trailwarden_remedy::plan::{Argument, Step};

use super::Known;
use super::answers::{Answer, Outcome, SAME};
use super::faults::is_of_full_control;
use crate::previews::unseen::unseen;

/// Names the steps of a plan that take away what had none.
pub(super) fn settle(
    answers: &mut [Answer],
    findings: &[Finding],
    plan: &Plan,
    (known, model): (Known<'_>, &Model),
) {
    let by_id: BTreeMap<&str, &Finding> =
        findings.iter().map(|one| (one.id.as_str(), one)).collect();
    for answer in answers {
        let Some(finding) = by_id.get(answer.finding.as_str()) else { continue };
        let arn = finding.target.arn.as_deref().filter(|_| is_of_full_control(&finding.rule));
        let unseen = arn.map(|arn| unseen(known, arn)).unwrap_or_default();
        if matches!(answer.outcome, Outcome::Same) && !unseen.is_empty() {
            answer.doubt(&unseen);
        }
        if !matches!(answer.outcome, Outcome::Person | Outcome::Clash) || !unseen.is_empty() {
            continue;
        }
        let steps = steps(finding, plan, model);
        if !steps.is_empty() {
            answer.done_by(steps, SAME);
        }
    }
}

fn steps(finding: &Finding, plan: &Plan, model: &Model) -> Vec<String> {
    let named = |is_meant: &dyn Fn(&Step) -> bool| {
        plan.steps.iter().filter(|step| is_meant(step)).map(|step| step.id.clone()).collect()
    };
    let target = &finding.target;
    if target.kind.as_deref() == Some("inline_policy") {
        let id = target.id.as_deref().unwrap_or_default();
        let holder = target.arn.as_deref().and_then(Arn::parse);
        return match holder.zip(id.split_once("/inline policy ")) {
            Some((holder, (_, policy))) => named(&|step| deletes(step, holder.resource, policy)),
            None => Vec::new(),
        };
    }
    let Some(arn) = target.arn.as_deref().filter(|_| is_of_full_control(&finding.rule)) else {
        return Vec::new();
    };
    let principals = plan.preview.effect.iter().flat_map(|effect| &effect.principals);
    let is_none_more = |one: &Affected| {
        one.arn == arn
            && one.is_certain
            && one.grade_before == "admin"
            && !["admin", "unknown"].contains(&one.grade_after.as_str())
    };
    if !principals.into_iter().any(is_none_more) {
        return Vec::new();
    }
    let things = things(model, arn);
    let is_about = |step: &Step| things.iter().any(|thing| is_of(step, thing));
    // Where something is denied besides, nothing tells which of both does it.
    if plan.steps.iter().any(|step| is_about(step) && denies(step)) {
        return Vec::new();
    }
    named(&|step| is_about(step) && takes_a_grant(step))
}

/// Whether a step denies something, other than to those who have no second factor: of these the preview's grade
/// tells nothing.
fn denies(step: &Step) -> bool {
    let operation = step.operation.as_str();
    operation.contains("Boundary")
        || ["Put", "Attach"].iter().any(|verb| operation.starts_with(verb))
            && taking(step) == Taking::Access
            && !takes_a_grant(step)
            && text(step, "PolicyName") != Some(REQUIRE_MFA)
}

/// Whether a step takes away a part of what was granted, rather than to deny it.
fn takes_a_grant(step: &Step) -> bool {
    let operation = step.operation.as_str();
    let is_there_before = || step.inverse.as_ref().is_some_and(|it| it.operation == operation);
    match operation.strip_prefix("Put").filter(|rest| rest.ends_with("Policy")) {
        Some(_) => taking(step) == Taking::Access && is_there_before(),
        None => GRANTS.contains(&operation),
    }
}

const GRANTS: [&str; 8] = [
    "DeleteGroupPolicy",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "DetachGroupPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "RemoveUserFromGroup",
    "SetDefaultPolicyVersion",
];

/// Whether a step deletes an inline policy of somebody, who is named by kind, path and name.
fn deletes(step: &Step, holder: &str, policy: &str) -> bool {
    let Some((kind, name)) = holder.split_once('/') else { return false };
    let name = name.rsplit('/').next();
    ["User", "Group", "Role"].iter().any(|which| {
        which.eq_ignore_ascii_case(kind)
            && step.operation == format!("Delete{which}Policy")
            && text(step, &format!("{which}Name")) == name
            && text(step, "PolicyName") == Some(policy)
    })
}

/// By which parameter and name a step is about something.
pub(super) type Thing = (&'static str, String);

/// Whether a step is about a thing; of a group, about all of its members.
pub(super) fn is_of(step: &Step, (parameter, name): &Thing) -> bool {
    let is_member = *parameter == "GroupName" && step.operation == "RemoveUserFromGroup";
    // To take a policy away from one holder does nothing to the others.
    let is_of_holder = *parameter == "PolicyArn" && step.operation.starts_with("Detach");
    !is_member && !is_of_holder && text(step, parameter) == Some(name.as_str())
}

/// How steps are about somebody: by its own name, its groups and its managed policies.
fn things(model: &Model, arn: &str) -> BTreeSet<Thing> {
    model.find_arn(arn).map(|identity| things_of(model, identity)).unwrap_or_default()
}

/// The same of whom the model has.
pub(super) fn things_of(model: &Model, identity: &Identity) -> BTreeSet<Thing> {
    let groups = model.groups_of(&identity.id).ids;
    let groups = groups.iter().filter_map(|id| model.identity(id));
    let mut all = BTreeSet::new();
    for one in [identity].into_iter().chain(groups) {
        let parameter = match one.kind {
            trailwarden_account::Kind::Group => "GroupName",
            trailwarden_account::Kind::Role => "RoleName",
            _ => "UserName",
        };
        all.insert((parameter, one.name.to_string()));
        all.extend(one.attached.keys().map(|policy| ("PolicyArn", policy.to_string())));
    }
    all
}

fn text<'a>(step: &'a Step, parameter: &str) -> Option<&'a str> {
    step.input.get(parameter).and_then(Argument::as_str)
}

#[cfg(test)]
mod tests {
    use trailwarden_remedy::find;

    use super::*;

    #[test]
    fn what_is_taken_from_one_holder_answers_for_no_other() {
        let detach = find("detach-policy").unwrap();
        let draft = detach.draft(&detach.example().unwrap()).unwrap();
        let step = &draft.steps()[0];
        assert!(is_of(step, &("UserName", "alice".to_owned())));
        let arn = text(step, "PolicyArn").unwrap().to_owned();
        assert!(!is_of(step, &("PolicyArn", arn)));
    }
}
