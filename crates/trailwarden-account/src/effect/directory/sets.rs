//! What permission sets allow, as they are defined and as they are in each account.

use std::sync::Arc;

use trailwarden_model::AccountId;
use trailwarden_policy::reach::{Grade, Limits, Reach};

use super::center;
use crate::access::World;
use crate::change::{Field, Subject};
use crate::directory::PermissionSet;
use crate::effect::movement::{Comparing, Who, of_documents};
use crate::effect::{Bearer, Effect, Judging, Moved};
use crate::fact::Fact;
use crate::identity::Id;
use crate::model::Model;
use crate::text::PolicyText;

pub(super) fn name_of(set: &PermissionSet) -> String {
    let name = set.name.last_value().cloned();
    let name = name.unwrap_or_else(|| set.arn.rsplit('/').next().unwrap_or_default().into());
    format!("permission set {name}")
}

/// The name of a set, or its ARN where it was never seen.
pub(super) fn name_in(model: &Model, arn: &Arc<str>) -> String {
    let set = center(model).permission_sets.get(arn);
    set.map_or_else(|| format!("permission set {arn}"), |set| name_of(set))
}

/// A policy that a set names: by its ARN, or by path and name, which each account has for itself.
///
/// Source: IAM Identity Center User Guide, "Custom permissions" (customer managed policies).
fn document_of(
    world: World<'_>,
    model: &Model,
    policy: &str,
    account: Option<&str>,
) -> Fact<PolicyText> {
    if !policy.starts_with('/') {
        return model.document_of(policy);
    }
    let own = account.and_then(AccountId::parse).and_then(|account| world.model(account));
    let Some(own) = own else { return Fact::default() };
    own.document_of(&format!("arn:{}:iam::{}:policy{policy}", own.partition(), own.account()))
}

/// What a set allows in an account.
pub(super) fn reach_of(
    world: World<'_>,
    model: &Model,
    set: &PermissionSet,
    account: Option<&str>,
) -> Reach {
    let find = |policy: &Arc<str>| document_of(world, model, policy, account);
    let mut documents: Vec<Fact<_>> =
        set.managed.keys().chain(set.customer.keys()).map(find).collect();
    match &set.inline {
        Fact::Known { value: Some(text), proof } => {
            documents.push(Fact::known(text.clone(), proof));
        }
        Fact::Known { value: None, .. } => {}
        Fact::Unknown { .. } => documents.push(Fact::default()),
    }
    if !set.managed.is_complete() || !set.customer.is_complete() {
        documents.push(Fact::default());
    }
    let reach = of_documents(&documents);
    let capped = match &set.boundary {
        Fact::Known { value: None, .. } => reach,
        Fact::Known { value: Some(policy), .. } => match find(policy) {
            Fact::Known { value, proof } => {
                let cap = of_documents(&[Fact::known(value, &proof)]);
                Limits { boundary: Some(cap), ..Limits::default() }.apply(&reach)
            }
            Fact::Unknown { .. } => reach.or_less(),
        },
        Fact::Unknown { .. } => reach.or_less(),
    };
    match account.and_then(AccountId::parse) {
        Some(account) => capped.in_account(account, model.partition()),
        None => capped,
    }
}

/// What a set is in an account, as it was last brought there.
pub(super) fn reach_there(
    world: World<'_>,
    model: &Model,
    arn: &Arc<str>,
    account: &Arc<str>,
) -> Reach {
    match center(model).provisioned.get(&(arn.clone(), account.clone())) {
        Some(set) => reach_of(world, model, set, Some(account)),
        None => Reach::unknown(),
    }
}

/// What a set says, wherever it is to be: where accounts have policies of their own for it, in all of
/// them.
fn reach_anywhere(world: World<'_>, model: &Model, arn: &Arc<str>) -> Option<Reach> {
    let set = center(model).permission_sets.get(arn)?;
    let accounts = center(model).accounts_of(arn);
    let each = accounts.iter().map(|account| reach_of(world, model, set, Some(account)));
    let all = each.reduce(|all, one| all.union(&one));
    Some(all.unwrap_or_else(|| reach_of(world, model, set, None)))
}

