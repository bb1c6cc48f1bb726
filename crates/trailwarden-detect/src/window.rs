//! The declared windows in event time: distinct counts, sequences, absences, first sightings.

mod first;

use std::collections::{BTreeSet, VecDeque};

use foldhash::HashMap;
use trailwarden_model::Timestamp;
use trailwarden_record::Row;

use crate::context::Cx;
use crate::detection::{Absence, Distinct, Sequence};
use crate::matches::{Match, Story};
use crate::settings::Settings;
use crate::watch::{Fire, Watch};

pub(crate) use first::FirstState;

/// How many groups a window follows at once; the longest idle are dropped first.
const GROUPS_MAX: usize = 50_000;
/// How many values or records a group holds.
const HELD_MAX: usize = 256;

/// State of groups that are dropped when idle for longer than the window.
#[derive(Clone)]
struct Groups<T> {
    within: i64,
    by_key: HashMap<u64, (Timestamp, T)>,
    swept: Timestamp,
    truncated: bool,
}

impl<T: Default> Groups<T> {
    fn new(within: i64) -> Self {
        Self { within, by_key: HashMap::default(), swept: Timestamp::default(), truncated: false }
    }

    fn entry(&mut self, key: u64, now: Timestamp) -> &mut T {
        if now.since(self.swept) > self.within || self.by_key.len() >= GROUPS_MAX {
            self.sweep(now);
        }
        let (touched, state) = self.by_key.entry(key).or_default();
        *touched = now;
        state
    }

    fn sweep(&mut self, now: Timestamp) {
        self.swept = now;
        let within = self.within;
        self.by_key.retain(|_, (touched, _)| now.since(*touched) <= within);
        let mut keep = within;
        while self.by_key.len() >= GROUPS_MAX {
            self.truncated = true;
            keep /= 2;
            self.by_key.retain(|_, (touched, _)| keep > 0 && now.since(*touched) <= keep);
        }
    }
}

/// State of [`Distinct`].
#[derive(Clone)]
pub(crate) struct DistinctState {
    spec: &'static Distinct,
    at_least: usize,
    groups: Groups<HashMap<u64, Row>>,
}

impl DistinctState {
    pub(crate) fn new(id: &str, spec: &'static Distinct, settings: &Settings) -> Self {
        let within = settings.windows.get(id).copied().unwrap_or(spec.within_seconds);
        let at_least = settings.thresholds.get(id).copied().unwrap_or(spec.at_least).max(1);
        Self { spec, at_least, groups: Groups::new(within) }
    }
}

impl Watch for DistinctState {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let Some((group, value)) = (self.spec.count)(cx) else { return };
        let row = *cx.row();
        let within = self.groups.within;
        let values = self.groups.entry(group, row.time());
        let held_max = HELD_MAX.max(self.at_least);
        if values.len() >= held_max {
            values.retain(|_, seen| row.time().since(seen.time()) <= within);
        }
        if values.len() >= held_max && !values.contains_key(&value) {
            // The group has fired already: only what it lists is cut short.
            let oldest = values.iter().min_by_key(|(_, seen)| (seen.order, seen.account));
            if let Some(oldest) = oldest.map(|(value, _)| *value) {
                values.remove(&oldest);
            }
        }
        values.insert(value, row);
        if values.len() < self.at_least {
            return;
        }
        let is_recent = |seen: &&Row| row.time().since(seen.time()) <= within;
        let mut rows: Vec<Row> = values.values().filter(is_recent).copied().collect();
        if rows.len() >= self.at_least {
            // One event id may stand in several accounts.
            rows.sort_by_key(|row| (row.order, row.account));
            fires.push(Fire { group, distinct: rows.len(), rows });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        (self.spec.tell)(story)
    }

