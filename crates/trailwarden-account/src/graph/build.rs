//! Draws all edges of a source, and of all sources.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use trailwarden_model::AccountId;

use super::access::{Cx, pair};
use super::carriers::Way;
use super::digest::Mask;
use super::ground::{Ground, Search};
use super::own::best_of_each;
use super::source::Source;
use super::{
    EDGES_MAX, EDGES_PER_PRINCIPAL_MAX, Edge, Graph, Node, above, outside, own, providers,
};
use crate::access::World;

/// The edges of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    /// What he makes of himself, and what stands above his account.
    own: Vec<Edge>,
    /// Those to each target.
    to: BTreeMap<Node, Vec<Edge>>,
    /// Those that a target makes, but that lead elsewhere.
    past: BTreeMap<Node, Vec<Edge>>,
    /// The best of `past`.
    beyond: Vec<Edge>,
    /// How many are in `own`, `to` and `past`.
    size: usize,
    /// Whether they depend on users and roles other than himself and each target.
    pub(super) is_wide: bool,
    /// Whether they depend on which roles of his account a service takes beside another.
    pub(super) has_companion: bool,
    /// Whether there were too many.
    pub(super) is_cut: bool,
}

/// Actions that name the very target.
pub(super) static DIRECT: LazyLock<Mask> = LazyLock::new(|| Mask::of(&NAMING));
static ASSUMING: LazyLock<Mask> = LazyLock::new(|| Mask::of(&["sts:AssumeRole"]));

const NAMING: [&str; 13] = [
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:DeactivateMFADevice",
    "iam:PassRole",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
    "sts:AssumeRole",
    "iam:DeleteAccessKey",
];

/// How to find the targets of a source in an account.
pub(super) fn search(source: &Source, account: AccountId) -> Search<'_> {
    let is_elsewhere = account != source.account;
    let direct = if is_elsewhere { *ASSUMING } else { *DIRECT };
    Search {
        named: source.named(direct),
        arn: &source.arn,
        name: &source.standing.principal.name,
        uses_carriers: !is_elsewhere && !source.carriers().is_empty(),
        turns_providers: source.mask.intersects(*providers::TURNING),
        is_elsewhere,
    }
}

/// All edges of a source.
pub(super) fn draw(cx: &Cx<'_>, source: &Source) -> Drawn {
    let own::Own { mut edges, is_wide, is_cut } = own::draw(cx, source);
    let mut drawn = Drawn { is_wide, is_cut, ..Drawn::default() };
    if source.admin().is_none() {
        drawn.has_companion = source.carriers().iter().any(Way::needs_companion);
        edges.extend(above::draw(cx, source));
        let mut left = EDGES_PER_PRINCIPAL_MAX;
        for (account, ground) in cx.grounds {
            for target in ground.candidates(&search(source, *account)) {
                let found = pair(cx, source, &target);
                if found.is_empty() {
                    continue;
                }
                if found.len() > left {
                    drawn.is_cut = true;
                    break;
                }
                left -= found.len();
                drawn.replace(&target.node, found);
            }
        }
    }
    edges.sort();
    drawn.size += edges.len();
    drawn.own = edges;
    drawn.settle();
    drawn
}

impl Drawn {
    /// Whether they may depend on more than himself and each target.
    pub(super) fn depends_on_many(&self) -> bool {
        self.is_wide || self.is_cut || self.has_companion
    }

