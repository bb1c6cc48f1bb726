//! What differs between two models of an account, and whose edges that touches.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use trailwarden_model::AccountId;
use trailwarden_policy::reach::CONTROL_OF_IAM;

use super::digest::Mask;
use super::moves::asks_for_names;
use super::{Graph, Node};
use crate::access::World;
use crate::identity::{Id, Kind};
use crate::model::Model;
use crate::organization::Organization;
use crate::text::PolicyText;

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
    /// Whether versions of policies changed, which count for those who may set another default.
    pub(super) has_versions: bool,
    /// Users and roles whose edges from outside may be others, beside the targets.
    pub(super) outside: BTreeSet<Node>,
    /// Principals that are the same, and may lead to the root user of an account that is new.
    pub(super) above: BTreeSet<Node>,
    /// Whether identity providers changed, which roles of all accounts may trust.
    pub(super) has_providers: bool,
    /// Actions whose worth depends on which policies or groups of the account give something, or on
    /// which names are taken.
    pub(super) choices: Mask,
    pub(super) is_everything: bool,
}

/// Actions that choose a group.
static JOINING: LazyLock<Mask> = LazyLock::new(|| Mask::of(&["iam:AddUserToGroup"]));

/// Actions that choose a name.
static RENAMING: LazyLock<Mask> = LazyLock::new(|| Mask::of(&["iam:UpdateUser"]));

/// Actions that choose a policy, and choose one that gives full control.
static ATTACHING: LazyLock<Mask> = LazyLock::new(|| {
    Mask::of(&["iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"])
});

impl Graph {
    /// What a change of an account touches; none for everything.
    pub(super) fn dirty(&self, world: World<'_>, account: AccountId) -> Option<Dirty> {
        let is_known = |model: &&Model| self.seen.contains_key(&model.account());
        let (known, new): (Vec<&Model>, Vec<&Model>) = world.models().partition(is_known);
        if self.is_full || known.len() != self.seen.len() {
            return None;
        }
        let mut dirty = match (self.seen.get(&account), world.model(account)) {
            (Some(before), Some(after)) => dirty_of(before, after),
            _ => Dirty::default(),
        };
        let mut has_new = false;
        for model in new {
            // It may tell of the organization that the others lie in.
            dirty.is_everything |= *model.organization != Organization::default();
            dirty.of_new_account(model);
            has_new = true;
        }
        if has_new {
            // An administrator needs no root session.
            let root_takers = self
                .sources
                .values()
                .filter(|source| source.mask.has("sts:AssumeRoot") && source.admin().is_none());
            dirty.above.extend(root_takers.map(|source| source.node.clone()));
        }
        if dirty.has_providers || has_new {
            let grounds = self.grounds.values();
            let open = grounds.flat_map(|ground| ground.open_outside());
            dirty.outside.extend(open.map(|target| target.node.clone()));
        }
        (!dirty.is_everything).then_some(dirty)
    }
}

/// What differs between two models of an account, and whom that touches.
fn dirty_of(before: &Model, after: &Model) -> Dirty {
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
    for id in changed(before.identities.by_id(), after.identities.by_id(), Arc::ptr_eq) {
        let kind = after.identity(&id).or(before.identity(&id)).map(|identity| identity.kind);
        if kind == Some(Kind::Group) {
            groups.insert(id);
        } else {
            if before.identity(&id).is_none() || after.identity(&id).is_none() {
                dirty.of_existence(after, &id);
            }
            if kind == Some(Kind::User) && name(before, &id) != name(after, &id) {
                dirty.choices = dirty.choices.or(*RENAMING);
            }
            if waits_for_a_name(before, &id) != waits_for_a_name(after, &id) {
                dirty.choices = dirty.choices.or(*RENAMING);
            }
            dirty.touch(account, &id);
            dirty.targets.insert(Node::Identity(account, id));
        }
    }
    for id in changed(&before.policies, &after.policies, Arc::ptr_eq) {
        for model in [before, after] {
            let Some(policy) = model.policies.get(&id) else { continue };
            for id in model.known_holders_of(&policy.arn).into_iter().flatten() {
                match model.identity(&id).map(|identity| identity.kind) {
                    Some(Kind::Group) => {
                        groups.insert(id);
                    }
                    _ => dirty.touch(account, &id),
                }
            }
        }
        dirty.has_versions = true;
        if [before, after].iter().any(|model| gives_control(model, &id)) {
            dirty.choices = dirty.choices.or(*ATTACHING);
        }
    }
    let is_relisted = before.listed != after.listed;
    if is_relisted || !groups.is_empty() {
        dirty.of_groups(before, after, &groups);
    }
    let gives = |group: &Id| [before, after].iter().any(|model| gives_something(model, group));
    if is_relisted || groups.iter().any(gives) {
        dirty.choices = dirty.choices.or(*JOINING);
    }
    if is_relisted {
        dirty.choices = dirty.choices.or(*RENAMING);
    }
    dirty.of_profiles(before, after);
    if changed(&before.providers, &after.providers, Arc::ptr_eq).next().is_some() {
        dirty.has_providers = true;
        let federated = after.of_kind(Kind::Role);
        dirty.targets.extend(federated.map(|role| Node::Identity(account, role.id.clone())));
    }
    dirty
}

