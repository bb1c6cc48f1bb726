//! Who can become whom: principals joined by the techniques that lead from one to another.
//!
//! An edge says that whoever acts as `from` can act as `to` by one technique. Each is proven by
//! decisions about the very target, with its trust, its limits and its state; never by names of
//! actions alone. What a decision depends on and nobody knows makes the edge conditional, and the
//! edge says on what. [`Graph::of`] draws all edges of some models, [`Graph::update`] only those that
//! a change can touch.
//!
//! # Invariants
//! - After any change, the updated graph equals a new one (`tests/graph/incremental.rs`).
//! - An administrator has one edge, to [`Node::Administrator`]; nobody has an edge to himself.
//! - What is not drawn for lack of room is visible: [`Graph::is_truncated`].
//!
//! # Why not all paths?
//! There are too many. A path is asked for, and found by the shortest way, a certain one first.

mod above;
mod access;
mod affected;
mod answer;
mod anywhere;
mod build;
mod carriers;
mod combined;
mod delta;
mod dirty;
mod edit;
mod ground;
mod moves;
mod outside;
mod own;
mod passing;
mod paths;
mod providers;
mod second_factor;
mod secrets;
mod source;
mod target;
mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use trailwarden_model::{AccountId, Timestamp};

use crate::access::{Standing, World};
use crate::digest;
use crate::identity::Id;
use crate::model::Model;
use build::Drawn;
use ground::Ground;
use source::Source;

pub(crate) use access::of_session;
pub(crate) use answer::{doubts_of, is_unseen};
pub use delta::Delta;
pub use paths::Path;

/// How many edges one principal has at most; [`Graph::is_truncated`] says when there were more.
pub const EDGES_PER_PRINCIPAL_MAX: usize = 4_000;
/// How many edges a graph has at most.
pub const EDGES_MAX: usize = 1_000_000;

/// Somebody or something that permissions lead to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Node {
    /// Full control of an account.
    Administrator(AccountId),
    /// A user, role or root user.
    Identity(AccountId, Id),
    /// A service, where a credential is good for it alone.
    Service(Arc<str>),
    /// Whoever no model shows: another account or its principal, a provider's users, anyone (`*`).
    External(Arc<str>),
}

/// Whether an edge or path is there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Certainty {
    /// It is.
    Yes,
    /// It is if these hold, each as it stands after "if".
    Conditional(Vec<String>),
}

/// One way from a node to another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// Who goes.
    pub from: Node,
    /// Where to.
    pub to: Node,
    /// By which technique: an id of [`crate::techniques::all`], or
    /// [`crate::techniques::ADMINISTRATOR`].
    pub technique: &'static str,
    /// Whether it is there.
    pub certainty: Certainty,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// One call, and what allows it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Step {
    /// `iam:PassRole`.
    pub action: &'static str,
    /// The ARN of what it is done to, or `*`.
    pub resource: Arc<str>,
    /// The policies whose statements allow it, or may.
    pub allowed_by: Vec<Arc<str>>,
}

/// All edges of some models.
#[derive(Debug)]
pub struct Graph {
    /// The models that were drawn.
    seen: BTreeMap<AccountId, Model>,
    /// When it was drawn.
    now: Option<Timestamp>,
    grounds: BTreeMap<AccountId, Ground>,
    sources: BTreeMap<Node, Arc<Source>>,
    drawn: BTreeMap<Node, Drawn>,
    /// Edges of those that no model shows, by the role that lets them in.
    outside: BTreeMap<Node, Vec<Edge>>,
    is_full: bool,
    ways: OnceLock<paths::Ways>,
}

impl Certainty {
    /// Of what it depends on.
    #[must_use]
    pub(crate) fn of(mut doubts: Vec<String>) -> Self {
        doubts.sort();
        doubts.dedup();
        if doubts.is_empty() { Self::Yes } else { Self::Conditional(doubts) }
    }

    /// Whether it is certain.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    /// What it depends on; nothing when it is certain.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        match self {
            Self::Yes => &[],
            Self::Conditional(reasons) => reasons,
        }
    }
}

impl Graph {
    /// All edges between what the models show.
    #[must_use]
    pub fn of(world: World<'_>) -> Self {
        let mut graph = Self {
            seen: BTreeMap::new(),
            now: None,
            grounds: BTreeMap::new(),
            sources: BTreeMap::new(),
            drawn: BTreeMap::new(),
            outside: BTreeMap::new(),
            is_full: false,
            ways: OnceLock::new(),
        };
        graph.build(world);
        graph
    }

    /// All edges, in a fixed order.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.drawn.values().flat_map(Drawn::edges).chain(self.outside.values().flatten())
    }

    /// The edges from a node.
    pub fn edges_from(&self, node: &Node) -> Vec<&Edge> {
        match node {
            Node::External(_) => {
                self.outside.values().flatten().filter(|edge| edge.from == *node).collect()
            }
            _ => self.drawn.get(node).map(|drawn| drawn.edges().collect()).unwrap_or_default(),
        }
    }

    /// The edges that lead to a user or role.
    #[must_use]
    pub fn edges_to(&self, node: &Node) -> Vec<&Edge> {
        let outside = self.outside.get(node).into_iter().flatten();
        self.drawn.values().flat_map(|drawn| drawn.to(node)).chain(outside).collect()
    }

    /// The edges that lead to some users and roles, by where they lead: one pass for all of them.
    pub(crate) fn edges_into(&self, nodes: &BTreeSet<&Node>) -> BTreeMap<&Node, Vec<&Edge>> {
        let outside = nodes.iter().filter_map(|node| self.outside.get(*node)).flatten();
        let drawn = self.drawn.values().flat_map(|drawn| drawn.into(nodes));
        let mut into: BTreeMap<&Node, Vec<&Edge>> = BTreeMap::new();
        for edge in drawn.chain(outside) {
            into.entry(&edge.to).or_default().push(edge);
        }
        into
    }

    /// What decides for a principal, as it was when it was drawn.
    pub(crate) fn standing(&self, node: &Node) -> Option<&Standing> {
        self.sources.get(node).map(|source| &source.standing)
    }

    /// All nodes: every principal of the models, and whatever an edge leads from or to.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node> {
        let ends = self.edges().flat_map(|edge| [edge.from.clone(), edge.to.clone()]);
        let mut nodes: Vec<Node> = self.sources.keys().cloned().chain(ends).collect();
        nodes.sort();
        nodes.dedup();
        nodes
    }

    /// How many edges there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.edges().count()
    }

    /// Whether there is no edge.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges().next().is_none()
    }

    /// Whether some edges were left out, because there were too many.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_full || self.drawn.values().any(|drawn| drawn.is_cut)
    }
}
