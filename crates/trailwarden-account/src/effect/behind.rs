//! Who gains by what a user or role gained, because he may act as that one already.
//!
//! A role that becomes administrator makes administrators of all who may assume it, by themselves or
//! by way of others. No edge of the graph came for them: the way was there, and leads further now.
//!
//! # Invariants
//! - Whoever could get as far before, and as surely, has gained nothing and is not told; nor are those
//!   behind him.
//! - All is bounded: [`FOUND_MAX`] ways are told, and [`LOOKED_MAX`] principals looked at for what they
//!   could do before; what is not found there counts as not there.
//! - The graph is gone through once for all of them, not once for each. That nobody is told or left out
//!   by it is shown by a slow search of its own (`effect/tests/behind_all.rs`).

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_policy::reach::Grade;

use super::opened::{Far, goes_on_for_certain, grade_at, grade_behind, path_of};
use super::{Bearer, Moved, PathOpened};
use crate::access::World;
use crate::graph::{Delta, Edge, Graph, Node};

/// How many ways are told; where there are as many, there may be more.
pub const FOUND_MAX: usize = 200;
/// How many principals are looked at for what they could do before.
const LOOKED_MAX: usize = 50_000;

/// The ways to whoever gained the means to more permissions, the gravest first. `graph` and `world` are
/// those after the change.
pub(super) fn of(
    world: World<'_>,
    graph: &Graph,
    delta: &Delta,
    moved: &[Moved],
    actor: Option<&Node>,
) -> Vec<PathOpened> {
    let is_grave = |moved: &&Moved| moved.gain >= Some(Grade::Privesc) && !moved.is_latent;
    let is_node = |moved: &&Moved| matches!(moved.bearer, Bearer::User | Bearer::Role);
    let gained = moved.iter().filter(is_grave).filter(is_node);
    let gained: BTreeMap<Node, &Moved> =
        gained.map(|moved| (Node::Identity(moved.account, moved.id.clone()), moved)).collect();
    if gained.is_empty() {
        return Vec::new();
    }
    let known = moved
        .iter()
        .filter(is_node)
        .map(|moved| (Node::Identity(moved.account, moved.id.clone()), moved));
    let moved: BTreeMap<Node, &Moved> = known.collect();
    let mut past = Past::of(world, graph, delta, (&gained, &moved));
    let mut found: Vec<PathOpened> = Vec::new();
    let mut seen: BTreeSet<Node> = gained.keys().cloned().collect();
    let ahead =
        gained.keys().filter_map(|node| Some((node.clone(), Ahead::of(world, graph, node)?)));
    let mut level: Vec<(Node, Ahead)> = ahead.collect();
    'levels: while !level.is_empty() {
        let edges = graph.edges_into(&level.iter().map(|(node, _)| node).collect());
        let mut next = Vec::new();
        for (node, ahead) in &level {
            for edge in best_of(edges.get(node).into_iter().flatten().copied()) {
                let ahead = ahead.after(edge);
                if seen.contains(&edge.from) || past.went(&edge.from, ahead.far, ahead.is_certain) {
                    continue;
                }
                seen.insert(edge.from.clone());
                next.push((edge.from.clone(), ahead.clone()));
                // What came with the change is told as such.
                if past.opened.contains(edge) {
                    continue;
                }
                found.push(PathOpened {
                    is_actor: actor == Some(&edge.from),
                    is_certain: ahead.is_certain,
                    conditions: ahead.conditions,
                    ..path_of(world, edge, Some(ahead.far))
                });
                if found.len() >= FOUND_MAX {
                    break 'levels;
                }
            }
        }
        level = next;
    }
    found.sort_by_key(|path| std::cmp::Reverse((path.is_actor, path.severity(), path.is_certain)));
    found
}

/// Where whoever stands at a node gets to.
#[derive(Clone)]
struct Ahead {
    far: Grade,
    is_certain: bool,
    /// All that must be so, each as it stands after "if".
    conditions: Vec<String>,
}

impl Ahead {
    /// Of whoever gained; none when it leads nowhere far, as far as is known.
    fn of(world: World<'_>, graph: &Graph, node: &Node) -> Option<Self> {
        let Far::Known(far) = grade_behind(world, graph, node)? else { return None };
        let way = graph.reaches_administrator(node);
        let conditions = way.map(|way| way.reasons().to_vec()).unwrap_or_default();
        let is_certain = conditions.is_empty() && goes_on_for_certain(world, graph, node);
        (far >= Grade::Privesc).then_some(Self { far, is_certain, conditions })
    }

    /// Of whoever gets there by one edge more.
    fn after(&self, edge: &Edge) -> Self {
        let mut ahead = self.clone();
        ahead.is_certain &= edge.certainty.is_yes();
        ahead.conditions.extend(edge.certainty.reasons().iter().cloned());
        ahead.conditions.sort();
        ahead.conditions.dedup();
        ahead
    }
}

/// The best way of each, of ways into one node: what is certain, then what is short.
fn best_of<'g>(edges: impl Iterator<Item = &'g Edge>) -> Vec<&'g Edge> {
    let mut best: BTreeMap<&Node, &Edge> = BTreeMap::new();
    let rank = |edge: &Edge| (edge.certainty.reasons().len(), edge.steps.len());
    for edge in edges {
        let known = best.entry(&edge.from).or_insert(edge);
        if rank(edge) < rank(known) {
            *known = edge;
        }
    }
    best.into_values().collect()
}

