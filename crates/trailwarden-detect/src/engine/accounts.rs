//! The accounts' models, folded along with the rows, and what each change does to permissions.

use std::panic::{AssertUnwindSafe, catch_unwind};

use trailwarden_account::effect::judge_attempt;
use trailwarden_account::graph::Graph;
use trailwarden_account::{Actor, Change, Effect, Models, World, judge};
use trailwarden_model::{Outcome, Timestamp};
use trailwarden_record::{Event, Row};

use super::panic_text;
use crate::settings::Settings;

/// How many accounts a graph may join: every change looks through the principals of all of them.
pub(crate) const GRAPH_ACCOUNTS_MAX: usize = 500;

/// The models, and whether they can still be trusted.
#[derive(Default)]
pub(crate) struct Accounts {
    models: Models,
    /// Who can become whom, drawn with the first change.
    graph: Option<Graph>,
    /// What was said as folding stopped: nothing is folded after that, because a model that was left
    /// in the middle of an event is none.
    stopped: Option<String>,
    /// What was said as the last effect that could not be judged failed, and how many there are.
    unjudged: Option<(String, u64)>,
}

/// A change with its effect.
#[derive(Default)]
pub(super) struct Folded {
    /// What the event changed; of a call that failed nothing.
    pub(super) change: Option<Change>,
    pub(super) effect: Option<Effect>,
}

impl From<Models> for Accounts {
    fn from(models: Models) -> Self {
        Self { models, ..Self::default() }
    }
}

impl Accounts {
    pub(crate) fn models(&self) -> &Models {
        &self.models
    }

    /// A row of that time comes: baselines from before it count now.
    pub(super) fn advance(&mut self, time: Timestamp) {
        if self.models.advance(time) {
            self.graph = None;
        }
    }

    pub(crate) fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    pub(crate) fn unjudged(&self) -> Option<(&str, u64)> {
        self.unjudged.as_ref().map(|(text, count)| (text.as_str(), *count))
    }

    /// Takes in an event, and says what it changed and did; of a call that failed, what it would have
    /// done.
    pub(super) fn fold(&mut self, row: &Row, event: &Event, settings: &Settings) -> Folded {
        match event.outcome {
            Outcome::Succeeded => {
                let change = self.apply(row, event);
                let effect = change
                    .as_ref()
                    .and_then(|change| self.judged(change, event, settings.draws_graph));
                Folded { change, effect }
            }
            Outcome::Failed | Outcome::Denied => {
                Folded { change: None, effect: self.attempted(row, event) }
            }
        }
    }

    fn apply(&mut self, row: &Row, event: &Event) -> Option<Change> {
        if self.stopped.is_some() {
            return None;
        }
        let models = &mut self.models;
        catch_unwind(AssertUnwindSafe(|| models.apply(event, row.order, row.place)))
            .inspect_err(|panic| self.stopped = Some(panic_text(panic.as_ref())))
            .ok()
            .flatten()
    }

    fn judged(&mut self, change: &Change, event: &Event, draws_graph: bool) -> Option<Effect> {
        let Self { models, graph, .. } = self;
        let world = World::of(models);
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let actor = Actor::of(event);
            let mut effect = judge(world, change, actor.as_ref());
            if !draws_graph || models.iter().count() > GRAPH_ACCOUNTS_MAX {
                *graph = None;
                return effect;
            }
            // What the record only shows, of its caller or by its success, is no doing of the call, so
            // the ways that opened are counted from there.
            let change = &*change.proven();
            let informed = world.with(&change.informed);
            let graph = match graph {
                Some(graph) => {
                    graph.update(informed, change);
                    graph
                }
                None => graph.insert(Graph::of(informed)),
            };
            let delta = graph.update(world, change);
            effect.add_paths(world, graph, (change, &delta), actor.as_ref());
            effect
        }));
        judged.inspect_err(|panic| self.failed(panic_text(panic.as_ref()))).ok()
    }

    fn attempted(&mut self, row: &Row, event: &Event) -> Option<Effect> {
        let world = World::of(&self.models);
        let judged =
            catch_unwind(AssertUnwindSafe(|| judge_attempt(world, event, row.order, row.place)));
        judged.inspect_err(|panic| self.failed(panic_text(panic.as_ref()))).ok().flatten()
    }

    pub(crate) fn failed(&mut self, text: String) {
        let count = self.unjudged.as_ref().map_or(0, |(_, count)| *count);
        self.unjudged = Some((text, count + 1));
        // It may have been left in the middle of a change.
        self.graph = None;
    }
}

/// A copy draws its own graph when it needs one: it is the same, because a graph follows from the
/// models alone.
impl Clone for Accounts {
    fn clone(&self) -> Self {
        Self {
            models: self.models.clone(),
            graph: None,
            stopped: self.stopped.clone(),
            unjudged: self.unjudged.clone(),
        }
    }
}
