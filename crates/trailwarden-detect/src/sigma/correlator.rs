//! Correlations over records in their total order, in event time.
//!
//! # Semantics
//! - A window reaches back from each record by the timespan, both ends included, so that two
//!   records exactly five minutes apart are within `5m`.
//! - A match is told once, with all records of the window, when it begins; while it lasts, each
//!   further record is told alone, under the same anchor. It ends when the window of a record no
//!   longer holds enough, or nothing of before.
//! - Where more records could undo a match (`lt`, `lte`, `eq`, `neq`, ranges), the window opens with
//!   the first record, and is judged when it closes.
//! - A record that lacks a field to group by belongs to no group.
//! - Records are taken in the order given; equal times keep it. The same input gives the same
//!   output, whatever the speed, and nothing asks a clock.
//!
//! # Memory
//! Bounded by [`Limits`]; what had to be forgotten is counted in [`Dropped`].

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::Arc;

use foldhash::HashMap;
use trailwarden_model::Timestamp;

use super::correlation::Correlation;
use super::window::{Group, Told};
use super::{Feed, Matches};

/// How much a [`Correlator`] may remember.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Records over all windows of all correlations.
    pub records_max: usize,
    /// Records in one window.
    pub window_max: usize,
}

impl Default for Limits {
    /// About 200 MB at worst.
    fn default() -> Self {
        Self { records_max: 1_000_000, window_max: 10_000 }
    }
}

/// What a [`Correlator`] had to forget before its time; matches may be missing then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Dropped {
    /// Records taken out of windows.
    pub records: u64,
    /// Windows given up.
    pub windows: u64,
}

/// A correlation rule that matched, or goes on matching.
#[derive(Clone, PartialEq, Debug)]
pub struct CorrelationMatch {
    /// Which rule, as a position in `RuleSet::rules`.
    pub rule: usize,
    /// The fields it groups by with their values.
    pub group: Vec<(String, String)>,
    /// The records that made it match: all of them when it began, else the new one. Handles as
    /// given to [`Correlator::push`], in that order.
    pub records: Vec<u64>,
    /// The first record of the match; the same for as long as it lasts.
    pub anchor: u64,
    /// Whether it begins here.
    pub begins: bool,
    /// What was counted or computed.
    pub figure: f64,
    /// When it was decided: the time of the last record, or of the window's closing.
    pub at: Timestamp,
}

/// The state of all correlations of a rule set.
#[derive(Debug)]
pub struct Correlator {
    correlations: Arc<[Correlation]>,
    states: Vec<State>,
    limits: Limits,
    now: i64,
    held: usize,
    dropped: Dropped,
}

#[derive(Debug, Default)]
struct State {
    groups: HashMap<Arc<[String]>, Group>,
    /// When to look at a group again, soonest first.
    agenda: VecDeque<(i64, Arc<[String]>)>,
}

/// What reaches a correlation: a record, or the match of another correlation.
struct Arrival {
    at: i64,
    input: u16,
    records: Vec<u64>,
    columns: Vec<Option<String>>,
}

impl Correlator {
    pub(crate) fn new(correlations: Arc<[Correlation]>, limits: Limits) -> Self {
        let states = correlations.iter().map(|_| State::default()).collect();
        Self { correlations, states, limits, now: i64::MIN, held: 0, dropped: Dropped::default() }
    }

    /// Takes the next record of the total order: its time, the caller's handle for it, and what
    /// [`super::RuleSet::evaluate`] said. A time before the last one is taken as the last one.
    pub fn push(&mut self, at: Timestamp, order: u64, matches: &Matches) -> Vec<CorrelationMatch> {
        let mut out = Vec::new();
        self.now = self.now.max(at.seconds());
        self.look_at_agenda(self.now, &mut out);
        let mut feeds: Vec<&Feed> = matches.hits.iter().flat_map(|hit| &hit.feeds).collect();
        // Later rules first: a record must not be its own successor in an ordered correlation.
        feeds.sort_by_key(|feed| (feed.correlation, Reverse(feed.input)));
        for feed in feeds {
            let arrival = Arrival {
                at: self.now,
                input: feed.input,
                records: vec![order],
                columns: feed.columns.clone(),
            };
            self.arrive(feed.correlation, arrival, &mut out);
        }
        self.forget();
        out
    }

    /// Judges the windows that are still open. Call once, after the last record.
    pub fn finish(&mut self) -> Vec<CorrelationMatch> {
        let mut out = Vec::new();
        self.look_at_agenda(i64::MAX, &mut out);
        out
    }

    /// What had to be forgotten because of the limits.
    pub fn dropped(&self) -> Dropped {
        self.dropped
    }

