//! A graph after a change: only what the change can touch is drawn again.
//!
//! What changed is seen by comparing models, which share all that did not: so several events at once
//! are no matter, and nothing depends on what an event says that it touched.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, OnceLock};

use trailwarden_model::AccountId;

use super::access::{CREDENTIALS, SERVED, pair};
use super::affected::{Changed, account_of, covered};
use super::build::{Drawn, draw};
use super::delta::Delta;
use super::digest::Mask;
use super::dirty::Dirty;
use super::moves::MOVING;
use super::paths::{Ways, keep};
use super::source::Source;
use super::{EDGES_MAX, EDGES_PER_PRINCIPAL_MAX, Edge, Graph, Node, outside};
use crate::access::{Rcps, World};
use crate::change::Change;

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

/// What has to be drawn again of sources.
#[derive(Default)]
pub(super) struct Task {
    /// All of these.
    pub(super) whole: BTreeSet<Node>,
    /// Of these no more than their edges to some targets.
    pub(super) partly: BTreeMap<Node, BTreeSet<Node>>,
    /// Whether the credentials of some user became good for other services.
    pub(super) is_served_otherwise: bool,
    /// Whether principals of other accounts may lead to what changed, or did.
    pub(super) is_open_outside: bool,
}

/// Actions whose worth depends on more of policies and groups than what they say about techniques.
static CHOOSING: LazyLock<Mask> = LazyLock::new(|| {
    Mask::of(&[
        "iam:AddUserToGroup",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreatePolicyVersion",
        "iam:SetDefaultPolicyVersion",
        "iam:UpdateUser",
    ])
});

impl Graph {
    /// Takes in what a change did: the world is the one after it.
    pub fn update(&mut self, world: World<'_>, change: &Change) -> Delta {
        self.let_time_pass(world, change.after.account());
        let Some(mut dirty) = self.dirty(world, change.after.account()) else {
            let before: Vec<Edge> = self.edges().cloned().collect();
            self.build(world);
            let after: Vec<Edge> = self.edges().cloned().collect();
            let mut delta = Delta::default();
            delta.note(&before, &after);
            return delta;
        };
        let account = change.after.account();
        let has_choices = !dirty.choices.is_empty();
        let choosing = self
            .sources
            .values()
            .filter(|source| has_choices && source.mask.intersects(dirty.choices));
        let here: Vec<Node> = choosing
            .filter(|source| source.account == account)
            .map(|source| source.node.clone())
            .collect();
        dirty.sources.extend(here);
        for model in world.models() {
            if model.account() == account || !self.seen.contains_key(&model.account()) {
                self.seen.insert(model.account(), model.clone());
                self.grounds.entry(model.account()).or_default();
            }
        }
        if dirty.is_nothing() {
            return Delta::default();
        }
        self.redraw(world, &dirty)
    }

    /// Draws what is dirty of the models that were seen.
    pub(super) fn redraw(&mut self, world: World<'_>, dirty: &Dirty) -> Delta {
        let was_open = self.is_open_outside(dirty);
        let mut rcps: BTreeMap<AccountId, Rcps> = BTreeMap::new();
        for target in &dirty.targets {
            let Node::Identity(account, id) = target else { continue };
            let Some(model) = world.model(*account) else { continue };
            let rcps = rcps.entry(*account).or_insert_with(|| world.rcps(*account));
            self.grounds.entry(*account).or_default().renew(model, rcps, id);
        }
        let mut weighed = dirty.weighed.clone();
        let mut task = self.renew_sources(world, dirty, &mut weighed);
        task.is_open_outside = was_open || self.is_open_outside(dirty);
        let mut delta = Delta::default();
        let redrawn = self.drawn_again(world, dirty, weighed, &task);
        let mut ways = self.ways.take();
        self.take_in(redrawn, &mut ways, &mut delta);
        for node in dirty.targets.union(&dirty.outside) {
            let was = self.outside.remove(node).unwrap_or_default();
            let Node::Identity(account, id) = node else { continue };
            let target = self.grounds.get(account).and_then(|ground| ground.targets.get(id));
            let now = target
                .map(|target| outside::draw(target, &self.seen, self.now))
                .unwrap_or_default();
            delta.note(&was, &now);
            keep(&mut ways, &was, &now);
            if !now.is_empty() {
                self.outside.insert(node.clone(), now);
            }
        }
        self.ways = ways.map_or_else(OnceLock::new, OnceLock::from);
        if self.drawn.values().map(Drawn::len).sum::<usize>() > EDGES_MAX {
            self.build(world);
        }
        delta
    }

