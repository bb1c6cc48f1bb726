//! What a principal can make of himself: moves on his own permissions, one after the other.
//!
//! Each move is thought through: what would he have, within his boundary, his SCPs and the denies
//! that stay? Where that is full control, the edge leads to the administrator; where a limit leaves
//! less, to whatever the new permissions reach that the old ones did not.

use std::sync::Arc;

use super::access::{Cx, pair};
use super::answer::Proof;
use super::build::search;
use super::moves::{MOVES_MAX, MOVING, Move, Subject, moves};
use super::source::Source;
use super::{Edge, Node};
use crate::model::Model;
use crate::techniques::ADMINISTRATOR;

/// How many moves follow on each other at most.
const DEPTH_MAX: usize = 3;
/// How many changes of one principal are thought through.
const THOUGHTS_MAX: usize = 128;

/// A move, and who the principal would be after it.
#[derive(Debug)]
pub(super) struct Thought {
    pub(super) step: Move,
    model: Model,
    after: Arc<Source>,
}

/// What was found of a principal himself.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) edges: Vec<Edge>,
    /// Whether some depend on users and roles other than himself.
    pub(super) is_wide: bool,
    /// Whether not all could be thought through.
    pub(super) is_cut: bool,
}

/// The moves of a principal on himself, thought through.
pub(super) fn thoughts<'a>(cx: &Cx<'_>, source: &'a Source, model: &Model) -> &'a [Thought] {
    source.moves.get_or_init(|| {
        if !source.mask.intersects(*MOVING) {
            return Vec::new();
        }
        let Some(subject) = Subject::of(model, &source.id) else { return Vec::new() };
        let steps = moves(source, &subject);
        let steps = steps.into_iter().take(MOVES_MAX);
        let thought = |step: Move| {
            let (model, after) = step.edit.of(cx.world, model, source)?;
            Some(Thought { step, model, after: Arc::new(after) })
        };
        steps.filter_map(thought).collect()
    })
}

/// Whether one certain move of his own gives him full control.
pub(super) fn rises_alone(cx: &Cx<'_>, source: &Source) -> bool {
    let Some(model) = cx.world.model(source.account) else { return false };
    thoughts(cx, source, model).iter().any(|thought| {
        thought.step.proof.is_certain() && thought.after.admin().is_some_and(Proof::is_certain)
    })
}

pub(super) fn draw(cx: &Cx<'_>, source: &Source) -> Own {
    let mut own = Own::default();
    let Some(model) = cx.world.model(source.account) else { return own };
    let top = Node::Administrator(source.account);
    if let Some(proof) = source.admin() {
        own.edges.push(proof.clone().edge(&source.node, &top, ADMINISTRATOR));
        if proof.is_certain() {
            return own;
        }
    }
    for thought in thoughts(cx, source, model) {
        let Thought { step, after, .. } = thought;
        if let Some(proof) = after.admin() {
            let mut whole = step.proof.clone();
            whole.doubts.extend(proof.doubts.iter().cloned());
            own.edges.push(whole.edge(&source.node, &top, step.technique));
        }
    }
    if own.edges.is_empty() {
        let mut walk = Walk { cx, source, own: &mut own, left: THOUGHTS_MAX };
        let start = Proof::default();
        walk.deeper(source, model, None, &start, 1);
    }
    best_of_each(&mut own.edges);
    own
}

/// Keeps the best edge of each technique and end.
pub(super) fn best_of_each(edges: &mut Vec<Edge>) {
    let key = |edge: &Edge| (edge.to.clone(), edge.technique);
    // Certain ones first, then those that depend on less, then shorter ones.
    let rank = |edge: &Edge| (edge.certainty.reasons().len(), edge.steps.len());
    edges.sort_by(|a, b| (key(a), rank(a)).cmp(&(key(b), rank(b))).then_with(|| a.cmp(b)));
    edges.dedup_by(|a, b| key(a) == key(b));
}

/// Moves that follow on moves.
struct Walk<'a, 'w> {
    cx: &'a Cx<'w>,
    source: &'a Source,
    own: &'a mut Own,
    left: usize,
}

impl Walk<'_, '_> {
    fn deeper(
        &mut self,
        now: &Source,
        model: &Model,
        first: Option<&'static str>,
        so_far: &Proof,
        depth: usize,
    ) {
        for thought in thoughts(self.cx, now, model) {
            let Thought { step, model, after } = thought;
            if self.left == 0 {
                self.own.is_cut = true;
                return;
            }
            self.left -= 1;
            self.own.is_wide = true;
            let technique = first.unwrap_or(step.technique);
            let whole = so_far.clone().and(step.proof.clone());
            if let Some(proof) = after.admin() {
                let top = Node::Administrator(self.source.account);
                let mut edge = whole.clone();
                edge.doubts.extend(proof.doubts.iter().cloned());
                self.own.edges.push(edge.edge(&self.source.node, &top, technique));
                continue;
            }
            self.reached(after, technique, &whole);
            if depth < DEPTH_MAX {
                self.deeper(after, model, Some(technique), &whole, depth + 1);
            }
        }
    }

    /// What is reached now that was not before.
    fn reached(&mut self, after: &Source, technique: &'static str, whole: &Proof) {
        for (account, ground) in self.cx.grounds {
            for target in ground.candidates(&search(after, *account)) {
                let now = pair(self.cx, after, &target);
                if now.is_empty() {
                    continue;
                }
                let before = pair(self.cx, self.source, &target);
                let has = |edge: &Edge| {
                    before.iter().any(|old| {
                        // The same way, or one that goes by the name of this one.
                        old.to == edge.to
                            && [edge.technique, technique].contains(&old.technique)
                            && old.certainty.reasons().len() <= edge.certainty.reasons().len()
                    })
                };
                for edge in now.iter().filter(|edge| !has(edge)) {
                    let mut proof = whole.clone();
                    proof.steps.extend(edge.steps.iter().cloned());
                    proof.doubts.extend(edge.certainty.reasons().iter().cloned());
                    self.own.edges.push(proof.edge(&self.source.node, &edge.to, technique));
                }
            }
        }
    }
}
