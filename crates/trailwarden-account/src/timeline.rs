//! The events of one account in the total order, and the model at any instant.
//!
//! Records arrive late: CloudTrail delivers a file minutes after the next one, and an export may
//! bring last week's after today's. A late record only drops the checkpoints behind it; the next
//! question folds again from the last good one. So a flood of late records costs one fold, not one
//! each.
//!
//! Memory is bounded by [`Limits`]. When it is full, the oldest events are folded into a floor that
//! stands for them; what arrives from before the floor is refused and counted.

mod arrival;

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::sync::Arc;

use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::row::Order;

use crate::baseline::Baseline;
use crate::change::Change;
use crate::entry::Entry;
use crate::fact::Proof;
use crate::model::Model;

pub use arrival::{Arrival, Limits};

/// An event and what it takes, which is worth counting only once.
#[derive(Debug)]
struct Kept {
    entry: Arc<Entry>,
    weight: usize,
}

/// The events of an account.
#[derive(Debug)]
pub struct Timeline {
    account: AccountId,
    baseline: Option<Model>,
    entries: BTreeMap<Order, Kept>,
    /// The model after the entry of that order.
    checkpoints: BTreeMap<Order, Model>,
    /// The last model that was asked for.
    recent: Option<(Order, Model)>,
    /// The last entry that was dropped, and the model after it.
    floor: Option<(Order, Model)>,
    bytes: usize,
    refused: u64,
    limits: Limits,
}

impl Timeline {
    /// An account that begins unknown.
    #[must_use]
    pub fn new(account: AccountId, limits: Limits) -> Self {
        Self {
            account,
            baseline: None,
            entries: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            recent: None,
            floor: None,
            bytes: 0,
            refused: 0,
            limits,
        }
    }

    /// An account of which a baseline tells. Events before it tell what was before; from its time
    /// on, the baseline is the start.
    #[must_use]
    pub fn with_baseline(baseline: &Baseline, limits: Limits) -> Self {
        let model = Model::from_baseline(baseline);
        Self { baseline: Some(model), ..Self::new(baseline.account(), limits) }
    }

    /// Takes in an event, in any order.
    pub fn push(&mut self, entry: Entry) -> Arrival {
        let order = entry.order;
        if entry.account != self.account {
            return Arrival::Foreign;
        }
        if self.floor.as_ref().is_some_and(|(floor, _)| order <= *floor) {
            self.refused += 1;
            return Arrival::TooLate;
        }
        if let Some(known) = self.entries.get(&order) {
            // Of two copies the one that stands first is the proof, whichever came first.
            if place(&entry.proof) < place(&known.entry.proof) {
                self.keep(order, entry);
            }
            return Arrival::Duplicate;
        }
        let is_last = self.entries.last_key_value().is_none_or(|(last, _)| *last < order);
        self.keep(order, entry);
        if is_last { Arrival::Last } else { Arrival::Late }
    }

    /// Puts an entry at its place, in place of whichever was there.
    fn keep(&mut self, order: Order, entry: Entry) {
        let kept = Kept { weight: entry.weight(), entry: Arc::new(entry) };
        self.forget_from(order);
        self.bytes = self.bytes.saturating_add(kept.weight);
        if let Some(replaced) = self.entries.insert(order, kept) {
            self.bytes = self.bytes.saturating_sub(replaced.weight);
        }
        while self.is_over() {
            self.raise_floor();
        }
    }

    /// The model after all events.
    pub fn now(&mut self) -> Model {
        match self.entries.last_key_value().map(|(order, _)| *order) {
            // What came before the baseline only tells of the time before it.
            Some(last) if self.baseline.is_none() || self.segment(last) => self.until(last),
            _ => self.start_of(None),
        }
    }

    /// The model at the end of that second; none when that lies before the floor. At the end of the
    /// baseline's own second that is the baseline.
    pub fn at(&mut self, time: Timestamp) -> Option<Model> {
        let bound = Order { time, rank: u8::MAX, id: u128::MAX };
        match &self.baseline {
            Some(baseline) if baseline.baseline_time() == Some(time) => Some(baseline.clone()),
            _ if self.floor.as_ref().is_some_and(|(floor, _)| bound < *floor) => None,
            _ => Some(self.until(bound)),
        }
    }

    /// What the event of that order changed; none when it is not there or changed nothing.
    pub fn change(&mut self, order: Order) -> Option<Change> {
        let entry = self.entries.get(&order)?.entry.clone();
        let mut model = self.before(order);
        let change = model.apply_entry(&entry);
        self.recent = Some((order, model));
        change
    }

