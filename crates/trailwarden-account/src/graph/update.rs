//! A graph after a change: only what the change can touch is drawn again.
//!
//! What changed is seen by comparing models, which share all that did not: so several events at once
//! are no matter, and nothing depends on what an event says that it touched.

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_model::AccountId;

use super::access::pair;
use super::build::{Drawn, draw};
use super::digest::{Digests, Mask};
use super::ground::Ground;
use super::source::Source;
use super::{EDGES_MAX, EDGES_PER_PRINCIPAL_MAX, Edge, Graph, Node, outside};
use crate::access::World;
use crate::change::Change;
use crate::identity::{Id, Kind};
use crate::model::Model;

/// The edges that came and went. One that became certain came, one that became conditional went.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// Those that are there now, or certain now.
    pub opened: Vec<Edge>,
    /// Those that were there, or certain.
    pub closed: Vec<Edge>,
}

/// What has to be drawn again.
#[derive(Default)]
struct Dirty {
    /// Principals whose permissions may be others.
    sources: BTreeSet<Node>,
    /// Users and roles of which something that matters to others changed.
    targets: BTreeSet<Node>,
    /// Whether those who may attach policies or join groups have others to choose from.
    movers: bool,
    is_everything: bool,
}

/// Actions whose worth depends on the policies and groups of the account.
const CHOOSING: [&str; 4] = [
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
];

impl Graph {
    /// Takes in what a change did: the world is the one after it.
    pub fn update(&mut self, world: World<'_>, change: &Change) -> Delta {
        let account = change.after.account();
        let accounts: BTreeSet<AccountId> = world.models().map(Model::account).collect();
        let mut dirty = match (self.seen.get(&account), world.model(account)) {
            (Some(before), Some(after)) if accounts == self.accounts() && !self.is_full => {
                dirty_of(before, after)
            }
            _ => Dirty { is_everything: true, ..Dirty::default() },
        };
        if dirty.is_everything {
            let before: Vec<Edge> = self.edges().cloned().collect();
            self.build(world);
            let after: Vec<Edge> = self.edges().cloned().collect();
            return Delta::of(&before, &after);
        }
        if dirty.movers {
            let choosing = Mask::of(&CHOOSING);
            let movers = self.sources.values().filter(|source| source.mask.intersects(choosing));
            let here = movers.filter(|source| source.account == account);
            dirty.sources.extend(here.map(|source| source.node.clone()));
        }
        self.redraw(world, account, &dirty)
    }

    fn redraw(&mut self, world: World<'_>, account: AccountId, dirty: &Dirty) -> Delta {
        let Some(model) = world.model(account) else { return Delta::default() };
        self.seen.insert(account, model.clone());
        let mut digests = Digests::default();
        let ground = self.grounds.entry(account).or_insert_with(Ground::default);
        for target in &dirty.targets {
            if let Node::Identity(_, id) = target {
                ground.renew(model, id);
            }
        }
        for node in &dirty.sources {
            let Node::Identity(_, id) = node else { continue };
            let source = Source::of(world, account, id, &mut digests);
            match source {
                Some(source) => self.sources.insert(node.clone(), Arc::new(source)),
                None => self.sources.remove(node),
            };
        }
        let (drawn, gone) = self.drawn_again(world, dirty, digests);
        let mut before = Vec::new();
        let mut after = Vec::new();
        for node in gone {
            if let Some(was) = self.drawn.remove(&node) {
                before.extend(was.edges().cloned());
            }
        }
        for (node, now) in drawn {
            if let Some(was) = self.drawn.get(&node) {
                before.extend(was.edges().cloned());
            }
            after.extend(now.edges().cloned());
            match now == Drawn::default() {
                true => self.drawn.remove(&node),
                false => self.drawn.insert(node, now),
            };
        }
        let known = self.accounts();
        for node in &dirty.targets {
            before.extend(self.outside.remove(node).unwrap_or_default());
            let Node::Identity(_, id) = node else { continue };
            let target = self.grounds.get(&account).and_then(|ground| ground.targets.get(id));
            let edges = target.map(|target| outside::draw(target, &known)).unwrap_or_default();
            if !edges.is_empty() {
                after.extend(edges.iter().cloned());
                self.outside.insert(node.clone(), edges);
            }
        }
        self.ways.take();
        if self.drawn.values().map(Drawn::len).sum::<usize>() > EDGES_MAX {
            self.build(world);
        }
        Delta::of(&before, &after)
    }

    /// The edges of sources that are dirty or whose targets are; and sources that are no more.
    fn drawn_again(
        &self,
        world: World<'_>,
        dirty: &Dirty,
        digests: Digests,
    ) -> (Vec<(Node, Drawn)>, Vec<Node>) {
        let cx = self.cx(world, digests);
        let gone: Vec<Node> =
            dirty.sources.iter().filter(|node| !self.sources.contains_key(node)).cloned().collect();
        let mut all = Vec::new();
        for (node, source) in &self.sources {
            let known = self.drawn.get(node);
            let is_whole = dirty.sources.contains(node)
                || known.is_some_and(|drawn| drawn.is_wide || drawn.is_cut);
            if is_whole {
                all.push((node.clone(), draw(&cx, source)));
                continue;
            }
            if source.admin().is_some() || dirty.targets.is_empty() {
                continue;
            }
            let mut now = known.cloned().unwrap_or_default();
            for node in &dirty.targets {
                let Node::Identity(account, id) = node else { continue };
                let target = self.grounds.get(account).and_then(|ground| ground.targets.get(id));
                let edges = target.map(|target| pair(&cx, source, target)).unwrap_or_default();
                now.replace(node, edges);
            }
            now.settle();
            if known.cloned().unwrap_or_default() == now {
                continue;
            }
            if now.len() > EDGES_PER_PRINCIPAL_MAX {
                now = draw(&cx, source);
            }
            all.push((node.clone(), now));
        }
        (all, gone)
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
    for id in changed(&before.identities, &after.identities, Arc::ptr_eq) {
        let kind = after.identity(&id).or(before.identity(&id)).map(|identity| identity.kind);
        if kind == Some(Kind::Group) {
            groups.insert(id);
        } else {
            dirty.touch(account, &id);
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
    std::iter::from_fn(move || loop {
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
            (Some((a, _)), Some((b, _))) if a > b => return right.next().map(|(key, _)| key.clone()),
            (Some(_), _) => return left.next().map(|(key, _)| key.clone()),
            (None, Some(_)) => return right.next().map(|(key, _)| key.clone()),
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
        self.targets.insert(node);
    }
}

impl Delta {
    fn of(before: &[Edge], after: &[Edge]) -> Self {
        let key = |edge: &Edge| {
            (edge.from.clone(), edge.to.clone(), edge.technique, edge.certainty.is_yes())
        };
        let had: BTreeSet<_> = before.iter().map(key).collect();
        let has: BTreeSet<_> = after.iter().map(key).collect();
        let is_new = |edge: &&Edge| {
            let (from, to, technique, is_yes) = key(edge);
            !had.contains(&key(edge)) && (is_yes || !had.contains(&(from, to, technique, true)))
        };
        let is_gone = |edge: &&Edge| {
            let (from, to, technique, is_yes) = key(edge);
            !has.contains(&key(edge)) && (is_yes || !has.contains(&(from, to, technique, true)))
        };
        Self {
            opened: after.iter().filter(is_new).cloned().collect(),
            closed: before.iter().filter(is_gone).cloned().collect(),
        }
    }
}
