//! What differs between two models of an account, and whose edges that touches.

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_model::AccountId;

use super::Node;
use crate::identity::{Id, Kind};
use crate::model::Model;

/// What has to be drawn again.
#[derive(Default)]
pub(super) struct Dirty {
    /// Principals whose permissions may be others.
    pub(super) sources: BTreeSet<Node>,
    /// Users and roles of which something that matters to others changed.
    pub(super) targets: BTreeSet<Node>,
    /// Users and roles of which no more than policies changed: it matters only to those who may
    /// change them further, or make credentials for one service.
    pub(super) weighed: BTreeSet<Node>,
    /// Whether those who may attach policies or join groups have others to choose from.
    pub(super) movers: bool,
    pub(super) is_everything: bool,
}

/// What differs between two models of an account, and whom that touches.
pub(super) fn dirty_of(before: &Model, after: &Model) -> Dirty {
    let mut dirty = Dirty::default();
    let is_same = Arc::ptr_eq(&before.organization, &after.organization)
        || before.organization == after.organization;
    let center = Arc::ptr_eq(&before.identity_center, &after.identity_center)
        || before.identity_center == after.identity_center;
    let settings = before.settings.root_sessions == after.settings.root_sessions;
    if !is_same || !center || !settings || before.partition != after.partition {
        dirty.is_everything = true;
        return dirty;
    }
    let account = after.account();
    let mut groups = BTreeSet::new();
    for id in changed(&before.identities, &after.identities, Arc::ptr_eq) {
        let kind = after.identity(&id).or(before.identity(&id)).map(|identity| identity.kind);
        if kind == Some(Kind::Group) {
            groups.insert(id);
        } else {
            dirty.touch(account, &id);
            dirty.targets.insert(Node::Identity(account, id));
        }
    }
    for id in changed(&before.policies, &after.policies, Arc::ptr_eq) {
        for model in [before, after] {
            let Some(policy) = model.policies.get(&id) else { continue };
            let held = model.attached_to(&policy.arn).ids;
            for id in held.into_iter().chain(model.bounded_by(&policy.arn).ids) {
                match model.identity(&id).map(|identity| identity.kind) {
                    Some(Kind::Group) => {
                        groups.insert(id);
                    }
                    _ => dirty.touch(account, &id),
                }
            }
        }
        dirty.movers = true;
    }
    if !groups.is_empty() || before.listed != after.listed {
        dirty.movers = true;
        dirty.of_groups(before, after, &groups);
    }
    for name in changed(&before.profiles, &after.profiles, Arc::ptr_eq) {
        for model in [before, after] {
            let role = model.profiles.get(&name).and_then(|profile| profile.role.value().cloned());
            if let Some(Some(role)) = role {
                dirty.targets.insert(Node::Identity(account, role));
            }
        }
    }
    if changed(&before.providers, &after.providers, Arc::ptr_eq).next().is_some() {
        let federated = after.of_kind(Kind::Role);
        dirty.targets.extend(federated.map(|role| Node::Identity(account, role.id.clone())));
    }
    dirty
}

/// The keys whose values are not the same, in two maps that are sorted alike.
fn changed<'a, K: Ord + Clone, V>(
    before: &'a rpds::RedBlackTreeMapSync<K, Arc<V>>,
    after: &'a rpds::RedBlackTreeMapSync<K, Arc<V>>,
    is_same: impl Fn(&Arc<V>, &Arc<V>) -> bool + 'a,
) -> impl Iterator<Item = K> + 'a {
    let mut left = before.iter().peekable();
    let mut right = after.iter().peekable();
    std::iter::from_fn(move || {
        loop {
            match (left.peek(), right.peek()) {
                (None, None) => return None,
                (Some((a, one)), Some((b, other))) if a == b => {
                    let is_same = is_same(one, other);
                    let key = (*a).clone();
                    left.next();
                    right.next();
                    if !is_same {
                        return Some(key);
                    }
                }
                (Some((a, _)), Some((b, _))) if a > b => {
                    return right.next().map(|(key, _)| key.clone());
                }
                (Some(_), _) => return left.next().map(|(key, _)| key.clone()),
                (None, Some(_)) => return right.next().map(|(key, _)| key.clone()),
            }
        }
    })
}

impl Dirty {
    /// The members of changed groups, and users who may be members.
    fn of_groups(&mut self, before: &Model, after: &Model, groups: &BTreeSet<Id>) {
        let account = after.account();
        for model in [before, after] {
            for group in groups {
                for member in model.members_of(group).ids {
                    self.touch(account, &member);
                }
            }
            for user in model.of_kind(Kind::User).filter(|user| !user.groups.is_complete()) {
                self.touch(account, &user.id);
            }
        }
    }

    fn touch(&mut self, account: AccountId, id: &Id) {
        let node = Node::Identity(account, id.clone());
        self.sources.insert(node.clone());
        self.weighed.insert(node);
    }
}
