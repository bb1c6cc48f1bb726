//! Whose edges a change can touch: which sources, and of each source those to which targets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use trailwarden_model::AccountId;

use super::build::{DIRECT, Drawn, search};
use super::digest::Mask;
use super::dirty::Dirty;
use super::ground::Ground;
use super::moves::MOVING;
use super::providers::TURNING;
use super::source::Source;
use super::target::Target;
use super::update::Task;
use super::{Graph, Node};

/// Actions with which a source does more than reach for the target of an edge.
static FURTHER: LazyLock<Mask> = LazyLock::new(|| {
    let above = Mask::of(&[
        "sts:AssumeRoot",
        "sso:AttachManagedPolicyToPermissionSet",
        "sso:PutInlinePolicyToPermissionSet",
    ]);
    MOVING.or(*TURNING).or(above)
});

impl Source {
    /// The patterns of ARNs of all targets that he may lead to in another way than he did, being the
    /// same principal; none when that is not so simple.
    ///
    /// Whoever neither changes permissions nor turns providers leads to a target by what he may do
    /// to that target, and by carriers that he has for all targets alike.
    pub(super) fn news_since<'a>(&'a self, was: &'a Self) -> Option<Vec<&'a str>> {
        let is_plain = |one: &Self| !one.mask.intersects(*FURTHER) && !one.is_root();
        let is_simple = is_plain(self)
            && is_plain(was)
            && self.is_same_but_for_policies(was)
            && self.carriers() == was.carriers();
        if !is_simple {
            return None;
        }
        let mut patterns = Vec::new();
        for (these, those) in [(self, was), (was, self)] {
            for text in these.told_unlike(those) {
                let digest = text?.digest().filter(|digest| digest.is_whole && !digest.has_deny)?;
                patterns.extend(digest.named(*DIRECT)?);
            }
        }
        Some(patterns)
    }
}

/// Targets of which something changed, found as all targets are found.
pub(super) struct Changed {
    grounds: BTreeMap<AccountId, Ground>,
    nodes: BTreeSet<Node>,
}

impl Changed {
    /// Of these nodes; what is no more has no place in `grounds`.
    pub(super) fn of(nodes: BTreeSet<Node>, grounds: &BTreeMap<AccountId, Ground>) -> Self {
        let mut by_account: BTreeMap<AccountId, Vec<Arc<Target>>> = BTreeMap::new();
        for node in &nodes {
            let Node::Identity(account, id) = node else { continue };
            let target = grounds.get(account).and_then(|ground| ground.targets.get(id));
            if let Some(target) = target {
                by_account.entry(*account).or_default().push(target.clone());
            }
        }
        let grounds = by_account.into_iter();
        let grounds = grounds.map(|(account, targets)| (account, Ground::holding(targets)));
        Self { grounds: grounds.collect(), nodes }
    }

    /// Those that a source may lead to, or did.
    pub(super) fn of_source(&self, source: &Source, known: Option<&Drawn>) -> BTreeSet<Node> {
        let mut found = known.map(|drawn| drawn.makers(&self.nodes)).unwrap_or_default();
        let is_active = source.is_active();
        for (account, ground) in &self.grounds {
            // Most do nothing that leads anywhere.
            if is_active || ground.lets_in(&source.arn, &source.standing.principal.name) {
                let targets = ground.candidates(&search(source, *account));
                found.extend(targets.into_iter().map(|target| target.node.clone()));
            }
        }
        found
    }
}

impl Graph {
    /// Whether somebody of another account may lead to what is dirty.
    pub(super) fn is_open_outside(&self, dirty: &Dirty) -> bool {
        dirty.targets.union(&dirty.weighed).any(|node| {
            let Node::Identity(account, id) = node else { return false };
            let target = self.grounds.get(account).and_then(|ground| ground.targets.get(id));
            target.is_some_and(|target| target.is_open_outside())
        })
    }

    /// The sources whose edges may have to be drawn again, of all: those of accounts in which something
    /// changed, those that are dirty themselves, and whoever depends on more than one target.
    pub(super) fn concerned<'g>(
        &'g self,
        dirty: &'g Dirty,
        task: &'g Task,
    ) -> impl Iterator<Item = (&'g Node, &'g Arc<Source>)> {
        let accounts: BTreeSet<AccountId> =
            dirty.targets.union(&dirty.weighed).filter_map(account_of).collect();
        let drawn = self.drawn.iter().filter(|(_, drawn)| drawn.depends_on_many());
        let wide: BTreeSet<&Node> = drawn.map(|(node, _)| node).collect();
        self.sources.iter().filter(move |(node, source)| {
            task.is_open_outside
                || accounts.contains(&source.account)
                || task.whole.contains(node)
                || task.partly.contains_key(node)
                || wide.contains(node)
        })
    }
}

/// Whose it is.
pub(super) fn account_of(node: &Node) -> Option<AccountId> {
    match node {
        Node::Identity(account, _) => Some(*account),
        _ => None,
    }
}

/// All targets that patterns cover.
pub(super) fn covered(patterns: &[&str], grounds: &BTreeMap<AccountId, Ground>) -> BTreeSet<Node> {
    let mut found = BTreeSet::new();
    for ground in grounds.values() {
        let ids = patterns.iter().flat_map(|pattern| ground.matching(pattern));
        let targets = ids.filter_map(|id| ground.targets.get(id));
        found.extend(targets.map(|target| target.node.clone()));
    }
    found
}