    /// Takes in what dirty sources may do now, and says what of their edges that can touch.
    fn renew_sources(
        &mut self,
        world: World<'_>,
        dirty: &Dirty,
        weighed: &mut BTreeSet<Node>,
    ) -> Task {
        let mut task = Task { whole: dirty.above.clone(), ..Task::default() };
        for node in &dirty.sources {
            let Node::Identity(account, id) = node else { continue };
            let Some(source) = Source::of(world, *account, id) else {
                self.sources.remove(node);
                task.whole.insert(node.clone());
                continue;
            };
            let source = Arc::new(source);
            let Some(was) = self.sources.insert(node.clone(), source.clone()) else {
                task.whole.insert(node.clone());
                continue;
            };
            task.is_served_otherwise |= was.mask.and(*SERVED) != source.mask.and(*SERVED);
            let is_like = was.is_like(&source);
            if is_like && !dirty.has_versions {
                weighed.remove(node);
            }
            if let Some(patterns) = source.news_since(&was) {
                task.partly.insert(node.clone(), covered(&patterns, &self.grounds));
                continue;
            }
            let is_spared =
                is_like && !dirty.targets.contains(node) && !source.mask.intersects(*CHOOSING);
            if !is_spared {
                task.whole.insert(node.clone());
            }
        }
        task
    }

    /// Puts what was drawn again in the place of what was.
    fn take_in(&mut self, redrawn: Redrawn, ways: &mut Option<Ways>, delta: &mut Delta) {
        for node in redrawn.gone {
            if let Some(was) = self.drawn.remove(&node) {
                delta.note(was.edges(), []);
                keep(ways, was.edges(), []);
            }
        }
        for (node, now) in redrawn.whole {
            let was = self.drawn.remove(&node).unwrap_or_default();
            if was != now {
                delta.note(was.edges(), now.edges());
                keep(ways, was.edges(), now.edges());
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
                keep(ways, &was, drawn.to(&target));
            }
            drawn.settle();
            delta.note(&beyond, drawn.beyond());
            keep(ways, &beyond, drawn.beyond());
            if drawn != Drawn::default() {
                self.drawn.insert(node, drawn);
            }
        }
    }

    /// The edges of sources that are dirty or whose targets are; and sources that are no more.
    fn drawn_again(
        &self,
        world: World<'_>,
        dirty: &Dirty,
        weighed: BTreeSet<Node>,
        task: &Task,
    ) -> Redrawn {
        let cx = self.cx(world);
        let touched: BTreeSet<AccountId> = dirty.targets.iter().filter_map(account_of).collect();
        let gone = task.whole.iter().filter(|node| !self.sources.contains_key(node));
        let mut redrawn = Redrawn { gone: gone.cloned().collect(), ..Redrawn::default() };
        // Mostly nothing is weighed again but what is dirty.
        let targets = LazyCell::new(|| Changed::of(dirty.targets.clone(), &self.grounds));
        let weighed = (!weighed.is_subset(&dirty.targets)).then(|| {
            LazyCell::new(move || {
                let both = weighed.union(&dirty.targets).cloned().collect();
                Changed::of(both, &self.grounds)
            })
        });
        let weighing = match task.is_served_otherwise {
            true => MOVING.or(*CREDENTIALS),
            false => *MOVING,
        };
        for (node, source) in self.concerned(dirty, task) {
            let known = self.drawn.get(node);
            let is_touched = |drawn: &Drawn| {
                drawn.is_wide
                    || drawn.is_cut
                    || drawn.has_companion && touched.contains(&source.account)
            };
            let is_whole = task.whole.contains(node) || known.is_some_and(is_touched);
            if is_whole {
                redrawn.whole.push((node.clone(), draw(&cx, source)));
                continue;
            }
            if source.admin().is_some() {
                continue;
            }
            let minds = source.mask.intersects(weighing);
            let mut again = match &weighed {
                Some(weighed) if minds => weighed.of_source(source, known),
                _ => targets.of_source(source, known),
            };
            again.extend(task.partly.get(node).into_iter().flatten().cloned());
            let mut parts = Vec::new();
            let mut size = known.map_or(0, Drawn::len);
            for target in again {
                let now = match &target {
                    Node::Identity(account, id) => {
                        self.grounds.get(account).and_then(|ground| ground.targets.get(id))
                    }
                    _ => None,
                };
                let edges = now.map(|now| pair(&cx, source, now)).unwrap_or_default();
                let is_same =
                    known.map_or(edges.is_empty(), |drawn| drawn.is_made_by(&target, &edges));
                if !is_same {
                    size = size + edges.len() - known.map_or(0, |drawn| drawn.made_by(&target));
                    parts.push((target, edges));
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
