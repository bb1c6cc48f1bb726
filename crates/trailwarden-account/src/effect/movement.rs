//! The permissions of a bearer before and after.

mod caps;
mod doubt;
mod latent;

use trailwarden_policy::reach::{Change, Grade, Grading, Grant, Precision, Reach};
use trailwarden_policy::reach::{compare, describe, grade, grade_of_user};

use super::scope::Scope;
use super::{Bearer, Effect, Judging, Moved, severity};
use crate::access::{Principal, Standing};
use crate::identity::Kind;

pub(super) use latent::of_documents;

/// Compares all whom the change may have moved.
pub(super) fn judge(judging: &Judging<'_>, scope: &Scope, effect: &mut Effect) {
    effect.is_open_ended |= scope.is_open_ended;
    let mut comparing = Comparing::default();
    for (account, id) in &scope.principals {
        let before = judging.before.standing(*account, id);
        let after = judging.after.standing(*account, id);
        let is_new = before.is_none() && is_made_here(judging, id);
        comparing.principal(before.as_ref(), after.as_ref(), is_new, effect);
    }
    latent::judge(judging, scope, &mut comparing, effect);
    let has_gain = effect.moved.iter().any(|moved| moved.gain.is_some());
    if has_gain {
        for unknown in &scope.unknowns {
            effect.doubt(format!("{}: {}", unknown.what, unknown.why.as_str()));
        }
    }
}

/// Whether the change made it; else it is only seen for the first time.
fn is_made_here(judging: &Judging<'_>, id: &crate::Id) -> bool {
    let created = judging.change.after.identity(id).map(|identity| identity.created.proof());
    created.flatten() == Some(&judging.change.proof)
}

/// The last comparison is kept, for members of a group have the same policies; and the last words,
/// for holders of a policy gain the same from it whatever else they have.
#[derive(Default)]
pub(super) struct Comparing {
    last: Option<(Reach, Reach, Compared)>,
    gained: Option<(Vec<Grant>, Vec<String>)>,
    lost: Option<(Vec<Grant>, Vec<String>)>,
}

/// The words for grants, unless they are the same as the last.
fn words(grants: &[Grant], last: &mut Option<(Vec<Grant>, Vec<String>)>) -> Vec<String> {
    if let Some((_, words)) = last.as_ref().filter(|(same, _)| same == grants) {
        return words.clone();
    }
    let words = describe(grants);
    *last = Some((grants.to_vec(), words.clone()));
    words
}

/// A difference with its words.
#[derive(Clone)]
pub(super) struct Compared {
    pub(super) change: Change,
    gained: Vec<String>,
    lost: Vec<String>,
}

impl Comparing {
    pub(super) fn compare(&mut self, old: &Reach, new: &Reach) -> Compared {
        if let Some((before, after, compared)) = &self.last
            && before == old
            && after == new
        {
            return compared.clone();
        }
        let change = compare(old, new);
        let gained = words(&change.gained, &mut self.gained);
        let lost = words(&change.lost, &mut self.lost);
        let compared = Compared { change, gained, lost };
        self.last = Some((old.clone(), new.clone(), compared.clone()));
        compared
    }

    fn principal(
        &mut self,
        before: Option<&Standing>,
        after: Option<&Standing>,
        is_new: bool,
        effect: &mut Effect,
    ) {
        let Some(principal) = after.or(before).map(|standing| &standing.principal) else { return };
        let doubts = doubt::between(before, after);
        for line in doubts.lines {
            effect.doubt(line);
        }
        if doubts.hides_the_difference {
            effect.is_open_ended = true;
            return;
        }
        let (unknown, nothing) = (Reach::unknown(), Reach::nothing());
        let old = match before {
            None if is_new => &nothing,
            None => &unknown,
            Some(_) if doubt::releases_the_unknown(before, after) => &unknown,
            Some(before) => before.reach(),
        };
        let new = after.map_or(&nothing, Standing::reach);
        let mut compared = self.compare(old, new);
        if let Some(before) = before.filter(|before| !std::ptr::eq(old, before.reach())) {
            // What is released is graded alone; what was known to be there may still be lost.
            let Compared { change, lost, .. } = self.compare(before.reach(), new);
            compared.change.lost = change.lost;
            compared.lost = lost;
        }
        if let (Some(before), Some(after)) = (before, after) {
            compared.follow_the_name(&before.principal, &after.principal);
        }
        let is_deleted = after.is_none();
        let mut moved = Moved::of(principal, old, new, compared);
        moved.is_deleted = is_deleted;
        if let (Some(after), false) = (after, is_deleted) {
            caps::judge(&mut moved, before, after);
        }
        if let Some(after) = after.filter(|_| moved.gain.is_some()) {
            for unknown in after.unknowns() {
                effect.doubt(format!("{}: {}", unknown.what, unknown.why.as_str()));
            }
            for line in after.assumptions() {
                effect.note(line);
            }
        }
        if moved.is_something() {
            effect.moved.push(moved);
        }
    }
}

impl Compared {
    /// Leaves out what a principal may do to itself under its old name and its new one: it is the same.
    fn follow_the_name(&mut self, before: &Principal, after: &Principal) {
        if before.likely_arn() == after.likely_arn() {
            return;
        }
        let Change { gained, lost, .. } = &mut self.change;
        let (was, is) = (gained.len(), lost.len());
        gained.retain(|grant| !is_about(grant, &after.name));
        lost.retain(|grant| !is_about(grant, &before.name));
        if (was, is) != (gained.len(), lost.len()) {
            self.gained = describe(gained);
            self.lost = describe(lost);
        }
    }
}

/// Whether a grant is about the IAM resources of one name alone: a user, his MFA device.
fn is_about(grant: &Grant, name: &str) -> bool {
    let is_named = |text: String| {
        let last = text.rsplit('/').next().unwrap_or_default().to_owned();
        text.contains(":iam:") && last.eq_ignore_ascii_case(name)
    };
    grant.resources.iter().all(|area| area.within().iter().any(|glob| is_named(glob.to_string())))
}

impl Moved {
    pub(super) fn of(principal: &Principal, old: &Reach, new: &Reach, compared: Compared) -> Self {
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

    pub(super) fn between(
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
            gained,
            lost,
            change,
            capped: Vec::new(),
            uncapped: None,
            is_latent: false,
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

    pub(super) fn is_something(&self) -> bool {
        !self.change.gained.is_empty()
            || !self.change.lost.is_empty()
            || !self.capped.is_empty()
            || self.is_deleted
    }
}

/// Whose permissions.
pub(super) struct Who {
    pub(super) account: trailwarden_model::AccountId,
    pub(super) id: crate::Id,
    pub(super) bearer: Bearer,
    pub(super) arn: String,
    pub(super) label: String,
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
pub(super) struct Gain {
    pub(super) grade: Grade,
    pub(super) is_conditional: bool,
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

impl Effect {
    pub(super) fn note(&mut self, line: &str) {
        if !self.notes.iter().any(|note| note == line) {
            self.notes.push(line.to_owned());
        }
    }
}
