//! What led as far before: a way that comes beside it is no gain.
//!
//! Of an administrator the graph draws no lesser ways, on whatever condition he is one. So who is one no
//! more seems to get all these ways, and had them before.

use std::collections::{BTreeMap, BTreeSet};

use super::{Far, grade_behind};
use crate::access::World;
use crate::change::{Change, Field, Subject, Touched};
use crate::effect::Effect;
use crate::graph::{Delta, Edge, Graph, Node};

/// What grants something, takes it away or is only seen. Anything else may make room for a way that was
/// not there, such as a key that goes.
const OF_GRANTS: &[Field] = &[
    Field::FirstSeen,
    Field::Id,
    Field::Inline,
    Field::Attached,
    Field::Boundary,
    Field::Groups,
    Field::Members,
    Field::Trust,
    Field::Tags,
    Field::Version,
    Field::Default,
    Field::Content,
    Field::Targets,
    Field::Parent,
];

/// What there was before a change.
pub(super) struct Earlier<'a> {
    world: World<'a>,
    graph: &'a Graph,
    opened: BTreeSet<&'a Edge>,
    /// By where they led from.
    closed: BTreeMap<&'a Node, Vec<&'a Edge>>,
    /// Who was an administrator, perhaps on conditions, and gained nothing.
    fallen: BTreeSet<&'a Node>,
    /// Whom the change itself is about, and whoever gained by it: a way to them may be new.
    moved: BTreeSet<Node>,
    far: BTreeMap<&'a Node, Option<Far>>,
    led: BTreeMap<&'a Node, Led>,
}

/// How far ways from one place led, each none where there was none.
#[derive(Clone, Copy)]
struct Led {
    /// By ways that are open still.
    still: Option<Option<Far>>,
    /// By ways that closed, and were certain.
    surely: Option<Option<Far>>,
    /// By any that closed.
    perhaps: Option<Option<Far>>,
}

impl<'a> Earlier<'a> {
    pub(super) fn of(
        (world, graph): (World<'a>, &'a Graph),
        (change, delta): (&Change, &'a Delta),
        effect: &Effect,
    ) -> Self {
        let mut closed: BTreeMap<&Node, Vec<&Edge>> = BTreeMap::new();
        for edge in &delta.closed {
            closed.entry(&edge.from).or_default().push(edge);
        }
        let gaining = effect.moved.iter().filter(|moved| !moved.gained.is_empty());
        let gaining: BTreeSet<Node> =
            gaining.map(|moved| Node::Identity(moved.account, moved.id.clone())).collect();
        let moved: Vec<&Touched> =
            change.touched.iter().filter(|touched| is_moved(change, touched)).collect();
        let is_only_of_grants = moved.iter().all(|touched| OF_GRANTS.contains(&touched.field));
        let mut fallen = BTreeSet::new();
        // Whose gain is not known may have gained.
        if is_only_of_grants && !effect.is_open_ended {
            let top = |edge: &&Edge| matches!(edge.to, Node::Administrator(_));
            let from = delta.closed.iter().filter(top).map(|edge| &edge.from);
            fallen.extend(from.filter(|from| !gaining.contains(from)));
        }
        let account = change.after.account();
        let touched = moved.into_iter().filter_map(|touched| match &touched.subject {
            Subject::Identity(_, id) => Some(Node::Identity(account, id.clone())),
            _ => None,
        });
        let moved = touched.chain(gaining.iter().cloned()).collect();
        let opened = delta.opened.iter().collect();
        let (far, led) = (BTreeMap::new(), BTreeMap::new());
        Self { world, graph, opened, closed, fallen, moved, far, led }
    }

    /// Whether a way that was open before leads as far as this one, or is this one.
    pub(super) fn led_as_far(&mut self, edge: &'a Edge) -> bool {
        if self.fallen.contains(&edge.from) && !self.moved.contains(&edge.to) {
            return true;
        }
        let far = Some(self.far(&edge.to));
        let Led { still, surely, perhaps } = self.led(&edge.from);
        let closed = if edge.certainty.is_yes() { surely } else { perhaps };
        still >= far || closed >= far
    }

    /// How far a place leads.
    pub(super) fn far(&mut self, to: &'a Node) -> Option<Far> {
        let (world, graph) = (self.world, self.graph);
        *self.far.entry(to).or_insert_with(|| grade_behind(world, graph, to))
    }

    fn led(&mut self, from: &'a Node) -> Led {
        if let Some(led) = self.led.get(from) {
            return *led;
        }
        let still = self.graph.edges_from(from).into_iter();
        let still: Vec<&Edge> = still.filter(|edge| !self.opened.contains(edge)).collect();
        let closed = self.closed.get(from).cloned().unwrap_or_default();
        let sure = closed.iter().copied().filter(|edge| edge.certainty.is_yes());
        let sure: Vec<&Edge> = sure.collect();
        let mut furthest =
            |edges: Vec<&'a Edge>| edges.into_iter().map(|edge| self.far(&edge.to)).max();
        let led = Led { still: furthest(still), surely: furthest(sure), perhaps: furthest(closed) };
        self.led.insert(from, led);
        led
    }
}

/// Whether it is not only seen, as the key is by which a call is made.
fn is_moved(change: &Change, touched: &Touched) -> bool {
    let Subject::Identity(_, id) = &touched.subject else { return true };
    let (Some(before), Some(after)) = (change.informed.identity(id), change.after.identity(id))
    else {
        return true;
    };
    match touched.field {
        Field::Keys => before.keys != after.keys,
        _ => before != after,
    }
}
