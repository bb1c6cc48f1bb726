//! Who may newly enter a role, or no longer.
//!
//! A way in is somebody under some conditions: who may enter only then may not enter at other times,
//! and a condition that went away lets in whoever could not meet it. A trust policy that names a
//! principal of the role's own account lets it in by itself; one that names an account leaves it to
//! that account's policies who may (IAM User Guide, "Policy evaluation logic for requests within a
//! single account" and "Cross-account policy evaluation logic"). So for an account that is modelled,
//! the principals are proven one by one.
//!
//! Conditions change no severity: whoever opens a door to himself knows the external id that it asks
//! for.

mod comers;
mod entrant;
mod finding;
mod named;
mod news;
mod outsiders;
mod shut;
mod trusting;
mod words;

use trailwarden_model::{AccountId, Severity};
use trailwarden_policy::evaluate::{Compiled, Outcome};
use trailwarden_policy::reach::{Grade, Precision};
use trailwarden_policy::trust::{self, Gained, Grant, Who};
use trailwarden_policy::{Document, PolicyKind, has_deny};

use super::naming::arn_of;
use super::severity::of_gain;
use super::{Judging, Width, guarded};
use crate::access::{Rcps, Standing, World, as_of};
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::text::PolicyText;
use crate::trust::{in_force, is_entry, without_namesakes};
use finding::{Finding, knows_all_grants};

pub use comers::{Comers, Comes, ShutOut, shut_out};
pub use entrant::Entrant;
pub(super) use named::vouched_by;
pub(super) use outsiders::{Outsider, outsiders};
pub(super) use shut::shut;
pub(super) use trusting::roles_trusting;
pub(super) use words::opened;

/// A way into a role.
#[derive(Clone, PartialEq, Debug)]
pub struct Entrance {
    /// The role's account.
    pub account: AccountId,
    /// The role's id.
    pub role: Id,
    /// Such as `role/app`.
    pub label: String,
    /// The role's ARN.
    pub role_arn: String,
    /// Who may enter.
    pub who: Entrant,
    /// How far the role goes; none when that is not known.
    pub grade: Option<Grade>,
    /// What the trust policy says of him, with the conditions that it asks for.
    pub grant: Grant,
    /// What it said before, where that let in some of them alone, or not at all times; of a way that
    /// is shut, what is left of it.
    pub instead_of: Vec<Grant>,
    /// What else must be so, each as it stands after "if". Of a principal of a model, all that it
    /// depends on, the conditions too.
    pub doubts: Vec<String>,
    /// Whether whoever enters could do all that before.
    pub has_already: bool,
    /// Whether it may have been so before: what let others in before lets him in too if he is one of
    /// them, and that is not known.
    pub is_perhaps_old: bool,
    /// Whether it is the principal that made the change.
    pub is_actor: bool,
    /// Whether all that is said of it is certain.
    pub is_certain: bool,
}

impl Entrance {
    /// Whether somebody may do more by it.
    #[must_use]
    pub fn is_gain(&self) -> bool {
        !self.has_already && !matches!(self.who, Entrant::Service(_))
    }

    /// The severity; none for services, where passing the role is what counts.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self.grade {
            _ if !self.is_gain() => None,
            Some(grade) => {
                let severity = of_gain(grade, self.is_actor, Width::Wide);
                // As of all that is released, and nobody knows what held it back. Of another account
                // nothing speaks for its being one of those before, and whoever lets himself in has a
                // reason to.
                let is_ours = self.is_perhaps_old && !self.is_actor && self.is_for_its_account();
                let at_most = if is_ours { Severity::Medium } else { Severity::Critical };
                severity.map(|severity| severity.min(at_most))
            }
            // What strangers, or whoever let himself in, may do now is not known, and that is no
            // reason to be silent.
            None => (self.is_actor || self.is_from_outside()).then_some(Severity::Medium),
        }
    }

    /// Whether it lets in none but principals of the role's account.
    fn is_for_its_account(&self) -> bool {
        let named = trust::accounts_named(&self.grant);
        let is_its = self.who.account() == Some(self.account);
        is_its || !named.is_empty() && named.iter().all(|account| *account == self.account)
    }

    /// Whether it lets in somebody who is no principal of the role's account.
    fn is_from_outside(&self) -> bool {
        match &self.who {
            Entrant::Service(_) => false,
            who => who.account() != Some(self.account),
        }
    }
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut super::Effect) {
    let change = judging.change;
    let mut roles: Vec<(&Id, bool)> = Vec::new();
    for touched in &change.touched {
        let Subject::Identity(Kind::Role, id) = &touched.subject else { continue };
        let is_new = touched.field == Field::Existence && change.informed.identity(id).is_none();
        match roles.iter_mut().find(|(found, _)| *found == id) {
            Some((_, was_made)) => *was_made |= is_new,
            None if is_new || touched.field == Field::Trust => roles.push((id, is_new)),
            None => {}
        }
    }
    let never_seen = Fact::default();
    for (id, is_new) in roles {
        let Some(role) = change.after.identity(id) else { continue };
        if is_new {
            new_role(judging, role, effect);
            continue;
        }
        let before = change.informed.identity(id).map(|before| &before.trust);
        let was = (&change.informed, before.unwrap_or(&never_seen));
        role_trust(judging, was, (&change.after, role), effect);
    }
    // A resource control policy is one more Deny of every trust policy below it.
    for account in guarded::accounts(judging) {
        let Some(model) = judging.after.model(account) else { continue };
        for role in model.of_kind(Kind::Role).filter(|role| !role.is_service_linked()) {
            role_trust(judging, (model, &role.trust), (model, role), effect);
        }
    }
}

