//! What carrying out a plan takes beside what its steps say: secrets to be handed over, and the permissions
//! for the executor's own questions.

use std::collections::BTreeSet;

use trailwarden_remedy::calls::{self, Shows};
use trailwarden_remedy::plan::{Argument, Input, Permission};
use trailwarden_remedy::{Plan, Step};

use super::{Direction, makers};
use crate::previews::moves_access;

/// Whether carrying out a plan, or taking it back, hands secrets over.
#[must_use]
pub fn makes_secrets(plan: &Plan, direction: Direction) -> bool {
    plan.steps.iter().filter_map(|step| writes(step, direction)).any(
        |(operation, service, input)| {
            let reveals =
                calls::find(service, operation).is_some_and(|call| !call.reveals().is_empty());
            reveals || makes_password(input)
        },
    )
}

/// The permissions that carrying out a plan and taking it back takes: those of its steps, and those for what
/// is asked besides: who may do what now, what the caller holds, which things a call made, which passwords the
/// account takes.
#[must_use]
pub fn permissions(plan: &Plan) -> Vec<Permission> {
    let mut needed: BTreeSet<Permission> = BTreeSet::new();
    let mut of_any = |action: &str| {
        needed.insert(Permission { action: action.to_owned(), resource: "*".to_owned() });
    };
    for action in [
        "iam:GetRole",
        "iam:GetUser",
        "iam:ListAttachedGroupPolicies",
        "iam:ListAttachedRolePolicies",
        "iam:ListAttachedUserPolicies",
        "iam:ListGroupsForUser",
    ] {
        of_any(action);
    }
    if moves_access(plan) {
        trailwarden_aws::permissions::access().into_iter().for_each(&mut of_any);
    }
    for step in &plan.steps {
        let inputs = [Direction::Apply, Direction::Undo];
        let mut inputs = inputs.into_iter().filter_map(|direction| writes(step, direction));
        if inputs.any(|(.., input)| makes_password(input)) {
            of_any("iam:GetAccountPasswordPolicy");
        }
        let call = calls::find(&step.service, &step.operation);
        if call.is_some_and(|call| matches!(call.shows, Shows::Reply { .. })) {
            makers::questions(&step.operation).for_each(&mut of_any);
        }
    }
    needed.extend(plan.steps.iter().flat_map(|step| step.permissions.iter().cloned()));
    needed.into_iter().collect()
}

/// The call of a step in a direction: operation, service, parameters.
fn writes(step: &Step, direction: Direction) -> Option<(&str, &str, &Input)> {
    match direction {
        Direction::Apply => Some((&step.operation, &step.service, &step.input)),
        Direction::Undo => {
            let inverse = step.inverse.as_ref()?;
            Some((&inverse.operation, &inverse.service, &inverse.input))
        }
    }
}

fn makes_password(input: &Input) -> bool {
    input.values().any(|argument| matches!(argument, Argument::Made { .. }))
}