    fn arrive(&mut self, index: u32, arrival: Arrival, out: &mut Vec<CorrelationMatch>) {
        let correlations = Arc::clone(&self.correlations);
        let Some((correlation, state)) = at(&correlations, &mut self.states, index) else { return };
        let Some(key) = key(&arrival.columns, correlation.groups) else { return };
        let key: Arc<[String]> = key.into();
        let waits = correlation.waits();
        let mut before = None;
        let group = state.groups.entry(Arc::clone(&key)).or_insert_with(|| {
            before = Some(0);
            state.agenda.push_back((arrival.at.saturating_add(correlation.span), Arc::clone(&key)));
            Group::new(arrival.at)
        });
        let before = before.unwrap_or_else(|| group.held());
        let values = arrival.columns.get(correlation.values.clone()).unwrap_or_default();
        let mut told = group.add(correlation, arrival.at, arrival.input, &arrival.records, values);
        self.dropped.records += group.trim(correlation, self.limits.window_max);
        if waits {
            group.remember(arrival.columns.clone());
            told = None;
        }
        self.held = (self.held + group.held()).saturating_sub(before);
        if let Some(told) = told {
            self.tell(correlation, &key, arrival.at, told, &arrival.columns, out);
        }
    }

    fn tell(
        &mut self,
        correlation: &Correlation,
        key: &[String],
        at: i64,
        told: Told,
        columns: &[Option<String>],
        out: &mut Vec<CorrelationMatch>,
    ) {
        // A chain counts matches, so only the beginning of one goes up.
        for link in correlation.feeds.iter().filter(|_| told.begins) {
            let column = |at: &usize| columns.get(*at).cloned().flatten();
            let arrival = Arrival {
                at,
                input: link.input,
                records: told.records.clone(),
                columns: link.columns.iter().map(column).collect(),
            };
            self.arrive(link.correlation, arrival, out);
        }
        if correlation.generates {
            let names = correlation.columns.iter().cloned();
            out.push(CorrelationMatch {
                rule: usize::try_from(correlation.rule).unwrap_or(usize::MAX),
                group: names.zip(key.iter().cloned()).collect(),
                records: told.records,
                anchor: told.anchor,
                begins: told.begins,
                figure: told.figure,
                at: Timestamp::from_seconds(at),
            });
        }
    }

    /// Closes windows and frees groups whose time is up before `now`, soonest first, so that what
    /// a closing window feeds arrives in order.
    fn look_at_agenda(&mut self, now: i64, out: &mut Vec<CorrelationMatch>) {
        let correlations = Arc::clone(&self.correlations);
        while let Some(index) = self.soonest(|deadline| deadline < now) {
            let Some((correlation, state)) = at(&correlations, &mut self.states, index) else {
                return;
            };
            let Some((deadline, key)) = state.agenda.pop_front() else { return };
            let Some(group) = state.groups.get(&key) else { continue };
            let waits = correlation.waits();
            let until = group.last().saturating_add(correlation.span);
            if !waits && until >= now {
                state.agenda.push_back((until, key));
                continue;
            }
            let Some(group) = state.groups.remove(&key) else { continue };
            self.held = self.held.saturating_sub(group.held());
            if waits && let Some(told) = group.judge(correlation) {
                let columns = group.remembered().to_vec();
                self.tell(correlation, &key, deadline, told, &columns, out);
            }
        }
    }

    /// The correlation whose next appointment is soonest, if it is due.
    fn soonest(&self, is_due: impl Fn(i64) -> bool) -> Option<u32> {
        let fronts = (0_u32..).zip(&self.states).filter_map(|(index, state)| {
            state.agenda.front().map(|(deadline, _)| (*deadline, index))
        });
        fronts.min().filter(|(deadline, _)| is_due(*deadline)).map(|(_, index)| index)
    }

    /// Gives up the oldest windows until the limit is kept.
    fn forget(&mut self) {
        while self.held > self.limits.records_max {
            let Some(index) = self.soonest(|_| true) else { return };
            let state = usize::try_from(index).ok().and_then(|at| self.states.get_mut(at));
            let Some(state) = state else { return };
            let Some((_, key)) = state.agenda.pop_front() else { return };
            let Some(group) = state.groups.remove(&key) else { continue };
            self.held = self.held.saturating_sub(group.held());
            self.dropped.windows += 1;
            self.dropped.records += u64::try_from(group.held()).unwrap_or(u64::MAX);
        }
    }
}

fn at<'c, 's>(
    correlations: &'c [Correlation],
    states: &'s mut [State],
    index: u32,
) -> Option<(&'c Correlation, &'s mut State)> {
    let index = usize::try_from(index).ok()?;
    Some((correlations.get(index)?, states.get_mut(index)?))
}

fn key(columns: &[Option<String>], groups: usize) -> Option<Vec<String>> {
    columns.get(..groups)?.iter().cloned().collect()
}
