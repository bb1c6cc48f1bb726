//! Permissions that nobody holds yet: of policies without holders and groups without members.

use std::sync::Arc;

use trailwarden_policy::reach::{Grade, Reach};

use super::{Comparing, Who};
use crate::change::{Change, Field, Subject};
use crate::effect::scope::Scope;
use crate::effect::{Bearer, Effect, Judging, Moved};
use crate::fact::Fact;
use crate::identity::Id;
use crate::listing::Presence;
use crate::managed::ManagedPolicy;
use crate::model::Model;
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
        comparing.principal(before.as_ref(), after.as_ref(), before.is_none(), effect);
        if let Some(moved) = effect.moved.get_mut(at) {
            moved.is_latent = !scope.open_groups.contains(group);
        }
    }
    for id in &scope.policies {
        let now = document(&judging.change.after, id);
        let was = document(&judging.change.informed, id);
        policy(judging, id, None, &was, &now, comparing, effect);
    }
    for (id, version) in versions_set_aside(judging.change) {
        let Some(now) = version_of(&judging.change.after, &id, &version) else { continue };
        let was = document(&judging.change.after, &id);
        policy(judging, &id, Some(&version), &was, &now, comparing, effect);
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
    id: &Id,
    version: Option<&str>,
    was: &Option<Fact<PolicyText>>,
    now: &Option<Fact<PolicyText>>,
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
    let Some(Fact::Known { .. }) = now else {
        if let Some(Fact::Unknown { why, .. }) = now {
            effect.doubt(format!("{label}: {}", why.as_str()));
        }
        return;
    };
    let (old, new) = (of_documents(was.as_slice()), of_documents(now.as_slice()));
    let compared = comparing.compare(&old, &new);
    let who = Who {
        account: change.after.account(),
        id: id.clone(),
        bearer: Bearer::Policy,
        arn: policy.arn.to_string(),
        label,
    };
    let mut moved = Moved::between(who, None, &old, &new, compared);
    moved.is_latent = true;
    let is_worth = version.is_none() || moved.gain >= Some(Grade::Privesc);
    if moved.is_something() && is_worth {
        effect.moved.push(moved);
    }
}

/// What documents allow together, without a principal.
pub(in crate::effect) fn of_documents(documents: &[Fact<PolicyText>]) -> Reach {
    let read =
        |fact: &'_ Fact<PolicyText>| fact.value().is_some_and(|text| text.document().is_ok());
    let known = documents.iter().filter_map(|fact| fact.value()?.document().ok());
    let reach = Reach::of(known);
    if documents.iter().all(read) { reach } else { reach.union(&Reach::unknown()) }
}
