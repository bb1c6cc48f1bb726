//! The way from one node to another: certain before conditional, then short.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use super::{Certainty, Edge, Graph, Node};

/// Edges that follow on each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// The edges, from the first on; at least one.
    pub edges: Vec<Edge>,
}

/// What a path costs: conditional edges first, then edges.
type Cost = (usize, usize);

/// For each node that leads to an administrator, the next edge of the best way.
#[derive(Debug)]
pub(super) struct Ways(BTreeMap<Node, (Cost, Edge)>);

impl Path {
    /// Whether it can be gone, and what that depends on.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        let reasons = self.edges.iter().flat_map(|edge| edge.certainty.reasons());
        Certainty::of(reasons.cloned().collect())
    }

    /// The techniques in order.
    #[must_use]
    pub fn techniques(&self) -> Vec<&'static str> {
        self.edges.iter().map(|edge| edge.technique).collect()
    }

    fn cost(&self) -> Cost {
        let open = self.edges.iter().filter(|edge| !edge.certainty.is_yes()).count();
        (open, self.edges.len())
    }
}

impl Graph {
    /// The best path between two nodes: the one with the fewest conditional edges, of those the
    /// shortest.
    #[must_use]
    pub fn path(&self, from: &Node, to: &Node) -> Option<Path> {
        let mut adjacent: HashMap<&Node, Vec<&Edge>> = HashMap::new();
        for edge in self.edges() {
            adjacent.entry(&edge.from).or_default().push(edge);
        }
        let mut best: HashMap<&Node, (Cost, Option<&Edge>)> = HashMap::new();
        let mut heap = BinaryHeap::new();
        best.insert(from, ((0, 0), None));
        heap.push(Reverse(((0, 0), from)));
        while let Some(Reverse((cost, node))) = heap.pop() {
            if node == to && node != from {
                break;
            }
            if best.get(node).is_some_and(|(known, _)| *known < cost) {
                continue;
            }
            for edge in adjacent.get(node).into_iter().flatten() {
                let next = cost_after(cost, edge);
                if best.get(&edge.to).is_none_or(|(known, _)| next < *known) {
                    best.insert(&edge.to, (next, Some(edge)));
                    heap.push(Reverse((next, &edge.to)));
                }
            }
        }
        let mut edges = Vec::new();
        let mut at = to;
        while at != from {
            let (_, Some(edge)) = best.get(at)? else { return None };
            edges.push((*edge).clone());
            at = &edge.from;
        }
        edges.reverse();
        (!edges.is_empty()).then_some(Path { edges })
    }

    /// One path for each edge of the node that leads on to an administrator, the best first.
    #[must_use]
    pub fn paths_to_administrator(&self, node: &Node) -> Vec<Path> {
        let mut paths: Vec<Path> = self
            .edges_from(node)
            .into_iter()
            .filter_map(|edge| {
                let mut edges = vec![edge.clone()];
                if !matches!(edge.to, Node::Administrator(_)) {
                    edges.extend(self.way(&edge.to)?.edges);
                }
                let returns = edges.iter().any(|edge| edge.to == *node);
                (!returns).then_some(Path { edges })
            })
            .collect();
        paths.sort_by_key(Path::cost);
        paths
    }

    /// Whether a node leads to an administrator, and what that depends on.
    #[must_use]
    pub fn reaches_administrator(&self, node: &Node) -> Option<Certainty> {
        if matches!(node, Node::Administrator(_)) {
            return Some(Certainty::Yes);
        }
        self.way(node).map(|path| path.certainty())
    }

    /// The best path to an administrator of any account.
    #[must_use]
    pub fn way(&self, node: &Node) -> Option<Path> {
        let ways = self.ways.get_or_init(|| Ways::of(self));
        let mut edges = Vec::new();
        let mut at = node;
        while let Some((_, edge)) = ways.0.get(at) {
            edges.push(edge.clone());
            at = &edge.to;
        }
        (!edges.is_empty()).then_some(Path { edges })
    }
}

fn cost_after((open, length): Cost, edge: &Edge) -> Cost {
    (open + usize::from(!edge.certainty.is_yes()), length + 1)
}

impl Ways {
    /// From all administrators backwards.
    fn of(graph: &Graph) -> Self {
        let mut into: HashMap<&Node, Vec<&Edge>> = HashMap::new();
        let mut heap = BinaryHeap::new();
        let mut best: BTreeMap<&Node, (Cost, Option<&Edge>)> = BTreeMap::new();
        for edge in graph.edges() {
            into.entry(&edge.to).or_default().push(edge);
            if matches!(edge.to, Node::Administrator(_)) && !best.contains_key(&edge.to) {
                best.insert(&edge.to, ((0, 0), None));
                heap.push(Reverse(((0, 0), &edge.to)));
            }
        }
        while let Some(Reverse((cost, node))) = heap.pop() {
            if best.get(node).is_some_and(|(known, _)| *known < cost) {
                continue;
            }
            for edge in into.get(node).into_iter().flatten() {
                let next = cost_after(cost, edge);
                if best.get(&edge.from).is_none_or(|(known, _)| next < *known) {
                    best.insert(&edge.from, (next, Some(edge)));
                    heap.push(Reverse((next, &edge.from)));
                }
            }
        }
        let ways = best
            .into_iter()
            .filter_map(|(node, (cost, edge))| Some((node.clone(), (cost, edge?.clone()))));
        Self(ways.collect())
    }
}
