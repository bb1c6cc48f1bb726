//! The paths that are asked for: a certain one before a conditional one, then the shortest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use trailwarden_account::graph::{Edge, Graph, Node, Path};
use trailwarden_account::techniques::ADMINISTRATOR;
use trailwarden_account::{Identity, Models};
use trailwarden_model::AccountId;

use crate::cli::state::label;

/// Where paths lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Goal {
    /// To an administrator of any account.
    Administrator,
    /// To somebody, directly or as an administrator of that account.
    Identity(Node),
}

/// What was found.
pub(super) struct Found {
    pub(super) goal: Goal,
    /// From each principal the best; from one that was named, the best for each first step.
    pub(super) paths: Vec<Path>,
    /// Those who are administrators already.
    pub(super) administrators: Vec<Node>,
    /// Whether paths of one principal were asked for.
    pub(super) is_of_one: bool,
}

/// What nodes are called.
pub(super) struct Names<'n> {
    models: &'n Models,
    is_single: bool,
}

/// What a way costs: conditional steps first, then steps.
type Cost = (usize, usize);

impl Found {
    /// Looks for them.
    pub(super) fn of(
        graph: &Graph,
        source: Option<&Node>,
        goal: Goal,
        accounts: &BTreeSet<AccountId>,
        names: &Names<'_>,
    ) -> Self {
        let ways = Ways::to(graph, &goal);
        let is_asked = |node: &Node| match node {
            Node::Identity(account, _) => accounts.contains(account),
            Node::External(_) => true,
            Node::Administrator(_) | Node::Service(_) => false,
        };
        let nodes: Vec<Node> = match source {
            Some(node) => vec![node.clone()],
            None => graph.nodes().into_iter().filter(is_asked).collect(),
        };
        let is_administrator = |node: &Node| {
            let edges = graph.edges_from(node);
            edges.iter().any(|edge| matches!(edge.to, Node::Administrator(_)) && is_plain(edge))
        };
        let (administrators, others): (Vec<Node>, Vec<Node>) =
            nodes.into_iter().partition(is_administrator);
        let mut paths: Vec<Path> = Vec::new();
        for node in &others {
            match source {
                Some(_) => paths.extend(ways.by_first_step(graph, node)),
                None => paths.extend(ways.from(node)),
            }
        }
        if let (Goal::Identity(target), Some(only)) = (&goal, source)
            && administrators.contains(only)
            && only != target
        {
            paths.extend(ways.from(only));
        }
        paths.sort_by_cached_key(|path| {
            (cost(path), path.edges.first().map(|edge| names.node(&edge.from)))
        });
        let mut administrators = administrators;
        administrators.sort_by_cached_key(|node| names.node(node));
        Self { goal, paths, administrators, is_of_one: source.is_some() }
    }
}

/// Whether an edge says only that somebody is an administrator.
pub(super) fn is_plain(edge: &Edge) -> bool {
    edge.technique == ADMINISTRATOR && edge.certainty.is_yes()
}

fn cost(path: &Path) -> Cost {
    let open = path.edges.iter().filter(|edge| !edge.certainty.is_yes()).count();
    (open, path.edges.len())
}

/// The next edge of each node's best way to the goal.
struct Ways<'g>(BTreeMap<&'g Node, (Cost, Option<&'g Edge>)>);

impl<'g> Ways<'g> {
    /// From the goal backwards.
    fn to(graph: &'g Graph, goal: &Goal) -> Self {
        let mut into: BTreeMap<&Node, Vec<&Edge>> = BTreeMap::new();
        for edge in graph.edges() {
            into.entry(&edge.to).or_default().push(edge);
        }
        let mut best: BTreeMap<&Node, (Cost, Option<&Edge>)> = BTreeMap::new();
        let mut heap = BinaryHeap::new();
        for node in into.keys().copied().filter(|node| goal.is_met_by(node)) {
            best.insert(node, ((0, 0), None));
            heap.push(Reverse(((0, 0), node)));
        }
        while let Some(Reverse((cost, node))) = heap.pop() {
            if best.get(node).is_some_and(|(known, _)| *known < cost) {
                continue;
            }
            for edge in into.get(node).into_iter().flatten() {
                let next = (cost.0 + usize::from(!edge.certainty.is_yes()), cost.1 + 1);
                if best.get(&edge.from).is_none_or(|(known, _)| next < *known) {
                    best.insert(&edge.from, (next, Some(edge)));
                    heap.push(Reverse((next, &edge.from)));
                }
            }
        }
        Self(best)
    }

    /// The best way of a node; none where it is the goal, or there is no way.
    fn from(&self, node: &Node) -> Option<Path> {
        let mut edges = Vec::new();
        let mut at = node;
        while let Some((_, Some(edge))) = self.0.get(at) {
            edges.push((*edge).clone());
            at = &edge.to;
        }
        (!edges.is_empty()).then_some(Path { edges })
    }

    /// The best way for each first step that leads on without coming back.
    fn by_first_step(&self, graph: &Graph, node: &Node) -> Vec<Path> {
        let edges = graph.edges_from(node).into_iter();
        let paths = edges.filter_map(|edge| {
            let (_, next) = self.0.get(&edge.to)?;
            let mut edges = vec![edge.clone()];
            if next.is_some() {
                edges.extend(self.from(&edge.to)?.edges);
            }
            let returns = edges.iter().any(|edge| edge.to == *node);
            (!returns).then_some(Path { edges })
        });
        paths.collect()
    }
}

impl Goal {
    fn is_met_by(&self, node: &Node) -> bool {
        match (self, node) {
            (Self::Administrator, Node::Administrator(_)) => true,
            (Self::Identity(target), node) if target == node => true,
            (Self::Identity(Node::Identity(account, _)), Node::Administrator(other)) => {
                account == other
            }
            _ => false,
        }
    }
}

impl<'n> Names<'n> {
    pub(super) fn of(models: &'n Models) -> Self {
        Self { models, is_single: models.iter().count() == 1 }
    }

    /// The identity of a node.
    pub(super) fn identity(&self, node: &Node) -> Option<(&'n Identity, Option<String>)> {
        let Node::Identity(account, id) = node else { return None };
        let model = self.models.get(*account)?;
        Some((model.identity(id)?, model.arn_of(id)))
    }

    /// A node for people; not escaped.
    pub(super) fn node(&self, node: &Node) -> String {
        match node {
            Node::Administrator(account) => format!("administrator of {account}"),
            Node::Identity(account, id) => {
                let name = self
                    .identity(node)
                    .map_or_else(|| id.to_string(), |(identity, _)| label(identity));
                if self.is_single { name } else { format!("{name} of {account}") }
            }
            Node::Service(name) => format!("service {name}"),
            Node::External(name) if &**name == "*" => "anyone".to_owned(),
            Node::External(name) => name.to_string(),
        }
    }

    /// The goal for people.
    pub(super) fn goal(&self, goal: &Goal) -> String {
        match goal {
            Goal::Administrator => "administrator".to_owned(),
            Goal::Identity(node) => self.node(node),
        }
    }
}

/// What is done on an edge: `PassRole + CreateFunction (x-lambda-01)`.
pub(crate) fn deed(edge: &Edge) -> String {
    if edge.technique == ADMINISTRATOR {
        return ADMINISTRATOR.to_owned();
    }
    let mut names: Vec<&str> = Vec::new();
    for step in &edge.steps {
        let name = step.action.split_once(':').map_or(step.action, |(_, name)| name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.is_empty() {
        true => edge.technique.to_owned(),
        false => format!("{} ({})", names.join(" + "), edge.technique),
    }
}