fn name<'a>(model: &'a Model, id: &Id) -> Option<&'a str> {
    model.identity(id).map(|identity| &*identity.name)
}

/// The trust policy of a role that lets in whoever has a certain name.
fn waits_for_a_name<'a>(model: &'a Model, id: &Id) -> Option<&'a PolicyText> {
    model.identity(id)?.trust.value().filter(|text| asks_for_names(text))
}

/// Whether a managed policy may give full control to whoever attaches it.
fn gives_control(model: &Model, id: &Id) -> bool {
    let Some(policy) = model.policies.get(id) else { return false };
    let document = policy.document();
    let digest = document.value().and_then(|text| text.digest());
    digest.is_some_and(|digest| digest.mask.covers(Mask::of(CONTROL_OF_IAM)))
}

/// Whether a group gives its members something that matters to techniques.
fn gives_something(model: &Model, group: &Id) -> bool {
    let held = model.policies_of(group);
    let mut texts = held.policies.iter().filter_map(|held| held.document.value());
    texts.any(|text| text.digest().is_some_and(|digest| !digest.mask.is_empty()))
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
                    // Nearly all are the same: no key of theirs is copied.
                    let found = (!is_same(one, other)).then(|| (*a).clone());
                    left.next();
                    right.next();
                    if found.is_some() {
                        return found;
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
    /// Whether no edge can be another one.
    pub(super) fn is_nothing(&self) -> bool {
        let nodes = [&self.sources, &self.targets, &self.weighed, &self.outside, &self.above];
        nodes.iter().all(|nodes| nodes.is_empty()) && !self.has_providers && !self.is_everything
    }

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

    /// Roles that an instance profile holds, or held.
    fn of_profiles(&mut self, before: &Model, after: &Model) {
        for name in changed(&before.profiles, &after.profiles, Arc::ptr_eq) {
            let profiles = [before, after].map(|model| model.profiles.get(&name));
            let roles = profiles.into_iter().flatten().filter_map(|one| one.role.value()?.clone());
            self.targets.extend(roles.map(|role| Node::Identity(after.account(), role)));
        }
    }

    /// All of an account that nobody saw before.
    pub(super) fn of_new_account(&mut self, model: &Model) {
        for identity in model.identities() {
            let node = Node::Identity(model.account(), identity.id.clone());
            self.sources.insert(node.clone());
            self.targets.insert(node);
        }
    }

    /// Roles whose trust names somebody by unique id, who is there now or is gone.
    fn of_existence(&mut self, after: &Model, id: &Id) {
        let roles = after.of_kind(Kind::Role);
        let naming = roles.filter(|role| {
            role.trust.value().is_some_and(|text| text.as_str().contains(id.as_str()))
        });
        let account = after.account();
        self.targets.extend(naming.map(|role| Node::Identity(account, role.id.clone())));
    }

    fn touch(&mut self, account: AccountId, id: &Id) {
        let node = Node::Identity(account, id.clone());
        self.sources.insert(node.clone());
        self.weighed.insert(node);
    }
}