    /// Hands over what each event from that order on changed, in order.
    pub fn changes_from(&mut self, order: Order, mut take: impl FnMut(Change)) {
        let later: Vec<Order> =
            self.entries.range((Included(order), Unbounded)).map(|(order, _)| *order).collect();
        for order in later {
            if let Some(change) = self.change(order) {
                take(change);
            }
        }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// How many events it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The time up to which events were dropped for lack of memory; before it nothing can be asked.
    #[must_use]
    pub fn truncated_until(&self) -> Option<Timestamp> {
        self.floor.as_ref().map(|(order, _)| order.time)
    }

    /// How many events came too late to be placed.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    fn is_over(&self) -> bool {
        let limits = &self.limits;
        self.entries.len() > 1
            && (self.entries.len() > limits.entries_max.max(1) || self.bytes > limits.bytes_max)
    }

    /// Drops the oldest quarter of the events into the floor.
    fn raise_floor(&mut self) {
        let count = (self.entries.len() / 4).max(1);
        let Some(cut) = self.entries.keys().nth(count - 1).copied() else { return };
        let model = self.until(cut);
        let kept = self.entries.split_off(&cut);
        self.entries = kept;
        self.entries.remove(&cut);
        self.bytes = self.entries.values().map(|kept| kept.weight).sum();
        self.checkpoints = self.checkpoints.split_off(&cut);
        self.checkpoints.remove(&cut);
        self.recent = self.recent.take().filter(|(order, _)| *order > cut);
        self.floor = Some((cut, model));
    }

    fn forget_from(&mut self, order: Order) {
        self.checkpoints.split_off(&order);
        self.recent = self.recent.take().filter(|(recent, _)| *recent < order);
    }

    fn before(&mut self, order: Order) -> Model {
        let earlier = self.entries.range(..order).next_back().map(|(order, _)| *order);
        let start = self.start_of(Some(order));
        match earlier {
            // An event from before the baseline's time is no start for one after it.
            Some(earlier) if self.segment(earlier) == self.segment(order) => self.until(earlier),
            _ => start,
        }
    }

    /// Whether an event comes after the baseline.
    fn segment(&self, order: Order) -> bool {
        let taken = self.baseline.as_ref().and_then(Model::baseline_time);
        taken.is_some_and(|taken| order.time > taken)
    }

    /// What the fold of an event's segment begins with.
    fn start_of(&self, order: Option<Order>) -> Model {
        let is_after = order.is_none_or(|order| self.segment(order));
        let floor = self
            .floor
            .as_ref()
            .filter(|(floor, _)| self.baseline.is_none() || !is_after || self.segment(*floor));
        match (floor, &self.baseline) {
            (Some((_, model)), _) => model.clone(),
            (None, Some(baseline)) if is_after => baseline.clone(),
            _ => Model::new(self.account),
        }
    }

    /// The model after all events up to and with that order.
    fn until(&mut self, bound: Order) -> Model {
        let is_after = self.segment(bound);
        let (from, mut model) =
            self.nearest(bound).unwrap_or_else(|| (None, self.start_of(Some(bound))));
        let range = match from {
            Some(from) => (Excluded(from), Included(bound)),
            None => (Unbounded, Included(bound)),
        };
        let mut since = 0;
        let mut last = None;
        for (order, kept) in self.entries.range(range) {
            let is_of_segment = self.baseline.is_none() || self.segment(*order) == is_after;
            if !is_of_segment {
                continue;
            }
            model.fold(&kept.entry);
            since += 1;
            last = Some(*order);
            if since % self.limits.checkpoint_every.max(1) == 0 {
                self.checkpoints.insert(*order, model.clone());
            }
        }
        if let Some(last) = last {
            self.recent = Some((last, model.clone()));
        }
        model
    }

    /// The last kept model of the segment at or before that order.
    fn nearest(&self, bound: Order) -> Option<(Option<Order>, Model)> {
        let is_after = self.segment(bound);
        let checkpoint = self.checkpoints.range(..=bound).next_back();
        let recent = self.recent.as_ref().map(|(order, model)| (order, model));
        let candidates = checkpoint.into_iter().chain(recent);
        candidates
            .filter(|(order, _)| **order <= bound && self.segment(**order) == is_after)
            .max_by_key(|(order, _)| **order)
            .map(|(order, model)| (Some(*order), model.clone()))
    }
}

fn place(proof: &Proof) -> Option<trailwarden_record::row::Place> {
    match proof {
        Proof::Record(record) => Some(record.place),
        Proof::Baseline { .. } | Proof::Published { .. } => None,
    }
}

#[cfg(test)]
mod tests;
