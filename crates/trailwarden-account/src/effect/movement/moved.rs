//! What one bearer gained and lost, graded.

use trailwarden_policy::reach::{Grade, Grading, Grant, Precision, Reach, grade, grade_of_user};

use super::Compared;
use crate::access::Principal;
use crate::effect::{Bearer, Exceptions, Moved, severity};
use crate::identity::Kind;

impl Moved {
    pub(in crate::effect) fn of(
        principal: &Principal,
        old: &Reach,
        new: &Reach,
        compared: Compared,
    ) -> Self {
        let bearer = match principal.kind {
            Kind::User => Bearer::User,
            Kind::Group => Bearer::Group,
            Kind::Role => Bearer::Role,
            Kind::Root => Bearer::Root,
        };
        let who = Who {
            account: principal.account,
            id: principal.id.clone(),
            bearer,
            arn: principal.likely_arn(),
            label: principal.label.clone(),
        };
        let name = (bearer == Bearer::User).then_some(&*principal.name);
        Self::between(who, name, old, new, compared)
    }

    pub(in crate::effect) fn between(
        who: Who,
        user: Option<&str>,
        old: &Reach,
        new: &Reach,
        compared: Compared,
    ) -> Self {
        let graded = |grants: &[Grant]| match user {
            Some(name) => grade_of_user(grants, name),
            None => grade(grants),
        };
        let (before, after) = (graded(old.grants()), graded(new.grants()));
        let Compared { change, gained, lost } = compared;
        let gain = Gain::of(&before, &after, &graded(&change.gained));
        let has_gain = !change.gained.is_empty();
        let is_certain = is_known(old) && is_known(new) && !(has_gain && gain.is_conditional);
        Self {
            grade_before: told(old, &before, false),
            grade_after: told(new, &after, has_gain),
            gain: has_gain.then_some(gain.grade),
            is_conditional: has_gain && gain.is_conditional,
            width: severity::width(&change.gained, &who.arn),
            exceptions: Exceptions {
                of_before: are_of_the_other(&change.gained, new),
                of_after: are_of_the_other(&change.lost, old),
            },
            gained: gained.seen_from(who.account),
            lost: lost.seen_from(who.account),
            change,
            capped: Vec::new(),
            uncapped: None,
            is_latent: false,
            is_unprovisioned: false,
            is_deleted: false,
            is_actor: false,
            through: None,
            is_certain,
            account: who.account,
            id: who.id,
            bearer: who.bearer,
            arn: who.arn,
            label: who.label,
        }
    }

    pub(in crate::effect) fn is_something(&self) -> bool {
        !self.gained.is_empty()
            || !self.change.gained.is_empty()
            || !self.change.lost.is_empty()
            || !self.capped.is_empty()
            || self.is_deleted
    }
}

/// Whose permissions.
pub(in crate::effect) struct Who {
    pub(in crate::effect) account: trailwarden_model::AccountId,
    pub(in crate::effect) id: crate::Id,
    pub(in crate::effect) bearer: Bearer,
    pub(in crate::effect) arn: String,
    pub(in crate::effect) label: String,
}

/// Whether the exceptions of a difference come from comparing: the side that has more excepts nothing.
fn are_of_the_other(difference: &[Grant], side: &Reach) -> bool {
    let excepts = |grant: &Grant| !grant.conditions.unless().is_empty();
    difference.iter().any(excepts) && !side.grants().iter().any(excepts)
}

fn is_known(reach: &Reach) -> bool {
    reach.precision() == Precision::Exact
}

/// The grade of a reach; where there may be more, only what cannot be exceeded, or what is at least
/// so after a gain.
fn told(reach: &Reach, grading: &Grading, is_at_least: bool) -> Option<Grade> {
    let is_open = reach.precision() == Precision::Unknown;
    let is_told = !is_open || is_at_least || grading.unconditional == Grade::Admin;
    is_told.then_some(grading.grade)
}

/// How far a gain goes.
pub(in crate::effect) struct Gain {
    pub(in crate::effect) grade: Grade,
    pub(in crate::effect) is_conditional: bool,
}

impl Gain {
    /// What was gained may go further together with what was there.
    fn of(before: &Grading, after: &Grading, gained: &Grading) -> Self {
        // Whoever could give himself everything has gained nothing that he could not take.
        if before.unconditional == Grade::Admin {
            return Self { grade: gained.grade.min(Grade::Write), is_conditional: false };
        }
        let grade = match after.grade > before.grade {
            true => gained.grade.max(after.grade),
            false => gained.grade,
        };
        let by_itself = gained.unconditional >= grade;
        let together = after.unconditional >= grade && before.unconditional < grade;
        Self { grade, is_conditional: !by_itself && !together }
    }
}
