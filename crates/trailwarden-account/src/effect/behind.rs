//! Who gains by what a user or role gained, because he may act as that one already.
//!
//! A role that becomes administrator makes administrators of all who may assume it, by themselves or
//! by way of others. No edge of the graph came for them: the way was there, and leads further now.
//!
//! # Invariants
//! - Whoever could get as far before, and as surely, has gained nothing and is not told; nor are those
//!   behind him.
//! - All is bounded: [`FOUND_MAX`] ways are told, and [`LOOKED_MAX`] principals looked at for what one
//!   of them could do before; what is not found there counts as not there.
//! - The graph is gone through once for all who stand equally far behind, not once for each of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_policy::reach::Grade;

use super::entrance::grade_of;
use super::opened::{Far, goes_on_for_certain, grade_behind, path_of};
use super::{Bearer, Moved, PathOpened};
use crate::access::World;
use crate::graph::{Delta, Edge, Graph, Node};

/// How many ways are told.
const FOUND_MAX: usize = 200;
/// How many principals are looked at for one.
const LOOKED_MAX: usize = 5_000;

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
    let past = Past::of(world, graph, delta, &gained);
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
    /// Of those who were looked at: working it out costs more than all else here.
    grades: RefCell<BTreeMap<Node, Option<Grade>>>,
    /// Those who led nowhere as far, by how far and how surely.
    nowhere: RefCell<BTreeMap<(Grade, bool), BTreeSet<&'a Node>>>,
}

impl<'a> Past<'a> {
    fn of(
        world: World<'a>,
        graph: &'a Graph,
        delta: &'a Delta,
        gained: &'a BTreeMap<Node, &'a Moved>,
    ) -> Self {
        let mut closed: BTreeMap<&Node, Vec<&Edge>> = BTreeMap::new();
        for edge in &delta.closed {
            closed.entry(&edge.from).or_default().push(edge);
        }
        let opened = delta.opened.iter().collect();
        let (grades, nowhere) = (RefCell::default(), RefCell::default());
        Self { world, graph, opened, closed, gained, grades, nowhere }
    }

    /// Whether a node led as far, and as surely.
    fn went(&self, from: &'a Node, far: Grade, is_certain: bool) -> bool {
        let mut all = self.nowhere.borrow_mut();
        let nowhere = all.entry((far, is_certain)).or_default();
        if nowhere.contains(from) {
            return false;
        }
        let mut seen: BTreeSet<&Node> = BTreeSet::from([from]);
        let mut queue: Vec<&Node> = vec![from];
        let mut is_whole = true;
        while let Some(node) = queue.pop() {
            if self.is_as_far(node, far) || self.has_another_way(node, is_certain) {
                return true;
            }
            let still = self.graph.edges_from(node).into_iter();
            let still = still.map(|edge| (edge, true));
            let closed = self.closed.get(node).into_iter().flatten();
            for (edge, is_still) in still.chain(closed.map(|edge| (*edge, false))) {
                let is_known = seen.contains(&edge.to) || nowhere.contains(&edge.to);
                let counts = edge.certainty.is_yes() || !is_certain;
                if is_known || !counts || is_still && self.opened.contains(edge) {
                    continue;
                }
                is_whole &= seen.len() < LOOKED_MAX;
                if is_whole {
                    seen.insert(&edge.to);
                    queue.push(&edge.to);
                }
            }
        }
        // Whatever can be reached from here leads nowhere either.
        if is_whole {
            nowhere.extend(seen);
        }
        false
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
        match (node, self.gained.get(node)) {
            (Node::Administrator(_), _) => true,
            (_, Some(moved)) => moved.grade_before >= Some(far),
            // An administrator has an edge that says so.
            (Node::Identity(..), None) => far < Grade::Admin && self.grade(node) >= Some(far),
            (Node::Service(_) | Node::External(_), None) => false,
        }
    }

    fn grade(&self, node: &Node) -> Option<Grade> {
        let Node::Identity(account, id) = node else { return None };
        let mut grades = self.grades.borrow_mut();
        *grades.entry(node.clone()).or_insert_with(|| grade_of(self.world, *account, id))
    }
}