pub(super) fn who(account: AccountId, arn: &Arc<str>, label: String) -> Who {
    let (id, bearer) = (Id::unique(arn), Bearer::PermissionSet);
    Who { account, id, bearer, arn: arn.to_string(), label }
}

/// A set says something else now, which counts nowhere yet.
pub(super) fn edited(
    judging: &Judging<'_>,
    arn: &Arc<str>,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let find = |model: &Model| center(model).permission_sets.get(arn).cloned();
    let Some(set) = find(now).or_else(|| find(informed)) else { return };
    let is_made = judging.change.touched.iter().any(|touched| {
        touched.field == Field::Existence && touched.subject == Subject::PermissionSet(arn.clone())
    });
    let old = match reach_anywhere(judging.before, informed, arn) {
        None if is_made => Reach::nothing(),
        old => old.unwrap_or_else(Reach::unknown),
    };
    let new = reach_anywhere(judging.after, now, arn).unwrap_or_else(Reach::nothing);
    let compared = comparing.compare(&old, &new);
    let mut moved =
        Moved::between(who(now.account(), arn, name_of(&set)), None, &old, &new, compared);
    let is_somewhere = !center(now).accounts_of(arn).is_empty();
    // A set that is deleted is nowhere: nothing waits for it.
    let is_left = find(now).is_some();
    moved.is_latent = is_left;
    moved.is_unprovisioned = is_left && (is_somewhere || !(set.is_made_in_sight() || is_made));
    if moved.gain >= Some(Grade::Write) && moved.is_unprovisioned && !is_somewhere {
        effect.doubt(format!("who is assigned {}", name_of(&set)));
    }
    unseen_policies(judging, &set, effect);
    if moved.is_something() {
        effect.moved.push(moved);
    } else {
        effect.doubt_of(&name_of(&set), &old, &new);
    }
}

/// Policies of accounts that a set names and nobody has seen.
fn unseen_policies(judging: &Judging<'_>, set: &PermissionSet, effect: &mut Effect) {
    let model = &judging.change.after;
    let accounts = center(model).accounts_of(&set.arn);
    for policy in set.customer.keys() {
        if accounts.is_empty() {
            effect.doubt(format!("policy {policy} of each account that gets {}", name_of(set)));
        }
        for account in &accounts {
            if !document_of(judging.after, model, policy, Some(account)).is_known() {
                effect.doubt(format!("policy {policy} of account {account}"));
            }
        }
    }
}

/// A set was brought into an account as it is now.
pub(super) fn brought(
    judging: &Judging<'_>,
    arn: &Arc<str>,
    account: &Arc<str>,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let Some(set) = center(now).permission_sets.get(arn) else {
        effect.doubt(format!("what permission set {arn} allows"));
        return;
    };
    let is_there = center(now).assigned(arn).contains(account);
    let was_there = center(informed).accounts_of(arn).contains(account);
    let old = match !was_there && set.is_made_in_sight() {
        true => Reach::nothing(),
        false => reach_there(judging.before, informed, arn, account),
    };
    let new = reach_there(judging.after, now, arn, account);
    let compared = comparing.compare(&old, &new);
    let label = format!("{} in account {account}", name_of(set));
    let home = AccountId::parse(account).unwrap_or(now.account());
    let mut moved = Moved::between(who(home, arn, label.clone()), None, &old, &new, compared);
    moved.is_latent = !is_there && set.is_made_in_sight();
    unseen_policies(judging, set, effect);
    if moved.is_something() {
        effect.moved.push(moved);
    } else {
        effect.doubt_of(&label, &old, &new);
    }
}

/// A set was brought wherever it is, and nobody has seen where that is.
pub(super) fn brought_somewhere(judging: &Judging<'_>, arn: &Arc<str>, effect: &mut Effect) {
    let set = name_in(&judging.change.after, arn);
    effect.doubt(format!("in which other accounts {set} is, and what it was there"));
}
