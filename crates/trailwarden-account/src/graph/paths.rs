//! The way from one node to another: certain before conditional, then short.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

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

/// Keeps the ways to an administrator only while they are those of the edges that came as well.
pub(super) fn keep<'e>(
    ways: &mut Option<Ways>,
    before: impl IntoIterator<Item = &'e Edge>,
    after: impl IntoIterator<Item = &'e Edge>,
) {
    if ways.as_ref().is_some_and(|ways| !ways.outlast(before, after)) {
        *ways = None;
    }
}

/// Edges by number, with the numbers of their ends: most work on hundreds of thousands of edges is to
/// find what lies at their ends.
struct Numbered<'g> {
    /// In their order, so that numbers compare as nodes do.
    nodes: Vec<&'g Node>,
    edges: Vec<&'g Edge>,
    from: Vec<usize>,
    /// Numbers of edges by where they lead; those to one node stand together, in their order.
    into: Vec<usize>,
    /// Where in `into` those to each node begin; one more than there are nodes.
    starts: Vec<usize>,
}

impl<'g> Numbered<'g> {
    fn of(graph: &'g Graph) -> Self {
        let edges: Vec<&Edge> = graph.edges().collect();
        let mut seen: HashMap<&Node, usize> = HashMap::new();
        let mut last: Option<(&Node, usize)> = None;
        let mut ends = Vec::with_capacity(edges.len());
        for edge in &edges {
            // Edges of one source follow on each other.
            let from = match last {
                Some((node, number)) if *node == edge.from => number,
                _ => number(&mut seen, &edge.from),
            };
            last = Some((&edge.from, from));
            ends.push((from, number(&mut seen, &edge.to)));
        }
        let mut nodes: Vec<(&Node, usize)> = seen.into_iter().collect();
        nodes.sort_unstable();
        let mut ranks = vec![0; nodes.len()];
        for (rank, (_, number)) in nodes.iter().enumerate() {
            if let Some(place) = ranks.get_mut(*number) {
                *place = rank;
            }
        }
        let rank = |number: usize| ranks.get(number).copied().unwrap_or_default();
        let from = ends.iter().map(|(from, _)| rank(*from)).collect();
        let mut into: Vec<(usize, usize)> =
            ends.iter().enumerate().map(|(edge, (_, to))| (rank(*to), edge)).collect();
        into.sort_unstable();
        let starts = (0..=nodes.len()).map(|node| into.partition_point(|(to, _)| *to < node));
        Self {
            starts: starts.collect(),
            into: into.iter().map(|(_, edge)| *edge).collect(),
            nodes: nodes.into_iter().map(|(node, _)| node).collect(),
            edges,
            from,
        }
    }

    /// The edges to a node, each with the number of the node that it leads from.
    fn leading_to(&self, node: usize) -> impl Iterator<Item = (usize, &'g Edge)> {
        let place = |at: usize| self.starts.get(at).copied().unwrap_or_default();
        let numbers = self.into.get(place(node)..place(node + 1)).unwrap_or_default();
        numbers.iter().filter_map(|at| Some((*self.from.get(*at)?, *self.edges.get(*at)?)))
    }
}

/// The number of a node: another one for each.
fn number<'g>(seen: &mut HashMap<&'g Node, usize>, node: &'g Node) -> usize {
    let next = seen.len();
    *seen.entry(node).or_insert(next)
}

impl Ways {
    /// From all administrators backwards.
    fn of(graph: &Graph) -> Self {
        let all = Numbered::of(graph);
        let mut best: Vec<Option<(Cost, Option<&Edge>)>> = vec![None; all.nodes.len()];
        let mut heap = BinaryHeap::new();
        for (number, (node, best)) in all.nodes.iter().zip(&mut best).enumerate() {
            if matches!(node, Node::Administrator(_)) {
                *best = Some(((0, 0), None));
                heap.push(Reverse(((0, 0), number)));
            }
        }
        while let Some(Reverse((cost, node))) = heap.pop() {
            if best.get(node).is_some_and(|best| best.is_some_and(|(known, _)| known < cost)) {
                continue;
            }
            for (from, edge) in all.leading_to(node) {
                let next = cost_after(cost, edge);
                let Some(best) = best.get_mut(from) else { continue };
                if best.is_none_or(|(known, _)| next < known) {
                    *best = Some((next, Some(edge)));
                    heap.push(Reverse((next, from)));
                }
            }
        }
        let found = all.nodes.into_iter().zip(best);
        let ways = found.filter_map(|(node, best)| {
            let (cost, edge) = best?;
            Some((node.clone(), (cost, edge?.clone())))
        });
        Self(ways.collect())
    }

    /// Whether these are the ways as well after the edges of some source became others: what is gone
    /// was on none, and nothing that came is as good as what is there.
    fn outlast<'e>(
        &self,
        before: impl IntoIterator<Item = &'e Edge>,
        after: impl IntoIterator<Item = &'e Edge>,
    ) -> bool {
        let before: BTreeSet<&Edge> = before.into_iter().collect();
        let after: BTreeSet<&Edge> = after.into_iter().collect();
        let is_gone = |edge: &Edge| self.0.get(&edge.from).is_some_and(|(_, way)| way == edge);
        let is_better = |edge: &Edge| {
            let behind = match &edge.to {
                Node::Administrator(_) => Some((0, 0)),
                to => self.0.get(to).map(|(cost, _)| *cost),
            };
            let known = self.0.get(&edge.from).map(|(cost, _)| *cost);
            let administers = matches!(edge.from, Node::Administrator(_));
            behind.is_some_and(|cost| {
                !administers && known.is_none_or(|known| cost_after(cost, edge) <= known)
            })
        };
        !before.difference(&after).any(|edge| is_gone(edge))
            && !after.difference(&before).any(|edge| is_better(edge))
    }
}
