//! The part of a plan that may take access away: only what is not known of that part may hide that
//! somebody is hit. Of the rest, nobody knows at worst who gains how much.

use std::collections::BTreeSet;

use trailwarden_remedy::calls::{Taking, taking};
use trailwarden_remedy::plan::Argument;
use trailwarden_remedy::{Plan, Step};

/// The steps that may take access away, with those on whose replies they wait; none where that is all
/// of them.
pub(super) fn part(plan: &Plan) -> Option<Plan> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    // Replies are those of earlier steps, so the last comes first.
    for step in plan.steps.iter().rev() {
        if wanted.contains(step.id.as_str()) || taking(step) != Taking::Nothing {
            wanted.insert(&step.id);
            wanted.extend(awaited(step));
        }
    }
    if wanted.len() == plan.steps.len() {
        return None;
    }
    let steps = plan.steps.iter().filter(|step| wanted.contains(step.id.as_str()));
    Some(Plan { steps: steps.cloned().collect(), ..plan.clone() })
}

fn awaited(step: &Step) -> impl Iterator<Item = &str> {
    step.input.values().filter_map(|argument| match argument {
        Argument::Result { result } => Some(result.step.as_str()),
        Argument::Plain(_) | Argument::Made { .. } => None,
    })
}
