//! A graph after a change: only what the change can touch is drawn again.
//!
//! What changed is seen by comparing models, which share all that did not: so several events at once
//! are no matter, and nothing depends on what an event says that it touched.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use trailwarden_model::AccountId;

use super::access::pair;
use super::build::{Drawn, draw};
use super::compiled::Texts;
use super::digest::Mask;
use super::dirty::{Dirty, dirty_of};
use super::source::Source;
use super::{EDGES_MAX, EDGES_PER_PRINCIPAL_MAX, Edge, Graph, Node, outside};
use crate::access::World;
use crate::change::Change;
use crate::model::Model;

/// The edges that came and went. One that became certain came, one that became conditional went.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// Those that are there now, or certain now.
    pub opened: Vec<Edge>,
    /// Those that were there, or certain.
    pub closed: Vec<Edge>,
}

/// What was drawn again.
#[derive(Default)]
struct Redrawn {
    whole: Vec<(Node, Drawn)>,
    /// By source and target.
    parts: Vec<(Node, Vec<Part>)>,
    gone: Vec<Node>,
}

/// The edges that a target makes now.
type Part = (Node, Vec<Edge>);

/// Actions whose worth depends on the policies and groups of the account.
static CHOOSING: LazyLock<Mask> = LazyLock::new(|| {
    Mask::of(&[
        "iam:AddUserToGroup",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
    ])
});

impl Graph {
    /// Takes in what a change did: the world is the one after it.
    pub fn update(&mut self, world: World<'_>, change: &Change) -> Delta {
        let account = change.after.account();
        let accounts: BTreeSet<AccountId> = world.models().map(Model::account).collect();
        let mut dirty = match (self.seen.get(&account), world.model(account)) {
            (Some(before), Some(after)) if accounts == self.accounts() && !self.is_full => {
                dirty_of(before, after)
            }
            _ => Dirty { is_everything: true, ..Dirty::default() },
        };
        if dirty.is_everything {
            let before: Vec<Edge> = self.edges().cloned().collect();
            self.build(world);
            let after: Vec<Edge> = self.edges().cloned().collect();
            return Delta::of(&before, &after);
        }
        if dirty.movers {
            let movers = self.sources.values().filter(|source| source.mask.intersects(*CHOOSING));
            let here = movers.filter(|source| source.account == account);
            dirty.sources.extend(here.map(|source| source.node.clone()));
        }
        self.redraw(world, account, &dirty)
    }

    fn redraw(&mut self, world: World<'_>, account: AccountId, dirty: &Dirty) -> Delta {
        let Some(model) = world.model(account) else { return Delta::default() };
        self.seen.insert(account, model.clone());
        let mut texts = Texts::default();
        let ground = self.grounds.entry(account).or_default();
        for target in &dirty.targets {
            if let Node::Identity(_, id) = target {
                ground.renew(model, id);
            }
        }
        for node in &dirty.sources {
            let Node::Identity(_, id) = node else { continue };
            let source = Source::of(world, account, id, &mut texts);
            match source {
                Some(source) => self.sources.insert(node.clone(), Arc::new(source)),
                None => self.sources.remove(node),
            };
        }
        let Redrawn { whole, parts, gone } = self.drawn_again(world, dirty, texts);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for node in gone {
            if let Some(was) = self.drawn.remove(&node) {
                before.extend(was.edges().cloned());
            }
        }
        for (node, now) in whole {
            after.extend(now.edges().cloned());
            let was = match now == Drawn::default() {
                true => self.drawn.remove(&node),
                false => self.drawn.insert(node, now),
            };
            before.extend(was.iter().flat_map(Drawn::edges).cloned());
        }
        for (node, parts) in parts {
            let drawn = self.drawn.entry(node.clone()).or_default();
            for (target, edges) in parts {
                before.extend(drawn.to(&target).iter().cloned());
                drawn.replace(&target, edges);
                after.extend(drawn.to(&target).iter().cloned());
            }
            before.extend(drawn.beyond().cloned());
            drawn.settle();
            after.extend(drawn.beyond().cloned());
            if *drawn == Drawn::default() {
                self.drawn.remove(&node);
            }
        }
        let known = self.accounts();
        for node in &dirty.targets {
            before.extend(self.outside.remove(node).unwrap_or_default());
            let Node::Identity(_, id) = node else { continue };
            let target = self.grounds.get(&account).and_then(|ground| ground.targets.get(id));
            let edges = target.map(|target| outside::draw(target, &known)).unwrap_or_default();
            if !edges.is_empty() {
                after.extend(edges.iter().cloned());
                self.outside.insert(node.clone(), edges);
            }
        }
        self.ways.take();
        if self.drawn.values().map(Drawn::len).sum::<usize>() > EDGES_MAX {
            self.build(world);
        }
        Delta::of(&before, &after)
    }

    /// The edges of sources that are dirty or whose targets are; and sources that are no more.
    fn drawn_again(&self, world: World<'_>, dirty: &Dirty, texts: Texts) -> Redrawn {
        let cx = self.cx(world, texts);
        let gone = dirty.sources.iter().filter(|node| !self.sources.contains_key(node));
        let mut redrawn = Redrawn { gone: gone.cloned().collect(), ..Redrawn::default() };
        let targets: Vec<_> = dirty
            .targets
            .iter()
            .filter_map(|node| match node {
                Node::Identity(account, id) => {
                    let ground = self.grounds.get(account);
                    Some((node, ground.and_then(|ground| ground.targets.get(id))))
                }
                _ => None,
            })
            .collect();
        for (node, source) in &self.sources {
            let known = self.drawn.get(node);
            let is_whole = dirty.sources.contains(node)
                || known.is_some_and(|drawn| drawn.is_wide || drawn.is_cut);
            if is_whole {
                redrawn.whole.push((node.clone(), draw(&cx, source)));
                continue;
            }
            if source.admin().is_some() {
                continue;
            }
            let mut parts = Vec::new();
            let mut size = known.map_or(0, Drawn::len);
            for (target, now) in &targets {
                let edges = now.map(|now| pair(&cx, source, now)).unwrap_or_default();
                let is_same =
                    known.map_or(edges.is_empty(), |drawn| drawn.is_made_by(target, &edges));
                if !is_same {
                    size = size + edges.len() - known.map_or(0, |drawn| drawn.made_by(target));
                    parts.push(((*target).clone(), edges));
                }
            }
            if size > EDGES_PER_PRINCIPAL_MAX {
                redrawn.whole.push((node.clone(), draw(&cx, source)));
            } else if !parts.is_empty() {
                redrawn.parts.push((node.clone(), parts));
            }
        }
        redrawn
    }
}

impl Delta {
    fn of(before: &[Edge], after: &[Edge]) -> Self {
        let key = |edge: &Edge| {
            (edge.from.clone(), edge.to.clone(), edge.technique, edge.certainty.is_yes())
        };
        let had: BTreeSet<_> = before.iter().map(key).collect();
        let has: BTreeSet<_> = after.iter().map(key).collect();
        let is_new = |edge: &&Edge| {
            let (from, to, technique, is_yes) = key(edge);
            !had.contains(&key(edge)) && (is_yes || !had.contains(&(from, to, technique, true)))
        };
        let is_gone = |edge: &&Edge| {
            let (from, to, technique, is_yes) = key(edge);
            !has.contains(&key(edge)) && (is_yes || !has.contains(&(from, to, technique, true)))
        };
        Self {
            opened: after.iter().filter(is_new).cloned().collect(),
            closed: before.iter().filter(is_gone).cloned().collect(),
        }
    }
}