/// How far each could go before the change.
struct Past<'a> {
    world: World<'a>,
    graph: &'a Graph,
    opened: BTreeSet<&'a Edge>,
    /// By where they led from.
    closed: BTreeMap<&'a Node, Vec<&'a Edge>>,
    gained: &'a BTreeMap<Node, &'a Moved>,
    /// Whoever is not what he was: those who gained, and those who lost.
    moved: &'a BTreeMap<Node, &'a Moved>,
    /// What was found out, by how far and how surely.
    known: BTreeMap<(Grade, bool), Known<'a>>,
    looked: usize,
}

/// Who got as far, and who did not.
#[derive(Default)]
struct Known<'a> {
    went: BTreeSet<&'a Node>,
    stayed: BTreeSet<&'a Node>,
}

impl<'a> Past<'a> {
    fn of(
        world: World<'a>,
        graph: &'a Graph,
        delta: &'a Delta,
        (gained, moved): (&'a BTreeMap<Node, &'a Moved>, &'a BTreeMap<Node, &'a Moved>),
    ) -> Self {
        let mut closed: BTreeMap<&Node, Vec<&Edge>> = BTreeMap::new();
        for edge in &delta.closed {
            closed.entry(&edge.from).or_default().push(edge);
        }
        let opened = delta.opened.iter().collect();
        Self { world, graph, opened, closed, gained, moved, known: BTreeMap::new(), looked: 0 }
    }

    /// Whether a node led as far, and as surely.
    fn went(&mut self, from: &'a Node, far: Grade, is_certain: bool) -> bool {
        let mut known = self.known.remove(&(far, is_certain)).unwrap_or_default();
        if !known.went.contains(from) && !known.stayed.contains(from) {
            self.look(from, (far, is_certain), &mut known);
        }
        let went = known.went.contains(from);
        self.known.insert((far, is_certain), known);
        went
    }

    /// Goes through all that can be reached from a node and was not gone through for another, once;
    /// then back from where it led as far. So each edge is looked at twice at most, whoever asks.
    fn look(&mut self, from: &'a Node, (far, is_certain): (Grade, bool), known: &mut Known<'a>) {
        let mut into: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
        let mut seen: BTreeSet<&Node> = BTreeSet::from([from]);
        let mut queue: Vec<&Node> = vec![from];
        let mut goals: Vec<&Node> = Vec::new();
        let mut is_whole = true;
        while let Some(node) = queue.pop() {
            if known.went.contains(node) || self.is_goal(node, far, is_certain) {
                goals.push(node);
                continue;
            }
            for edge in self.ways_of_then(node, is_certain) {
                if known.stayed.contains(&edge.to) {
                    continue;
                }
                into.entry(&edge.to).or_default().push(node);
                if seen.contains(&edge.to) {
                    continue;
                }
                if self.looked >= LOOKED_MAX {
                    is_whole = false;
                    continue;
                }
                self.looked += 1;
                seen.insert(&edge.to);
                queue.push(&edge.to);
            }
        }
        while let Some(node) = goals.pop() {
            known.went.insert(node);
            goals.extend(into.remove(node).into_iter().flatten());
        }
        // What was not gone through may lead there, so of others nothing is known then.
        let asked = if is_whole { seen } else { BTreeSet::from([from]) };
        known.stayed.extend(asked.into_iter().filter(|node| !known.went.contains(node)));
    }

    /// The edges that led from a node before the change.
    fn ways_of_then(&self, node: &Node, is_certain: bool) -> Vec<&'a Edge> {
        let still = self.graph.edges_from(node).into_iter();
        let still = still.filter(|edge| !self.opened.contains(*edge));
        let closed = self.closed.get(node).into_iter().flatten().copied();
        let counts = |edge: &&'a Edge| edge.certainty.is_yes() || !is_certain;
        still.chain(closed).filter(counts).collect()
    }

    fn is_goal(&self, node: &Node, far: Grade, is_certain: bool) -> bool {
        self.is_as_far(node, far) || self.has_another_way(node, is_certain)
    }

    /// Whether the best way to an administrator has nothing to do with the change.
    fn has_another_way(&self, node: &Node, is_certain: bool) -> bool {
        let is_old = |edge: &Edge| {
            (edge.certainty.is_yes() || !is_certain)
                && !self.gained.contains_key(&edge.to)
                && !self.opened.contains(edge)
        };
        self.graph.way(node).is_some_and(|way| way.edges.iter().all(is_old))
    }

    fn is_as_far(&self, node: &Node, far: Grade) -> bool {
        match (node, self.moved.get(node)) {
            (Node::Administrator(_), _) => true,
            (_, Some(moved)) => moved.grade_before >= Some(far),
            // An administrator has an edge that says so.
            (Node::Identity(..), None) => {
                far < Grade::Admin && grade_at(self.world, self.graph, node) >= Some(far)
            }
            (Node::Service(_) | Node::External(_), None) => false,
        }
    }
}
