//! Ways that a change opened or closed, as the privilege graph tells them.

mod asleep;
mod earlier;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use trailwarden_policy::reach::Grade;

use super::behind;
use super::entrance::{grade_of, grade_told};
use super::naming::arn_of;
use super::severity::of_way;
use super::{Actor, Effect, Entrance, PathOpened};
use crate::access::World;
use crate::change::Change;
use crate::graph::{Delta, Edge, Graph, Node};
use crate::identity::Id;
use crate::query::name_of;
use crate::techniques::ADMINISTRATOR;
use asleep::is_by_a_key_that_was_on;
use earlier::Earlier;

/// How many ways are kept of each kind.
const PATHS_MAX: usize = 200;

impl Effect {
    /// Takes in what the change did to the graph. `graph` is the one after the change, `world` too.
    pub fn add_paths(
        &mut self,
        world: World<'_>,
        graph: &Graph,
        (change, delta): (&Change, &Delta),
        actor: Option<&Actor>,
    ) {
        let actor = actor.and_then(|actor| {
            Some(Node::Identity(actor.account, actor.identity(world)?.id.clone()))
        });
        let path = |edge: &Edge| {
            let grade = grade_behind(world, graph, &edge.to)?;
            let mut path = path_of(world, edge, grade.known());
            path.is_certain &= goes_on_for_certain(world, graph, &edge.to);
            path.is_actor = actor.as_ref() == Some(&edge.from);
            Some(path)
        };
        // That somebody is administrator by his own policies is told by what he gained.
        let is_way =
            |edge: &&Edge| edge.technique != ADMINISTRATOR && !matches!(edge.to, Node::External(_));
        let mut earlier = Earlier::of((world, graph), (change, delta), self);
        let mut opened: Vec<&Edge> = delta.opened.iter().filter(is_way).collect();
        opened.retain(|edge| {
            self.is_new_at_the_door(edge)
                && !is_by_a_key_that_was_on(change, edge)
                && !earlier.led_as_far(edge)
        });
        if opened.len() > PATHS_MAX {
            gravest_first((world, graph), &mut earlier, actor.as_ref(), &mut opened);
        }
        let is_lost = |edge: &&Edge| !is_administrator_for_certain(graph, &edge.from);
        let is_shut = |edge: &&Edge| self.is_shut(edge);
        let closed: Vec<&Edge> =
            delta.closed.iter().filter(is_way).filter(is_lost).filter(is_shut).collect();
        let more = |edges: &[&Edge]| edges.len().saturating_sub(PATHS_MAX);
        (self.more_opened, self.more_closed) = (more(&opened), more(&closed));
        let told = |edges: Vec<&Edge>| edges.into_iter().take(PATHS_MAX).filter_map(path).collect();
        (self.opened, self.closed) = (told(opened), told(closed));
        self.opened.sort_by_key(|path| {
            Reverse((path.severity(), path.is_actor, path.grade, path.is_certain))
        });
        self.behind = behind::of(world, graph, delta, &self.moved, actor.as_ref());
    }

    /// Whether nobody knows better: who is let in newly tells the comparison of trust policies. For the
    /// graph whoever is named is another than the "anyone" of before, and one who may have been let in
    /// before came anew.
    fn is_new_at_the_door(&self, edge: &Edge) -> bool {
        let Node::Identity(account, id) = &edge.to else { return true };
        let is_it = |entry: &&Entrance| entry.account == *account && entry.role == *id;
        let mut entries = self.entries.iter().filter(is_it);
        match &edge.from {
            Node::External(_) => entries.any(|entry| entry.is_gain() && !entry.is_perhaps_old),
            // He may stand in the policy by name, or be meant by a condition.
            Node::Identity(_, from) if is_by_the_door(edge) => {
                let is_his = |entry: &&Entrance| entry.who.id().is_none_or(|id| id == from);
                let mut his = entries.filter(is_his).peekable();
                his.peek().is_none() || his.any(|entry| !entry.is_perhaps_old)
            }
            _ => true,
        }
    }

    /// Whether somebody may no longer go that way. Whoever is named by a trust policy no more may be one
    /// of more whom it names now.
    fn is_shut(&self, edge: &Edge) -> bool {
        let Node::Identity(account, id) = &edge.to else { return true };
        let is_let_in = |entry: &Entrance| entry.account == *account && entry.role == *id;
        !is_by_the_door(edge)
            || self.shut.iter().any(is_let_in)
            || !self.entries.iter().any(is_let_in)
    }
}

