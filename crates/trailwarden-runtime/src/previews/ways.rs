//! Ways to more permissions that a plan opens and closes.
//!
//! The graph compares what is certain with what is: so a way may be told to close that only asks for more
//! now.

use std::collections::BTreeMap;

use trailwarden_account::effect::PathOpened;
use trailwarden_account::graph::{Delta, Graph, Node};
use trailwarden_account::{Id, World};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::Way;

use super::unlisted::{counted, listed};
use super::{LISTED_MAX, Telling};

/// What the graph shows besides of ways that moved.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// By the start and the end of a way that closes: what must be so for another one to lead there still.
    open: BTreeMap<(Id, String), Vec<String>>,
}

impl Left {
    pub(super) fn of(world: World<'_>, graph: &Graph, delta: &Delta) -> Self {
        let mut left = Self::default();
        for edge in &delta.closed {
            let Node::Identity(_, from) = &edge.from else { continue };
            let others = graph.edges_from(&edge.from).into_iter();
            let still = others.filter(|other| other.to == edge.to);
            let least = still.min_by_key(|other| other.certainty.reasons().len());
            if let (Some(other), Some(to)) = (least, end_of(world, &edge.to)) {
                left.open.insert((from.clone(), to), other.certainty.reasons().to_vec());
            }
        }
        left
    }

    fn way(&self, path: PathOpened) -> Way {
        let to = path.to_arn.clone().unwrap_or_else(|| path.to.clone());
        let left = self.open.get(&(path.from_id.clone(), to)).cloned();
        Way { left, ..way(path) }
    }
}

impl Telling<'_> {
    pub(super) fn tell_ways(
        &self,
        opened: Vec<PathOpened>,
        closed: Vec<PathOpened>,
        left: &Left,
        out: &mut Foreseen,
    ) {
        let opened = opened.into_iter().map(way).collect();
        let closed: Vec<Way> = closed.into_iter().map(|path| left.way(path)).collect();
        let (opened, more_opened) = listed(opened, LISTED_MAX);
        let (closed, more_closed) = listed(closed, LISTED_MAX);
        self.note_losing(more_closed.iter().map(|way| way.from.as_str()));
        (out.paths_opened, out.paths_closed) = (opened, closed);
        out.unlisted.paths_opened = counted(more_opened.len());
        out.unlisted.paths_closed = counted(more_closed.len());
    }
}

/// The end of a way, as [`way`] names it.
fn end_of(world: World<'_>, node: &Node) -> Option<String> {
    match node {
        Node::Administrator(account) => Some(format!("administrator of {account}")),
        Node::Identity(account, id) => {
            let model = world.model(*account)?;
            Some(super::arn_of(model, model.identity(id)?))
        }
        Node::Service(name) | Node::External(name) => Some(name.to_string()),
    }
}

fn way(path: PathOpened) -> Way {
    Way {
        technique: path.technique,
        from: path.from_arn.unwrap_or(path.from),
        to: path.to_arn.unwrap_or(path.to),
        conditions: path.conditions,
        left: None,
    }
}
