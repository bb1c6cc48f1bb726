//! Which statements the plan takes out of policies already: a finding about no others has its steps.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_remedy::Subject;
use trailwarden_remedy::subject::Policy;

/// The statements that are taken out of each policy, and by which group of steps.
#[derive(Default)]
pub(super) struct TakenOut(BTreeMap<Place, (usize, BTreeSet<usize>)>);

/// A policy: of whom, where it is an inline one, and its name or ARN.
type Place = (Option<String>, String);

impl TakenOut {
    /// Takes in groups of steps, the first of which has that number, and what each is about.
    pub(super) fn add(&mut self, first: usize, subjects: &[Subject]) {
        for (at, subject) in subjects.iter().enumerate() {
            if let Some(place) = place(subject).filter(|_| !subject.statements.is_empty()) {
                self.0.insert(place, (first + at, subject.statements.clone()));
            }
        }
    }

    /// The group of steps that takes out all that is at fault in a finding's only policy.
    pub(super) fn by(&self, subjects: &[Subject]) -> Option<usize> {
        let [subject] = subjects else { return None };
        let (draft, taken) = self.0.get(&place(subject)?)?;
        let is_taken = !subject.statements.is_empty() && subject.statements.is_subset(taken);
        is_taken.then_some(*draft)
    }
}

fn place(subject: &Subject) -> Option<Place> {
    match subject.policy.as_ref()? {
        Policy::Inline(name) => {
            let holder = subject.principal.as_ref()?;
            Some((Some(holder.arn.clone()), name.clone()))
        }
        Policy::Managed { arn, .. } => Some((None, arn.clone())),
    }
}