/// Puts the ways first that make a change grave, as the rest is only counted.
fn gravest_first<'a>(
    (world, graph): (World<'_>, &Graph),
    earlier: &mut Earlier<'a>,
    actor: Option<&Node>,
    opened: &mut [&'a Edge],
) {
    let mut sure: BTreeMap<&Node, bool> = BTreeMap::new();
    opened.sort_by_cached_key(|edge| {
        let grade = earlier.far(&edge.to).and_then(Far::known);
        let goes_on = || goes_on_for_certain(world, graph, &edge.to);
        let is_certain = *sure.entry(&edge.to).or_insert_with(goes_on) && edge.certainty.is_yes();
        let is_actor = actor == Some(&edge.from);
        Reverse((of_way(grade, is_certain, is_actor), is_actor, grade, is_certain))
    });
}

/// Whether a way leads into a role by its trust policy.
fn is_by_the_door(edge: &Edge) -> bool {
    matches!(edge.from, Node::External(_)) || edge.technique == "sts-001"
}

/// How far a way leads; what is not known is no further than anything that is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Far {
    Unknown,
    Known(Grade),
}

impl Far {
    fn known(self) -> Option<Grade> {
        match self {
            Self::Unknown => None,
            Self::Known(grade) => Some(grade),
        }
    }
}

/// How far whoever arrives there may go, or on from there; `None` where it leads nowhere.
pub(super) fn grade_behind(world: World<'_>, graph: &Graph, to: &Node) -> Option<Far> {
    match to {
        Node::Administrator(_) => Some(Far::Known(Grade::Admin)),
        Node::Identity(..) => Some(match graph.reaches_administrator(to) {
            Some(_) => Far::Known(Grade::Admin),
            None => grade_at(world, graph, to).map_or(Far::Unknown, Far::Known),
        }),
        Node::Service(_) => Some(Far::Known(Grade::Write)),
        Node::External(_) => None,
    }
}

/// How far a principal may go by itself; none when there may be more. The graph has worked it out for
/// whomever it drew.
pub(super) fn grade_at(world: World<'_>, graph: &Graph, node: &Node) -> Option<Grade> {
    match (graph.standing(node), node) {
        (Some(standing), _) => grade_told(standing),
        (None, Node::Identity(account, id)) => grade_of(world, *account, id),
        (None, _) => None,
    }
}

/// Whether nothing stands between whoever arrives there and how far it leads.
pub(super) fn goes_on_for_certain(world: World<'_>, graph: &Graph, to: &Node) -> bool {
    if !matches!(to, Node::Identity(..)) {
        return true;
    }
    match graph.reaches_administrator(to) {
        Some(way) => way.is_yes(),
        None => grade_at(world, graph, to).is_some(),
    }
}

/// Whether whoever stands there needs no way: of an administrator none is drawn, so none is lost to him.
fn is_administrator_for_certain(graph: &Graph, node: &Node) -> bool {
    let edges = graph.edges_from(node);
    edges.iter().any(|edge| edge.technique == ADMINISTRATOR && edge.certainty.is_yes())
}

pub(super) fn path_of(world: World<'_>, edge: &Edge, grade: Option<Grade>) -> PathOpened {
    let from_id = match &edge.from {
        Node::Identity(_, id) => id.clone(),
        Node::External(text) | Node::Service(text) => Id::unique(text),
        Node::Administrator(account) => Id::unique(&account.to_string()),
    };
    PathOpened {
        technique: edge.technique.to_owned(),
        from: label(world, &edge.from),
        from_arn: arn(world, &edge.from),
        from_id,
        to: label(world, &edge.to),
        to_arn: arn(world, &edge.to),
        grade,
        is_actor: false,
        is_certain: edge.certainty.is_yes(),
        conditions: edge.certainty.reasons().to_vec(),
    }
}

fn label(world: World<'_>, node: &Node) -> String {
    match node {
        Node::Administrator(account) => format!("administrator of {account}"),
        Node::Identity(account, id) => {
            let model = world.model(*account);
            let identity = model.and_then(|model| model.identity(id));
            identity.map_or_else(|| id.to_string(), name_of)
        }
        Node::Service(text) | Node::External(text) => text.to_string(),
    }
}

fn arn(world: World<'_>, node: &Node) -> Option<String> {
    match node {
        Node::Identity(account, id) => {
            let model = world.model(*account)?;
            model.identity(id).map(|identity| arn_of(model, identity))
        }
        Node::External(text) if text.starts_with("arn:") => Some(text.to_string()),
        Node::External(text) if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("arn:aws:iam::{text}:root"))
        }
        Node::Administrator(_) | Node::Service(_) | Node::External(_) => None,
    }
}