fn role_trust(
    judging: &Judging<'_>,
    (was, before): (&Model, &Fact<PolicyText>),
    (model, role): (&Model, &Identity),
    effect: &mut super::Effect,
) {
    let account = model.account();
    let rcps = [judging.before, judging.after].map(|world| world.rcps(account));
    let read = |fact: &Fact<PolicyText>, model: &Model, rcps: &Rcps| -> Option<Document> {
        let document = fact.value()?.document().ok()?;
        let in_force = in_force(document, rcps, model, role);
        judging.turns.of_document(&in_force, judging.after.now());
        let in_force = without_namesakes(in_force, fact, judging.after);
        Some(as_of(in_force, judging.after.now()).into_owned())
    };
    let [rcps_before, rcps_after] = &rcps;
    let (old, new) = (read(before, was, rcps_before), read(&role.trust, model, rcps_after));
    let Some(new) = new else {
        effect.doubt(format!("trust policy of {}", name_of(role)));
        effect.is_open_ended = true;
        return;
    };
    let home = Some(model.account());
    let finding = Finding::new(judging, model, role, old.as_ref(), &new);
    let gained = trust::gained(old.as_ref(), &new, home);
    effect.entries.extend(finding.entrances(&gained, true));
    let is_left =
        |one: &Gained| is_entry(&one.grant) && one.grant.who == Who::Account(model.account());
    if gained.iter().any(is_left) && !knows_all_grants(model, role) {
        // Whoever was not seen whole may be let in by his own policies.
        effect.doubt(format!("who in the account is allowed to assume {}", name_of(role)));
        effect.is_open_ended = true;
    }
    if let Some(old) = &old {
        let lost = trust::gained(Some(&new), old, home);
        let shut = finding.entrances(&lost, false);
        // Whoever is named beside others who may enter still is hardly named as one of them.
        let makes_room = |one: &Entrance| matches!(one.grant.who, Who::Anyone | Who::Account(_));
        let is_room = shut.iter().any(makes_room);
        let is_its = |entry: &&mut Entrance| entry.account == account && entry.role == role.id;
        for entry in effect.entries.iter_mut().filter(is_its) {
            entry.is_perhaps_old &= is_room;
        }
        effect.shut.extend(shut);
    } else {
        effect.doubt(format!("trust policy of {} before", name_of(role)));
    }
    let has_entries = effect.entries.iter().any(Entrance::is_gain);
    let own = role.trust.value().and_then(|text| text.document().ok());
    if has_entries && own.is_some_and(has_deny) {
        effect.note(&format!("a Deny in the trust policy of {} may take some back", name_of(role)));
    } else if has_entries && has_deny(&new) {
        effect
            .note(&format!("a resource control policy over account {account} may take some back"));
    }
    if has_entries && finding.grade.is_none() {
        effect.doubt(format!("what {} may do", name_of(role)));
    }
}

/// Of a role that was just made, only whom it lets in from outside is news: the account has no use of
/// a role without permissions, and what it gets is told when it does.
fn new_role(judging: &Judging<'_>, role: &Identity, effect: &mut super::Effect) {
    let model = &judging.change.after;
    let Some(document) = role.trust.value().and_then(|text| text.document().ok()) else { return };
    let document = in_force(document, &judging.after.rcps(model.account()), model, role);
    judging.turns.of_document(&document, judging.after.now());
    let document = as_of(document, judging.after.now());
    let closed = Document::default();
    let finding = Finding::new(judging, model, role, Some(&closed), &document);
    let entrances = finding.entrances(&trust::gained(None, &document, Some(model.account())), true);
    effect.entries.extend(entrances.into_iter().filter(Entrance::is_from_outside));
}

/// Whether a principal may assume a role that has that trust policy.
pub(super) fn may_enter(
    standing: &Standing,
    (world, model): (World<'_>, &Model),
    role: &Identity,
    trust: &Document,
) -> Outcome {
    let trust = in_force(trust, &world.rcps(model.account()), model, role);
    let trust = without_namesakes(trust, &role.trust, world);
    let compiled = Compiled::new("trust policy", &trust, PolicyKind::Trust);
    let caller = standing.principal.likely_arn();
    news::decide(standing, &caller, &arn_of(model, role), &compiled)
        .map_or(Outcome::Unknown, |decision| decision.outcome)
}

/// How far a principal may go; none when there may be more.
pub(super) fn grade_of(world: World<'_>, account: AccountId, id: &Id) -> Option<Grade> {
    grade_told(&world.standing(account, id)?)
}

/// The same of somebody whose permissions were found.
pub(super) fn grade_told(standing: &Standing) -> Option<Grade> {
    let grading = standing.grading();
    let is_known = standing.reach().precision() != Precision::Unknown;
    (is_known || grading.grade >= Grade::Privesc).then_some(grading.grade)
}