    /// All that are shown, in a fixed order.
    pub(super) fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.own.iter().chain(self.to.values().flatten()).chain(&self.beyond)
    }

    /// The edges to a target.
    pub(super) fn to(&self, target: &Node) -> &[Edge] {
        self.to.get(target).map_or(&[], Vec::as_slice)
    }

    /// The edges to some targets.
    pub(super) fn into(&self, targets: &BTreeSet<&Node>) -> impl Iterator<Item = &Edge> {
        let (few, many) = match self.to.len() < targets.len() {
            true => (Some(self.to.iter().filter(|(node, _)| targets.contains(node))), None),
            false => (None, Some(targets.iter().filter_map(|node| self.to.get(*node)))),
        };
        let few = few.into_iter().flatten().map(|(_, edges)| edges);
        few.chain(many.into_iter().flatten()).flatten()
    }

    /// How many edges a target makes.
    pub(super) fn made_by(&self, target: &Node) -> usize {
        self.to(target).len() + self.past.get(target).map_or(0, Vec::len)
    }

    /// Whether a target makes these edges already.
    pub(super) fn is_made_by(&self, target: &Node, edges: &[Edge]) -> bool {
        let past = self.past.get(target).map_or(&[][..], Vec::as_slice);
        edges.len() == self.made_by(target)
            && edges.iter().filter(|edge| edge.to == *target).eq(self.to(target))
            && edges.iter().filter(|edge| edge.to != *target).eq(past)
    }

    /// The best of those that do not lead to their target.
    pub(super) fn beyond(&self) -> &[Edge] {
        &self.beyond
    }

    /// Replaces what one target makes, and gives back the edges that led to it.
    pub(super) fn replace(&mut self, target: &Node, edges: Vec<Edge>) -> Vec<Edge> {
        self.size = self.size + edges.len() - self.made_by(target);
        let (to, past): (Vec<Edge>, Vec<Edge>) =
            edges.into_iter().partition(|edge| edge.to == *target);
        match past.is_empty() {
            true => self.past.remove(target),
            false => self.past.insert(target.clone(), past),
        };
        let was = match to.is_empty() {
            true => self.to.remove(target),
            false => self.to.insert(target.clone(), to),
        };
        was.unwrap_or_default()
    }

    /// Those of some targets that make an edge.
    pub(super) fn makers(&self, targets: &BTreeSet<Node>) -> BTreeSet<Node> {
        let makes = |node: &&Node| self.to.contains_key(*node) || self.past.contains_key(*node);
        match targets.len() < self.to.len() + self.past.len() {
            true => targets.iter().filter(makes).cloned().collect(),
            false => {
                let all = self.to.keys().chain(self.past.keys());
                all.filter(|node| targets.contains(*node)).cloned().collect()
            }
        }
    }

    /// How many edges are kept.
    pub(super) fn len(&self) -> usize {
        self.size
    }

    /// Finds the best of those that do not lead to their target.
    pub(super) fn settle(&mut self) {
        self.beyond = self.past.values().flatten().cloned().collect();
        best_of_each(&mut self.beyond);
        self.beyond.retain(|edge| {
            !self.own.iter().any(|own| {
                (&own.to, own.technique) == (&edge.to, edge.technique)
                    && own.certainty.reasons().len() <= edge.certainty.reasons().len()
            })
        });
    }
}

impl Graph {
    /// Draws everything anew.
    pub(super) fn build(&mut self, world: World<'_>) {
        self.seen = world.models().map(|model| (model.account(), model.clone())).collect();
        self.grounds = world
            .models()
            .map(|model| (model.account(), Ground::of(model, &world.rcps(model.account()))))
            .collect();
        self.now = world.now();
        self.sources = BTreeMap::new();
        for model in world.models() {
            for identity in model.principals() {
                let source = Source::of(world, model.account(), &identity.id);
                if let Some(source) = source {
                    self.sources.insert(source.node.clone(), Arc::new(source));
                }
            }
        }
        self.drawn = BTreeMap::new();
        self.is_full = false;
        let mut left = EDGES_MAX;
        let cx = self.cx(world);
        let mut all = BTreeMap::new();
        for (node, source) in &self.sources {
            let drawn = draw(&cx, source);
            if drawn.len() > left {
                self.is_full = true;
                break;
            }
            left -= drawn.len();
            if drawn != Drawn::default() {
                all.insert(node.clone(), drawn);
            }
        }
        self.drawn = all;
        self.outside = BTreeMap::new();
        for target in self.grounds.values().flat_map(|ground| ground.targets.values()) {
            let edges = outside::draw(target, &self.seen, self.now);
            if !edges.is_empty() {
                self.outside.insert(target.node.clone(), edges);
            }
        }
        self.ways.take();
    }

    pub(super) fn cx<'a>(&'a self, world: World<'a>) -> Cx<'a> {
        Cx {
            world,
            grounds: &self.grounds,
            sources: &self.sources,
            thoughts: RefCell::new(HashMap::new()),
        }
    }
}
