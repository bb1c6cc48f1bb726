//! Ways to more permissions that a plan opens and closes.
//!
//! The graph compares what is certain with what is, and draws no lesser way of an administrator: so a way
//! may be told to close that only asks for more now, and one to open that was there before.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::effect::{Effect, PathOpened};
use trailwarden_account::graph::{Delta, Graph, Node};
use trailwarden_account::{Change, Field, Id, Subject, World};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::Way;

use super::unlisted::{counted, listed};
use super::{LISTED_MAX, Telling};

/// So many ways of a kind are found at most; where there are as many, there may be more.
const FOUND_MAX: usize = 200;

/// What grants something, or takes it away, and nothing else.
const OF_GRANTS: &[Field] = &[
    Field::Inline,
    Field::Attached,
    Field::Boundary,
    Field::Groups,
    Field::Trust,
    Field::Version,
    Field::Default,
];

/// What the graph shows besides of ways that moved.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// By the start and the end of a way that closes: what must be so for another one to lead there still.
    open: BTreeMap<(Id, String), Vec<String>>,
    /// Who was an administrator, perhaps on conditions, and gains nothing.
    fallen: BTreeSet<Id>,
    /// ARNs of those whom the plan itself changes, and of whoever gains by it.
    touched: BTreeSet<String>,
}

impl Left {
    pub(super) fn of(
        (change, effect): (&Change, &Effect),
        world: World<'_>,
        graph: &Graph,
        delta: &Delta,
    ) -> Self {
        let mut left = Self::default();
        for edge in &delta.closed {
            let Node::Identity(_, from) = &edge.from else { continue };
            if matches!(edge.to, Node::Administrator(_)) {
                left.fallen.insert(from.clone());
            }
            let others = graph.edges_from(&edge.from).into_iter();
            let still = others.filter(|other| other.to == edge.to);
            let least = still.min_by_key(|other| other.certainty.reasons().len());
            if let (Some(other), Some(to)) = (least, end_of(world, &edge.to)) {
                left.open.insert((from.clone(), to), other.certainty.reasons().to_vec());
            }
        }
        // What makes room for something new, such as a key that goes, opens ways of its own.
        if !change.touched.iter().all(|touched| OF_GRANTS.contains(&touched.field)) {
            left.fallen.clear();
        }
        let changed = change.touched.iter().filter_map(|touched| match &touched.subject {
            Subject::Identity(_, id) => change.after.identity(id),
            _ => None,
        });
        left.touched = changed.map(|one| super::arn_of(&change.after, one)).collect();
        let gaining = || effect.moved.iter().filter(|one| !one.gained.is_empty());
        left.touched.extend(gaining().map(|one| one.arn.clone()));
        left.fallen.retain(|id| !gaining().any(|one| one.id == *id));
        left
    }

    /// Whether a way was there before, and only not drawn.
    fn was_there(&self, path: &PathOpened) -> bool {
        let is_changed = path.to_arn.as_ref().is_some_and(|to| self.touched.contains(to));
        self.fallen.contains(&path.from_id) && !is_changed
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
        mut opened: Vec<PathOpened>,
        closed: Vec<PathOpened>,
        left: &Left,
        out: &mut Foreseen,
    ) {
        for (all, what) in [(&opened, "open"), (&closed, "close")] {
            if all.len() >= FOUND_MAX {
                out.unknowns.push(format!(
                    "which ways to more permissions {what} besides the first {FOUND_MAX}"
                ));
            }
        }
        opened.retain(|path| !left.was_there(path));
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
