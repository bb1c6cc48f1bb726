//! A graph after a change: only what the change can touch is drawn again.
//!
//! What changed is seen by comparing models, which share all that did not: so several events at once
//! are no matter, and nothing depends on what an event says that it touched.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use trailwarden_model::AccountId;

use super::access::{CREDENTIALS, pair};
use super::build::{Drawn, draw};
use super::compiled::Texts;
use super::digest::Mask;
use super::dirty::{Dirty, dirty_of};
use super::moves::MOVING;
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

/// Actions whose worth depends on what the target may do.
static WEIGHING: LazyLock<Mask> = LazyLock::new(|| MOVING.or(*CREDENTIALS));

/// Actions whose worth depends on the policies and groups of the account.
static CHOOSING: LazyLock<Mask> = LazyLock::new(|| {
    Mask::of(&[
        "iam:AddUserToGroup",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreatePolicyVersion",
        "iam:SetDefaultPolicyVersion",
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
            let mut delta = Delta::default();
            delta.note(&before, &after);
            return delta;
        }
        if dirty.movers {
            let movers = self.sources.values().filter(|source| source.mask.intersects(*CHOOSING));
            let here = movers.filter(|source| source.account == account);
            dirty.sources.extend(here.map(|source| source.node.clone()));
        }
        self.redraw(world, account, &mut dirty)
    }

    fn redraw(&mut self, world: World<'_>, account: AccountId, dirty: &mut Dirty) -> Delta {
        let Some(model) = world.model(account) else { return Delta::default() };
        self.seen.insert(account, model.clone());
        let mut texts = Texts::default();
        let mut spared = BTreeSet::new();
        let ground = self.grounds.entry(account).or_default();
        for target in &dirty.targets {
            if let Node::Identity(_, id) = target {
                ground.renew(model, id);
            }
        }
        for node in &dirty.sources {
            let Node::Identity(_, id) = node else { continue };
            match Source::of(world, account, id, &mut texts) {
                Some(source) => {
                    let source = Arc::new(source);
                    let was = self.sources.insert(node.clone(), source.clone());
                    let is_spared = !dirty.targets.contains(node)
                        && !source.mask.intersects(*CHOOSING)
                        && was.is_some_and(|was| was.is_like(&source));
                    if is_spared {
                        spared.insert(node.clone());
                    }
                }
                None => {
                    self.sources.remove(node);
                }
            }
        }
        dirty.sources.retain(|node| !spared.contains(node));
        dirty.weighed.retain(|node| !spared.contains(node));
        let redrawn = self.drawn_again(world, dirty, texts);
        let mut delta = Delta::default();
        self.take_in(redrawn, &mut delta);
        let known = self.accounts();
        for node in &dirty.targets {
            let was = self.outside.remove(node).unwrap_or_default();
            let Node::Identity(_, id) = node else { continue };
            let target = self.grounds.get(&account).and_then(|ground| ground.targets.get(id));
            let now = target.map(|target| outside::draw(target, &known)).unwrap_or_default();
            delta.note(&was, &now);
            if !now.is_empty() {
                self.outside.insert(node.clone(), now);
            }
        }
        self.ways.take();
        if self.drawn.values().map(Drawn::len).sum::<usize>() > EDGES_MAX {
            self.build(world);
        }
        delta
    }

    /// Puts what was drawn again in the place of what was.
    fn take_in(&mut self, redrawn: Redrawn, delta: &mut Delta) {
        for node in redrawn.gone {
            if let Some(was) = self.drawn.remove(&node) {
                delta.note(was.edges(), []);
            }
        }
        for (node, now) in redrawn.whole {
            let was = self.drawn.remove(&node).unwrap_or_default();
            if was != now {
                delta.note(was.edges(), now.edges());
            }
            if now != Drawn::default() {
                self.drawn.insert(node, now);
            }
        }
        for (node, parts) in redrawn.parts {
            let mut drawn = self.drawn.remove(&node).unwrap_or_default();
            let beyond = drawn.beyond().to_vec();
            for (target, edges) in parts {
                let was = drawn.replace(&target, edges);
                delta.note(&was, drawn.to(&target));
            }
            drawn.settle();
            delta.note(&beyond, drawn.beyond());
            if drawn != Drawn::default() {
                self.drawn.insert(node, drawn);
            }
        }
    }

    /// The edges of sources that are dirty or whose targets are; and sources that are no more.
    fn drawn_again(&self, world: World<'_>, dirty: &Dirty, texts: Texts) -> Redrawn {
        let cx = self.cx(world, texts);
        let gone = dirty.sources.iter().filter(|node| !self.sources.contains_key(node));
        let mut redrawn = Redrawn { gone: gone.cloned().collect(), ..Redrawn::default() };
        let found = |node: &Node| match node {
            Node::Identity(account, id) => self.grounds.get(account)?.targets.get(id).cloned(),
            _ => None,
        };
        let targets: Vec<_> = dirty.targets.iter().map(|node| (node, found(node))).collect();
        let weighed = dirty.weighed.difference(&dirty.targets);
        let weighed: Vec<_> = weighed.map(|node| (node, found(node))).collect();
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
            let minds = source.mask.intersects(*WEIGHING);
            for (target, now) in targets.iter().chain(weighed.iter().filter(|_| minds)) {
                let now = now.as_ref();
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
    /// Notes how the edges of one source differ.
    fn note<'a>(
        &mut self,
        before: impl IntoIterator<Item = &'a Edge>,
        after: impl IntoIterator<Item = &'a Edge>,
    ) {
        let key = |edge: &'a Edge| (&edge.from, &edge.to, edge.technique);
        let mut best: BTreeMap<_, (Option<&Edge>, Option<&Edge>)> = BTreeMap::new();
        for edge in before {
            let (was, _) = best.entry(key(edge)).or_default();
            *was = was.filter(|was| was.certainty.is_yes()).or(Some(edge));
        }
        for edge in after {
            let (_, now) = best.entry(key(edge)).or_default();
            *now = now.filter(|now| now.certainty.is_yes()).or(Some(edge));
        }
        let rank =
            |edge: Option<&Edge>| edge.map_or(0, |edge| 1 + u8::from(edge.certainty.is_yes()));
        for (was, now) in best.into_values() {
            match rank(was).cmp(&rank(now)) {
                Ordering::Less => self.opened.extend(now.cloned()),
                Ordering::Greater => self.closed.extend(was.cloned()),
                Ordering::Equal => {}
            }
        }
    }
}
