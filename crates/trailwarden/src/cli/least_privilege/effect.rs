//! What narrower policies take away from one principal.

use trailwarden_account::Standing;
use trailwarden_policy::reach::{Change, Escalation, Grading, Precision, compare};

/// What changes for a principal.
#[derive(Debug)]
pub(super) struct Effect {
    pub(super) before: Grading,
    pub(super) after: Grading,
    pub(super) change: Change,
}

impl Effect {
    /// Of the policies that it would hold, under the limits that it has.
    pub(super) fn of(before: &Standing, after: &Standing) -> Self {
        Self {
            before: before.grading().clone(),
            after: after.grading().clone(),
            change: compare(before.reach(), after.reach()),
        }
    }

    /// Ways to more permissions that are closed.
    pub(super) fn closed(&self) -> impl Iterator<Item = &'static Escalation> {
        let is_left = |way: &&Escalation| self.after.escalations.iter().any(|one| one.id == way.id);
        self.before.escalations.iter().copied().filter(move |way| !is_left(way))
    }

    /// Whether all of it is known.
    pub(super) fn is_sure(&self) -> bool {
        self.change.lost_precision != Precision::Unknown
    }
}
