//! The window of one group of one correlation.

use std::collections::VecDeque;

use foldhash::HashMap;

use super::chain::Chains;
use super::correlation::{Correlation, Figure, Logic};

/// What a group has seen and not yet forgotten.
#[derive(Debug)]
pub(crate) struct Group {
    last: i64,
    entries: VecDeque<Entry>,
    /// How often each rule is among the entries.
    inputs: Vec<u32>,
    /// How often each value is among the entries.
    values: HashMap<String, u32>,
    /// The numbers among the entries, in order.
    numbers: Vec<f64>,
    /// What ordered correlations have instead of entries.
    chains: Chains,
    /// The first record of the match that lasts.
    episode: Option<u64>,
    /// The columns of the last arrival, kept for windows that are judged when they close.
    columns: Vec<Option<String>>,
}

#[derive(Debug, Clone)]
struct Entry {
    at: i64,
    input: u16,
    records: Vec<u64>,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    None,
    Text(String),
    Number(f64),
}

/// A match, as a group tells it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) records: Vec<u64>,
    pub(crate) anchor: u64,
    pub(crate) begins: bool,
    pub(crate) figure: f64,
}

impl Group {
    /// A group whose first record comes at this time.
    pub(crate) fn new(at: i64) -> Self {
        Self {
            last: at,
            entries: VecDeque::new(),
            inputs: Vec::new(),
            values: HashMap::default(),
            numbers: Vec::new(),
            chains: Chains::default(),
            episode: None,
            columns: Vec::new(),
        }
    }

    /// The time of the last record.
    pub(crate) fn last(&self) -> i64 {
        self.last
    }

    /// How many records it remembers.
    pub(crate) fn held(&self) -> usize {
        // An empty group costs about as much as a record.
        1 + self.entries.len() + self.chains.held()
    }

    /// Keeps the columns of the last arrival.
    pub(crate) fn remember(&mut self, columns: Vec<Option<String>>) {
        self.columns = columns;
    }

    /// The columns of the last arrival.
    pub(crate) fn remembered(&self) -> &[Option<String>] {
        &self.columns
    }

    /// Takes a record; tells the match that it begins or prolongs.
    pub(crate) fn add(
        &mut self,
        correlation: &Correlation,
        at: i64,
        input: u16,
        records: &[u64],
        values: &[Option<String>],
    ) -> Option<Told> {
        self.last = at;
        if let Logic::InOrder(length) = correlation.logic {
            return self.chains.link(length, correlation.span, at, input, records);
        }
        let value = value(correlation, values)?;
        if !correlation.waits() {
            while self
                .entries
                .front()
                .is_some_and(|entry| at.saturating_sub(entry.at) > correlation.span)
            {
                self.forget_first();
            }
            // What came before is out of reach, so this would be another match.
            if self.entries.is_empty() {
                self.episode = None;
            }
        }
        let counted = !matches!(correlation.logic, Logic::Together(_));
        // Two rules of a list may match one record; it is one record all the same.
        if counted && self.entries.back().is_some_and(|entry| entry.records == records) {
            return None;
        }
        self.enter(Entry { at, input, records: records.to_vec(), value });
        if correlation.waits() {
            return None;
        }
        let Some(figure) = self.holds(correlation) else {
            self.episode = None;
            return None;
        };
        if let Some(anchor) = self.episode {
            return Some(Told { records: records.to_vec(), anchor, begins: false, figure });
        }
        let told = self.judge(correlation)?;
        self.episode = Some(told.anchor);
        Some(told)
    }

    /// Forgets what is more than the window may hold; how many records that were needed.
    pub(crate) fn trim(&mut self, correlation: &Correlation, window_max: usize) -> u64 {
        if let Logic::Count(threshold) = &correlation.logic
            && let Some(enough) = threshold.enough()
        {
            while self.entries.len() > enough {
                self.forget_first();
            }
        }
        let mut dropped = 0;
        while self.entries.len() > window_max {
            self.forget_first();
            dropped += 1;
        }
        dropped
    }

