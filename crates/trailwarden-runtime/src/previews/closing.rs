//! The account as some steps of a plan leave it, for whoever asks whether a way is still there.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::graph::{Graph, Node};
use trailwarden_account::{Change, Effect, World, judge};
use trailwarden_remedy::Step;

use super::calls::Calls;
use super::{GRAPH_ACCOUNTS_MAX, applied, model_of};
use crate::remedies::Known;

/// What steps change, and all ways that are left then.
pub(crate) struct Left {
    pub(crate) change: Change,
    pub(crate) graph: Graph,
    doubtful: OnceCell<BTreeSet<Node>>,
}

impl Left {
    /// Whether somebody can become one of whom something is unknown that decides: where that one leads then,
    /// nobody knows.
    pub(crate) fn leads_to_unknown(&self, known: Known<'_>, node: &Node) -> bool {
        self.doubtful.get_or_init(|| self.doubtful(known)).contains(node)
    }

    fn doubtful(&self, known: Known<'_>) -> BTreeSet<Node> {
        let after = world(known).with(&self.change.after);
        let mut into: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
        for edge in self.graph.edges() {
            into.entry(&edge.to).or_default().push(&edge.from);
        }
        let is_unknown = |node: &&Node| match node {
            Node::Identity(account, id) => {
                let standing = after.standing(*account, id);
                standing.is_none_or(|standing| !standing.unknowns().is_empty())
            }
            Node::Administrator(_) | Node::Service(_) | Node::External(_) => false,
        };
        let mut open: Vec<&Node> = into.keys().copied().filter(is_unknown).collect();
        let mut found = BTreeSet::new();
        while let Some(node) = open.pop() {
            if found.insert(node) {
                open.extend(into.get(node).into_iter().flatten());
            }
        }
        found.into_iter().cloned().collect()
    }
}

/// The world as it is when a plan is applied, before its steps.
pub(crate) fn world(known: Known<'_>) -> World<'_> {
    World::of(known.models).at(applied(known))
}

/// All ways before a plan; none where there are too many accounts to draw them.
pub(crate) fn ways(known: Known<'_>) -> Option<Graph> {
    (known.models.iter().count() <= GRAPH_ACCOUNTS_MAX).then(|| Graph::of(world(known)))
}

/// What some steps leave; none where the doing of one is not foreseen.
pub(crate) fn left_by<'s>(steps: impl Iterator<Item = &'s Step>, known: Known<'_>) -> Option<Left> {
    let change = change_by(steps, known)?;
    let graph = Graph::of(world(known).with(&change.after));
    (!graph.is_truncated()).then(|| Left { change, graph, doubtful: OnceCell::new() })
}

/// The account before and after some steps; none where the doing of one is not foreseen.
pub(crate) fn change_by<'s>(
    steps: impl Iterator<Item = &'s Step>,
    known: Known<'_>,
) -> Option<Change> {
    let mut calls = Calls::new(model_of(known)?, known.now);
    for step in steps {
        if calls.make(step).is_some() {
            return None;
        }
    }
    calls.change()
}

/// What a change of the logs did, in the accounts as they are known now.
pub(crate) fn did(known: Known<'_>, change: &Change) -> Effect {
    let world = world(known);
    let mut effect = judge(world, change, None);
    let change = &*change.proven();
    let after = world.with(&change.after);
    let mut graph = Graph::of(world.with(&change.informed));
    let delta = graph.update(after, change);
    effect.add_paths(after, &graph, (change, &delta), None);
    effect
}
