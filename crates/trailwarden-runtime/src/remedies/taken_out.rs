//! What the plan takes out of policies already: a finding about no more has its steps.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_remedy::Subject;
use trailwarden_remedy::subject::{Known as State, Policy};

/// What is taken out of each policy, and by which group of steps.
#[derive(Default)]
pub(super) struct TakenOut(BTreeMap<Place, (usize, Taken)>);

/// A policy: of whom, where it is an inline one, and its name or ARN.
type Place = (Option<String>, String);

/// Statements, whole; or, where actions go and their statements stay, what is left of the document.
#[derive(PartialEq, Eq)]
struct Taken {
    statements: BTreeSet<usize>,
    left: Option<String>,
}

impl TakenOut {
    /// Takes in groups of steps, the first of which has that number, and what each is about.
    pub(super) fn add(&mut self, first: usize, subjects: &[Subject]) {
        for (at, subject) in subjects.iter().enumerate() {
            if let Some(place) = place(subject).filter(|_| !subject.statements.is_empty()) {
                self.0.insert(place, (first + at, Taken::of(subject)));
            }
        }
    }

    /// The group of steps that takes out all that is at fault in a finding's only policy.
    pub(super) fn by(&self, subjects: &[Subject]) -> Option<usize> {
        let [subject] = subjects else { return None };
        let (draft, taken) = self.0.get(&place(subject)?)?;
        let wanted = Taken::of(subject);
        // Of a statement that stays in part, others may find fault with what is left.
        let is_taken = match (&taken.left, &wanted.left) {
            (None, None) => wanted.statements.is_subset(&taken.statements),
            _ => *taken == wanted,
        };
        (is_taken && !wanted.statements.is_empty()).then_some(*draft)
    }
}

impl Taken {
    fn of(subject: &Subject) -> Self {
        let left = match &subject.before {
            State::Is(left) => Some(left.clone()),
            State::Absent | State::Unknown => None,
        };
        Self { statements: subject.statements.clone(), left }
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
