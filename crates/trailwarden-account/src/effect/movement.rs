//! The permissions of a bearer before and after.

mod caps;
mod doubt;
mod latent;
mod moved;
mod recent;

use std::cell::RefCell;

use foldhash::HashMap;
use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::reach::{
    Change, Grade, Grant, Precision, Reach, compare, without_the_alike,
};

use super::scope::Scope;
use super::{Effect, Judging, Moved, Phrases, Width, severity};
use crate::access::{Principal, Standing, World};
use crate::change::{Field, Subject, Touched};
use crate::fact::{Proof, Why};
use crate::identity::Kind;

pub(super) use latent::of_documents;
pub(super) use moved::Who;

/// Why permissions are not worked out, and what can be done about it.
const TOO_COMPLEX: &str = "too complex to be worked out as a whole, so it may be anything (`can` still answers for one action)";

/// Compares all whom the change may have moved.
pub(super) fn judge(judging: &Judging<'_>, scope: &Scope, effect: &mut Effect) {
    effect.is_open_ended |= scope.is_open_ended;
    effect.unordered = doubt::unordered(judging.change);
    let mut comparing = Comparing::default();
    for (account, id) in &scope.principals {
        let before = judging.before.standing(*account, id);
        let after = judging.after.standing(*account, id);
        let after = match &before {
            Some(before) => after.map(|after| after.beside(before)),
            None => after,
        };
        let is_new = before.is_none() && is_made_here(judging, id);
        if is_new && let Some(after) = after.as_ref().filter(|_| !is_of_aws(judging, id)) {
            for unknown in &after.held.unknowns {
                effect.doubt(format!("{}: {}", unknown.what, unknown.why.as_str()));
            }
        }
        if let Some(after) = &after {
            judging.turns.of_standing(after, judging.after.now());
        }
        let sides = Sides { before: before.as_ref(), after: after.as_ref(), is_new };
        comparing.principal(sides, &judging.change.proof, effect);
    }
    for line in &scope.doubts {
        effect.doubt(line.clone());
    }
    for label in judging.change.touched.iter().filter_map(|touched| gone_unseen(judging, touched)) {
        effect.doubt(format!("what {label} could do: {}", Why::NeverSeen.as_str()));
    }
    latent::judge(judging, scope, &mut comparing, effect);
    let idle: RefCell<HashMap<String, bool>> = RefCell::default();
    let is_wide = |one: &&mut Moved| one.gain == Some(Grade::Write) && one.width == Width::Wide;
    for moved in effect.moved.iter_mut().filter(is_wide) {
        moved.width = severity::width_but(&moved.change.gained, &moved.arn, |role| {
            let mut idle = idle.borrow_mut();
            *idle.entry(role.to_owned()).or_insert_with(|| is_idle(judging.after, role))
        });
    }
    let has_gain = effect.moved.iter().any(|moved| moved.gain.is_some());
    if has_gain {
        for unknown in &scope.unknowns {
            effect.doubt(format!("{}: {}", unknown.what, unknown.why.as_str()));
        }
    }
}

/// Whether all that a role may do was seen, and it changes nothing.
fn is_idle(world: World<'_>, arn: &str) -> bool {
    let account = Arn::parse(arn).and_then(|arn| AccountId::parse(arn.account));
    let known = account.and_then(|account| {
        let role = world.model(account)?.find_arn(arn).filter(|one| one.kind == Kind::Role)?;
        world.standing(account, &role.id)
    });
    known.is_some_and(|role| {
        role.reach().precision() == Precision::Exact && role.grading().grade < Grade::Write
    })
}

/// Whether it is a role that AWS makes for a service alone.
fn is_of_aws(judging: &Judging<'_>, id: &crate::Id) -> bool {
    judging.change.after.identity(id).is_some_and(crate::Identity::is_service_linked)
}

/// Whoever was deleted and had never been seen, such as `user/bob`. Of a group nothing is lost: AWS
/// deletes none that has members.
///
/// Source: IAM API Reference, `DeleteGroup`.
pub(super) fn gone_unseen(judging: &Judging<'_>, touched: &Touched) -> Option<String> {
    let Subject::Identity(Kind::User | Kind::Role, id) = &touched.subject else { return None };
    let models = [&judging.change.informed, &judging.change.after];
    let is_unseen = touched.field == Field::Existence
        && models.iter().all(|model| model.identity(id).is_none());
    id.provisional_label().filter(|_| is_unseen).map(str::to_owned)
}

/// Whether the change made it; else it is only seen for the first time.
fn is_made_here(judging: &Judging<'_>, id: &crate::Id) -> bool {
    let created = judging.change.after.identity(id).map(|identity| identity.created.proof());
    created.flatten() == Some(&judging.change.proof)
}

