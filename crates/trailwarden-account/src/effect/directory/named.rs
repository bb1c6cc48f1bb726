//! Policies of an account that permission sets name there.
//!
//! The role that a set is in an account has such a policy attached, as it is in the account: another
//! version of it is in force for whoever has the set without provisioning.
//!
//! Source: IAM Identity Center User Guide, "Use IAM policies in permission sets" (customer managed
//! policies, permissions boundaries).

use std::sync::Arc;

use trailwarden_model::AccountId;

use super::{center, sets};
use crate::access::World;
use crate::directory::PermissionSet;
use crate::effect::movement::Comparing;
use crate::effect::{Effect, Judging, Moved};
use crate::identity::Id;
use crate::model::Model;

/// A set as it is in an account, and the model whose Identity Center has it.
type There<'m> = (&'m Model, &'m Arc<PermissionSet>);

/// The sets that were brought into an account.
fn sets_in(world: World<'_>, account: AccountId) -> impl Iterator<Item = There<'_>> {
    let account = account.to_string();
    world.models().flat_map(move |model| {
        let there = center(model).provisioned.iter();
        let account = account.clone();
        there.filter(move |((_, own), _)| **own == *account).map(move |(_, set)| (model, set))
    })
}

/// How a set names a policy of its account: by path and name.
fn name_in_sets(arn: &str) -> Option<String> {
    arn.split_once(":policy/").map(|(_, name)| format!("/{name}"))
}

fn gives(set: &PermissionSet, policy: &str) -> bool {
    set.customer.keys().any(|one| **one == *policy)
}

fn is_capped_by(set: &PermissionSet, policy: &str) -> bool {
    set.boundary.value().is_some_and(|one| one.as_deref() == Some(policy))
}

/// Whether a set that is in an account gives a policy of it.
pub(in crate::effect) fn is_given(world: World<'_>, account: AccountId, arn: &str) -> bool {
    let Some(policy) = name_in_sets(arn) else { return false };
    sets_in(world, account).any(|(_, set)| gives(set, &policy))
}

/// A policy is another now: so is each set that names it, where the policy is.
pub(super) fn changed(
    judging: &Judging<'_>,
    id: &Id,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let known = now.policies.get(id).or_else(|| informed.policies.get(id));
    let Some(arn) = known.map(|policy| policy.arn.clone()) else { return };
    let Some(policy) = name_in_sets(&arn) else { return };
    let account: Arc<str> = now.account().to_string().into();
    let roles = roles_with(now, &arn);
    let all: Vec<There<'_>> = sets_in(judging.after, now.account()).collect();
    for (owner, set) in all {
        if !gives(set, &policy) && !is_capped_by(set, &policy) {
            continue;
        }
        // The role of the set was seen, and is told like any other.
        let is_role = |role: &String| {
            let name = set.name.last_value();
            name.is_some_and(|name| role.starts_with(&format!("AWSReservedSSO_{name}_")))
        };
        if roles.iter().any(is_role) {
            continue;
        }
        let old = sets::reach_of(judging.before, informed, set, Some(&account));
        let new = sets::reach_of(judging.after, now, set, Some(&account));
        let compared = comparing.compare(&old, &new);
        let label = format!("{} in account {account}", sets::name_of(set));
        let who = sets::who(now.account(), &set.arn, label.clone());
        let mut moved = Moved::between(who, None, &old, &new, compared);
        let is_there = center(owner).assigned(&set.arn).contains(&account);
        moved.is_latent = !is_there && set.is_made_in_sight();
        if moved.is_something() {
            effect.moved.push(moved);
        } else {
            effect.doubt_of(&label, &old, &new);
        }
    }
}

/// The names of roles that hold a policy or are bounded by it.
fn roles_with(model: &Model, arn: &str) -> Vec<String> {
    let ids = model.known_holders_of(arn).into_iter().flatten();
    ids.filter_map(|id| Some(model.identity(&id)?.name.to_string())).collect()
}
