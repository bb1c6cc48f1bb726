//! Findings that steps of the plan for other findings settle, though each would have its own: a role that is closed to
//! all whom a second finding names, and the trail that a plan makes.

use std::collections::BTreeMap;

use trailwarden_model::Finding;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::{Argument, Step};
use trailwarden_remedy::subject::Known as State;

use super::Known;
use super::answers::{Answer, Outcome, SAME, is_same};

/// Remediations that close a role to somebody.
const OF_TRUST: [&str; 2] = ["remove-trust", "narrow-trust"];

/// Finds trails that do not record everywhere; where there is no trail, a new one of all Regions settles it.
const OF_REGIONS: &str = "trail-without-all-regions";

/// Names the steps that settle what clashed with them, or had none.
pub(super) fn settle(answers: &mut [Answer], findings: &[Finding], plan: &Plan, known: Known<'_>) {
    let by_id: BTreeMap<&str, &Finding> =
        findings.iter().map(|one| (one.id.as_str(), one)).collect();
    for answer in answers {
        let Some(finding) = by_id.get(answer.finding.as_str()) else { continue };
        let id = answer.remediation.as_deref().unwrap_or_default();
        let steps = match answer.outcome {
            Outcome::Clash if OF_TRUST.iter().any(|one| is_same(one, id)) => {
                known.shutting(finding, plan, id)
            }
            Outcome::Person | Outcome::Misfit | Outcome::Unknown if finding.rule == OF_REGIONS => {
                making_a_trail(plan)
            }
            _ => Vec::new(),
        };
        if !steps.is_empty() {
            answer.done_by(steps, SAME);
        }
    }
}

impl Known<'_> {
    /// The step after which a role lets in none of those whom a finding's records let in.
    fn shutting(&self, finding: &Finding, plan: &Plan, remedy: &str) -> Vec<String> {
        let Ok(subjects) = self.subjects(finding, remedy) else { return Vec::new() };
        let mut steps: Vec<String> = Vec::new();
        for subject in subjects {
            let Some(role) = subject.principal.clone() else { return Vec::new() };
            let writes = |step: &&Step| {
                step.operation == "UpdateAssumeRolePolicy"
                    && text(step, "RoleName") == Some(role.name.as_str())
            };
            let Some(step) = plan.steps.iter().find(writes) else { return Vec::new() };
            let Some(trust) = text(step, "PolicyDocument") else { return Vec::new() };
            let then =
                trailwarden_remedy::Subject { trust: State::Is(trust.to_owned()), ..subject };
            if !self.is_shut_since(finding, &then) {
                return Vec::new();
            }
            steps.push(step.id.clone());
        }
        steps
    }
}

/// The steps that make a trail of all Regions.
fn making_a_trail(plan: &Plan) -> Vec<String> {
    let is_of_all = |step: &&Step| {
        step.operation == "CreateTrail"
            && step.input.get("IsMultiRegionTrail").and_then(Argument::as_plain)
                == Some(&serde_json::Value::Bool(true))
    };
    let Some(made) = plan.steps.iter().find(is_of_all) else { return Vec::new() };
    let all = plan.preview.remedies.iter();
    let mut of_it = all.filter(|one| one.steps.contains(&made.id));
    of_it.next().map(|one| one.steps.clone()).unwrap_or_default()
}

fn text<'s>(step: &'s Step, parameter: &str) -> Option<&'s str> {
    step.input.get(parameter).and_then(Argument::as_str)
}

#[cfg(test)]
mod tests {
    use trailwarden_remedy::find;

    use super::*;

    #[test]
    fn a_new_trail_of_all_regions_answers_that_there_was_none() {
        let plan_of = |id: &str| {
            let remedy = find(id).unwrap();
            let subject = remedy.example().unwrap();
            let (account, time) = (subject.account, subject.time);
            Plan::from_drafts(account, time, time, vec![remedy.draft(&subject).unwrap()])
        };
        let made = plan_of("create-trail");
        let all: Vec<String> = made.steps.iter().map(|step| step.id.clone()).collect();
        assert_eq!(making_a_trail(&made), all);
        assert_eq!(making_a_trail(&plan_of("restore-trail")), Vec::<String>::new());
    }
}
