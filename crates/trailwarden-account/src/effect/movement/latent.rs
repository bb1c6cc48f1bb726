//! Permissions that nobody holds yet: of policies without holders and groups without members.

use std::sync::Arc;

use trailwarden_policy::reach::{Grade, Limits, Reach};

use super::{Comparing, Sides, Who, caps};
use crate::change::{Change, Field, Subject};
use crate::effect::scope::Scope;
use crate::effect::{Bearer, Effect, Judging, Moved};
use crate::fact::Fact;
use crate::identity::Id;
use crate::listing::Presence;
use crate::managed::ManagedPolicy;
use crate::model::Model;
use crate::query::why_unknown;
use crate::text::PolicyText;

pub(super) fn judge(
    judging: &Judging<'_>,
    scope: &Scope,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let account = judging.change.after.account();
    for group in &scope.groups {
        let before = judging.before.standing(account, group);
        let after = judging.after.standing(account, group);
        let at = effect.moved.len();
        let sides = Sides {
            before: before.as_ref(),
            after: after.as_ref(),
            is_new: before.is_none() && super::is_made_here(judging, group),
        };
        comparing.principal(sides, &judging.change.proof, effect);
        if let Some(moved) = effect.moved.get_mut(at) {
            moved.is_latent = !scope.open_groups.contains(group);
        }
    }
    for id in &scope.policies {
        let now = document(&judging.change.after, id);
        let was = document(&judging.change.informed, id).or_else(|| {
            // What was not made here was there before, whatever it said.
            let is_made = |touched: &crate::Touched| touched.field == Field::Existence;
            (!judging.change.touched.iter().any(is_made)).then(Fact::default)
        });
        let is_open = scope.open_policies.contains(id);
        policy(judging, (id, None), (&was, &now), is_open, comparing, effect);
    }
    for (id, version) in versions_set_aside(judging.change) {
        let Some(now) = version_of(&judging.change.after, &id, &version) else { continue };
        let was = document(&judging.change.after, &id);
        policy(judging, (&id, Some(&version)), (&was, &now), false, comparing, effect);
    }
}

fn find<'m>(model: &'m Model, id: &Id) -> Option<&'m ManagedPolicy> {
    model.policies.get(id).map(AsRef::as_ref)
}

/// The document that counts; none when there is no such policy.
fn document(model: &Model, id: &Id) -> Option<Fact<PolicyText>> {
    find(model, id).map(ManagedPolicy::document)
}

/// Versions that were made and do not count yet.
fn versions_set_aside(change: &Change) -> Vec<(Id, Arc<str>)> {
    let made =
        |touched: &&crate::Touched| touched.field == Field::Version && touched.item.is_some();
    let set_aside = change.touched.iter().filter(made).filter_map(|touched| {
        let Subject::Policy(id) = &touched.subject else { return None };
        let version = touched.item.clone()?;
        let is_default = find(&change.after, id)?.default.value() == Some(&version);
        (!is_default).then(|| (id.clone(), version))
    });
    set_aside.collect()
}

fn version_of(model: &Model, id: &Id, version: &Arc<str>) -> Option<Option<Fact<PolicyText>>> {
    match find(model, id)?.versions.get(version) {
        Presence::Present(document) => Some(Some(document.clone())),
        Presence::Absent | Presence::Unknown(_) => None,
    }
}

fn policy(
    judging: &Judging<'_>,
    (id, version): (&Id, Option<&str>),
    (was, now): (&Option<Fact<PolicyText>>, &Option<Fact<PolicyText>>),
    is_open: bool,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let change = judging.change;
    let Some(policy) = find(&change.after, id).or_else(|| find(&change.informed, id)) else {
        return;
    };
    let label = match version {
        Some(version) => format!("version {version} of policy/{}", policy.name()),
        None => format!("policy/{}", policy.name()),
    };
    let Some(text) = now else { return };
    if let Some(why) = why_unknown(text) {
        effect.doubt(format!("{label}: {}", why.as_str()));
        return;
    }
    // Whoever it may be attached to is of its account.
    let account = change.after.account();
    let [allowed_before, allowed] = [was, now].map(|text| of_documents(text.as_slice()));
    let scps = judging.after.scps(account);
    let limits = Limits { scps: scps.caps(), ..Limits::default() };
    // What the caps were before makes no difference to what the policy itself says more or less.
    let [old, new] = [&allowed_before, &allowed].map(|reach| {
        let reach = limits.apply(reach).in_account(account, change.after.partition());
        if scps.missing.is_none() { reach } else { reach.or_less() }
    });
    let compared = comparing.compare(&old, &new);
    let who = Who {
        account,
        id: id.clone(),
        bearer: Bearer::Policy,
        arn: policy.arn.to_string(),
        label: label.clone(),
    };
    let mut moved = Moved::between(who, None, &old, &new, compared);
    moved.is_latent = !is_open;
    caps::of_policy(&mut moved, (&allowed_before, &allowed), (&scps, &limits));
    let is_worth = version.is_none() || moved.gain >= Some(Grade::Privesc);
    if moved.is_something() && is_worth {
        effect.moved.push(moved);
    } else if version.is_none() {
        effect.doubt_of(&label, &old, &new);
    }
}

/// What documents allow together, without a principal.
pub(in crate::effect) fn of_documents(documents: &[Fact<PolicyText>]) -> Reach {
    let read = |fact: &'_ Fact<PolicyText>| why_unknown(fact).is_none();
    let known = documents.iter().filter_map(|fact| fact.value()?.document().ok());
    let reach = Reach::of(known);
    if documents.iter().all(read) { reach } else { reach.union(&Reach::unknown()) }
}