/// Comparisons are kept: holders of a policy gain and lose the same by it, unless something else that
/// they have is about the same. So are the last words.
#[derive(Default)]
pub(super) struct Comparing {
    known: HashMap<(Reach, Reach), Compared>,
    gained: Option<Phrases>,
    lost: Option<Phrases>,
}

/// The words for grants, unless they are the same as the last.
fn words(grants: &[Grant], last: &mut Option<Phrases>) -> Phrases {
    match last.as_ref().filter(|same| same.are_of(grants)) {
        Some(same) => same.clone(),
        None => last.insert(Phrases::of(grants)).clone(),
    }
}

/// A difference with its words.
#[derive(Clone)]
pub(super) struct Compared {
    pub(super) change: Change,
    gained: Phrases,
    lost: Phrases,
}

impl Comparing {
    pub(super) fn compare(&mut self, old: &Reach, new: &Reach) -> Compared {
        recent::or_worked_out(old, new, || self.compared(old, new))
    }

    fn compared(&mut self, old: &Reach, new: &Reach) -> Compared {
        let key = without_the_alike(old, new);
        if let Some(compared) = self.known.get(&key) {
            return compared.clone();
        }
        let change = compare(&key.0, &key.1);
        let gained = words(&change.gained, &mut self.gained);
        let lost = words(&change.lost, &mut self.lost);
        let compared = Compared { change, gained, lost };
        self.known.insert(key, compared.clone());
        compared
    }

    fn principal(&mut self, sides: Sides<'_>, record: &Proof, effect: &mut Effect) {
        let Sides { before, after, is_new } = sides;
        let Some(principal) = after.or(before).map(|standing| &standing.principal) else { return };
        let doubts = doubt::between(before, after, record);
        let mut has_doubts = !doubts.lines.is_empty();
        for line in doubts.lines {
            effect.doubt(line);
        }
        effect.is_open_ended |= doubts.is_open || doubts.hides_the_difference;
        if doubts.hides_the_difference {
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
        let is_too_complex =
            compared.change.is_too_complex || [old, new].iter().any(|reach| reach.is_too_complex());
        if is_too_complex {
            let name = &principal.label;
            effect.doubt(format!("what {name} may do: {TOO_COMPLEX}"));
            has_doubts = true;
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
        if let (Some(before), Some(after)) = (before, after)
            && moved.gain.is_none()
            && moved.capped.is_empty()
            && !has_doubts
        {
            self.at_most(&mut moved, before, after);
        }
        if moved.is_something() {
            effect.moved.push(moved);
        }
    }

    /// Where only a part is known and it gained nothing, a Deny or a cap that came or went may still
    /// have moved the rest: what nothing known forbids is compared in its place.
    fn at_most(&mut self, moved: &mut Moved, before: &Standing, after: &Standing) {
        let is_partly_known =
            [before, after].iter().any(|one| one.reach().precision() == Precision::Unknown);
        let is_same_principal = before.principal.likely_arn() == after.principal.likely_arn();
        if !is_partly_known || !is_same_principal || doubt::is_same_text(before, after) {
            return;
        }
        let Compared { change, gained, lost } = self.compare(&before.ceiling(), &after.ceiling());
        // What is denied no more is not therefore allowed.
        if !gained.is_empty() {
            moved.uncapped = Some(after.graded(&change.gained).grade);
            moved.gained = gained.seen_from(moved.account);
            moved.is_certain = false;
        }
        // What is denied now is lost, whoever allowed it.
        if moved.lost.is_empty() && !lost.is_empty() {
            moved.is_certain = moved.gained.is_empty();
            moved.lost = lost.seen_from(moved.account);
            moved.change.lost = change.lost;
        }
    }
}

/// A principal before and after.
pub(super) struct Sides<'s> {
    before: Option<&'s Standing>,
    after: Option<&'s Standing>,
    /// Whether the change made it; else it is only seen for the first time.
    is_new: bool,
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
            self.gained = Phrases::of(gained);
            self.lost = Phrases::of(lost);
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

impl Effect {
    /// Where nothing moved as far as is known, and not all is known.
    pub(super) fn doubt_of(&mut self, label: &str, old: &Reach, new: &Reach) {
        let reaches = [old, new];
        if reaches.iter().any(|reach| reach.is_too_complex()) {
            self.doubt(format!("what {label} allows: {TOO_COMPLEX}"));
        } else if reaches.iter().any(|reach| reach.precision() == Precision::Unknown) {
            self.doubt(format!("what {label} allows"));
        }
    }

    pub(super) fn note(&mut self, line: &str) {
        if !self.notes.iter().any(|note| note == line) {
            self.notes.push(line.to_owned());
        }
    }
}