    /// The match of the records now in the window, as if it began here.
    pub(crate) fn judge(&self, correlation: &Correlation) -> Option<Told> {
        let figure = self.holds(correlation)?;
        let mut records: Vec<u64> =
            self.entries.iter().flat_map(|entry| entry.records.iter().copied()).collect();
        records.sort_unstable();
        records.dedup();
        let anchor = *records.first()?;
        Some(Told { records, anchor, begins: true, figure })
    }

    /// What is counted, if it is enough.
    fn holds(&self, correlation: &Correlation) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a window holds far fewer than 2^53")]
        let count = |number: usize| number as f64;
        let (figure, holds) = match &correlation.logic {
            Logic::Count(threshold) => {
                let figure = count(self.entries.len());
                (figure, threshold.holds(figure))
            }
            Logic::Distinct(threshold) => {
                let figure = count(self.values.len());
                (figure, threshold.holds(figure))
            }
            Logic::Figure(figure, threshold) => {
                let figure = self.figure(*figure)?;
                (figure, threshold.holds(figure))
            }
            Logic::Together(need) => {
                let seen = self.inputs.iter().filter(|count| **count > 0).count();
                (count(seen), need.is_met(&self.inputs))
            }
            Logic::InOrder(_) => return None,
        };
        holds.then_some(figure)
    }

    fn figure(&self, figure: Figure) -> Option<f64> {
        let last = self.numbers.len().checked_sub(1)?;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a window holds far fewer than 2^53, and the rank lies within it"
        )]
        match figure {
            Figure::Sum => Some(self.numbers.iter().sum()),
            Figure::Average => Some(self.numbers.iter().sum::<f64>() / self.numbers.len() as f64),
            Figure::Percentile(rank) => {
                let place = last as f64 * rank as f64 / 100.0;
                let below = *self.numbers.get(place.floor() as usize)?;
                let above = *self.numbers.get(place.ceil() as usize)?;
                Some(below + (above - below) * place.fract())
            }
        }
    }

    fn enter(&mut self, entry: Entry) {
        let input = usize::from(entry.input);
        if self.inputs.len() <= input {
            self.inputs.resize(input + 1, 0);
        }
        if let Some(count) = self.inputs.get_mut(input) {
            *count += 1;
        }
        match &entry.value {
            Value::None => {}
            Value::Text(text) => *self.values.entry(text.clone()).or_default() += 1,
            Value::Number(number) => {
                let place = self.numbers.partition_point(|other| other.total_cmp(number).is_lt());
                self.numbers.insert(place, *number);
            }
        }
        self.entries.push_back(entry);
    }

    fn forget_first(&mut self) {
        let Some(entry) = self.entries.pop_front() else { return };
        if let Some(count) = self.inputs.get_mut(usize::from(entry.input)) {
            *count = count.saturating_sub(1);
        }
        match entry.value {
            Value::None => {}
            Value::Text(text) => {
                if let Some(count) = self.values.get_mut(&text) {
                    *count -= 1;
                    if *count == 0 {
                        self.values.remove(&text);
                    }
                }
            }
            Value::Number(number) => {
                let place = self.numbers.partition_point(|other| other.total_cmp(&number).is_lt());
                if place < self.numbers.len() {
                    self.numbers.remove(place);
                }
            }
        }
    }
}

/// What the correlation counts of a record; None when the record has nothing to count.
fn value(correlation: &Correlation, values: &[Option<String>]) -> Option<Value> {
    match &correlation.logic {
        Logic::Count(_) | Logic::Together(_) | Logic::InOrder(_) => Some(Value::None),
        Logic::Distinct(_) => {
            let parts: Option<Vec<&str>> = values.iter().map(Option::as_deref).collect();
            // A control character keeps `a`, `bc` apart from `ab`, `c`.
            Some(Value::Text(parts?.join("\u{1f}")))
        }
        Logic::Figure(..) => {
            let number: f64 = values.first()?.as_deref()?.parse().ok()?;
            number.is_finite().then_some(Value::Number(number))
        }
    }
}