    fn is_truncated(&self) -> bool {
        self.groups.truncated
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// State of [`Sequence`]: for each group, which step each recent record was.
#[derive(Clone)]
pub(crate) struct SequenceState {
    spec: &'static Sequence,
    first_at_least: Option<usize>,
    groups: Groups<VecDeque<Held>>,
}

#[derive(Clone, Copy)]
struct Held {
    step: usize,
    value: u64,
    row: Row,
}

impl SequenceState {
    pub(crate) fn new(id: &str, spec: &'static Sequence, settings: &Settings) -> Self {
        let within = settings.windows.get(id).copied().unwrap_or(spec.within_seconds);
        let first_at_least = settings.thresholds.get(id).copied();
        Self { spec, first_at_least, groups: Groups::new(within) }
    }

    fn at_least(&self, step: usize) -> usize {
        let configured = (step == 0).then_some(self.first_at_least).flatten();
        configured.or(self.spec.steps.get(step).map(|step| step.at_least)).unwrap_or(1)
    }

    /// The records that satisfy all steps, if they do.
    fn satisfied(&self, held: &VecDeque<Held>) -> Option<Vec<Row>> {
        let steps = self.spec.steps.len();
        let mut rows = BTreeSet::new();
        let mut after = None;
        for step in 0..steps {
            let mut values = BTreeSet::new();
            let mut reached = None;
            for entry in held.iter().filter(|entry| entry.step == step) {
                // Records of the same second are concurrent: only an earlier second is too early.
                if !self.spec.any_order && after.is_some_and(|after| entry.row.time() < after) {
                    continue;
                }
                values.insert(entry.value);
                rows.insert((entry.row.order, entry.row.place));
                if values.len() >= self.at_least(step) && reached.is_none() {
                    reached = Some(entry.row.time());
                }
            }
            after = Some(reached?);
        }
        let found = held.iter().filter(|entry| rows.contains(&(entry.row.order, entry.row.place)));
        let mut found: Vec<Row> = found.map(|entry| entry.row).collect();
        found.sort_by_key(|row| (row.order, row.account));
        found.dedup_by_key(|row| (row.order, row.place));
        Some(found)
    }
}

/// Makes room: the second oldest record of the step that has most. A flood of one step must not
/// wash out the others, nor the record that it began with.
fn drop_one(held: &mut VecDeque<Held>, steps: usize) {
    let count = |step: usize| held.iter().filter(|entry| entry.step == step).count();
    let Some(fullest) = (0..steps).max_by_key(|step| count(*step)) else { return };
    let mut of_step = held.iter().enumerate().filter(|(_, entry)| entry.step == fullest);
    let victim = of_step.nth(1).map_or(0, |(index, _)| index);
    held.remove(victim);
}

impl Watch for SequenceState {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = *cx.row();
        let steps = self.spec.steps;
        let mut touched: Vec<u64> = Vec::new();
        for (step, spec) in steps.iter().enumerate() {
            let Some((group, value)) = (spec.joins)(cx) else { continue };
            let within = self.groups.within;
            let held = self.groups.entry(group, row.time());
            held.retain(|entry| row.time().since(entry.row.time()) <= within);
            let full = held.len() >= HELD_MAX;
            if full {
                drop_one(held, steps.len());
            }
            held.push_back(Held { step, value, row });
            self.groups.truncated |= full;
            if !touched.contains(&group) {
                touched.push(group);
            }
        }
        for group in touched {
            let Some((_, held)) = self.groups.by_key.get(&group) else { continue };
            if let Some(rows) = self.satisfied(held) {
                fires.push(Fire { group, distinct: rows.len(), rows });
            }
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        (self.spec.tell)(story)
    }

    fn is_truncated(&self) -> bool {
        self.groups.truncated
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// State of [`Absence`]: who waits since when.
#[derive(Clone)]
pub(crate) struct AbsenceState {
    spec: &'static Absence,
    within: i64,
    waiting: HashMap<u64, Row>,
    truncated: bool,
}

impl AbsenceState {
    pub(crate) fn new(id: &str, spec: &'static Absence, settings: &Settings) -> Self {
        let within = settings.windows.get(id).copied().unwrap_or(spec.within_seconds);
        Self { spec, within, waiting: HashMap::default(), truncated: false }
    }
}

impl Watch for AbsenceState {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        self.advance(cx.row().time(), fires);
        if let Some(group) = (self.spec.ends)(cx) {
            self.waiting.remove(&group);
        }
        if let Some(group) = (self.spec.begins)(cx) {
            if self.waiting.len() < GROUPS_MAX {
                self.waiting.entry(group).or_insert(*cx.row());
            } else {
                self.truncated = true;
            }
        }
    }

    fn advance(&mut self, now: Timestamp, fires: &mut Vec<Fire>) {
        let within = self.within;
        let mut due: Vec<(u64, Row)> = self
            .waiting
            .iter()
            .filter(|(_, row)| now.since(row.time()) > within)
            .map(|(group, row)| (*group, *row))
            .collect();
        due.sort_by_key(|(group, row)| (row.order, row.account, *group));
        for (group, row) in due {
            self.waiting.remove(&group);
            fires.push(Fire { group, rows: vec![row], distinct: 1 });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        (self.spec.tell)(story)
    }

    fn is_truncated(&self) -> bool {
        self.truncated
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
