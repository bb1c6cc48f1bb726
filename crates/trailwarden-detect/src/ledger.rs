//! Late records: a ledger keeps checkpoints of the engine and folds again from the last one before
//! a record that comes out of order.
//!
//! Delivery takes minutes, at worst thirty days, and repeats itself. A record that arrives late must
//! change what was said before it, as if it had come in time: findings are revised, not repeated.
//!
//! # Invariants
//! - Whatever the order of arrival, as long as no record is older than the oldest checkpoint, the
//!   drafts equal those of a run in the total order (`tests/ledger.rs`).
//! - Memory is bounded by `checkpoints_max` and the rows after the oldest checkpoint.

use std::collections::{BTreeMap, VecDeque};

use trailwarden_record::row::{Action, Order};
use trailwarden_record::{Event, Row};

use crate::engine::Engine;

/// A record with what the engine needs of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its row.
    pub row: Row,
    /// Its call.
    pub action: Action,
    /// The record itself, when a detection reads it.
    pub event: Option<Event>,
}

/// What became of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// It came in order.
    InOrder,
    /// It was late: so many records were folded again.
    Late(usize),
    /// It had been seen.
    Duplicate,
    /// It is older than the oldest checkpoint; the findings cannot be revised for it.
    TooLate,
}

/// Order and account: one record may be delivered to several accounts.
type Key = (Order, u64);

/// The engine with its past.
pub struct Ledger {
    engine: Engine,
    checkpoints: VecDeque<(Option<Key>, Engine)>,
    /// Every record after the oldest checkpoint.
    entries: BTreeMap<Key, Entry>,
    rows_per_checkpoint: usize,
    checkpoints_max: usize,
    since_checkpoint: usize,
}

impl Ledger {
    /// A ledger that takes a checkpoint every so many records and keeps so many of them.
    pub fn new(engine: Engine, rows_per_checkpoint: usize, checkpoints_max: usize) -> Self {
        let checkpoints = VecDeque::from([(None, engine.clone())]);
        Self {
            engine,
            checkpoints,
            entries: BTreeMap::new(),
            rows_per_checkpoint: rows_per_checkpoint.max(1),
            checkpoints_max: checkpoints_max.max(1),
            since_checkpoint: 0,
        }
    }

    /// Takes a record, whenever it comes.
    pub fn take(&mut self, entry: Entry) -> Taken {
        let key = (entry.row.order, entry.row.account);
        if self.entries.contains_key(&key) {
            return Taken::Duplicate;
        }
        let oldest = self.checkpoints.front().and_then(|(order, _)| *order);
        if oldest.is_some_and(|oldest| key <= oldest) {
            return Taken::TooLate;
        }
        let in_order = self.entries.last_key_value().is_none_or(|(last, _)| *last < key);
        self.entries.insert(key, entry);
        if in_order {
            self.fold(key);
            return Taken::InOrder;
        }
        Taken::Late(self.rewind(key))
    }

    /// The engine as it stands now.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Folds again everything after the last checkpoint before `key`.
    fn rewind(&mut self, key: Key) -> usize {
        while self.checkpoints.len() > 1
            && self.checkpoints.back().is_some_and(|(at, _)| at.is_some_and(|at| at >= key))
        {
            self.checkpoints.pop_back();
        }
        let Some((from, engine)) = self.checkpoints.back() else { return 0 };
        let from = *from;
        self.engine = engine.clone();
        self.since_checkpoint = 0;
        let again: Vec<Key> =
            self.entries.keys().filter(|at| from.is_none_or(|from| **at > from)).copied().collect();
        for key in &again {
            self.fold(*key);
        }
        again.len()
    }

    fn fold(&mut self, key: Key) {
        let Some(entry) = self.entries.get(&key) else { return };
        self.engine.push(&entry.row, &entry.action, entry.event.as_ref());
        self.since_checkpoint += 1;
        if self.since_checkpoint < self.rows_per_checkpoint {
            return;
        }
        self.since_checkpoint = 0;
        self.checkpoints.push_back((Some(key), self.engine.clone()));
        if self.checkpoints.len() > self.checkpoints_max {
            self.checkpoints.pop_front();
            if let Some((Some(oldest), _)) = self.checkpoints.front() {
                let oldest = *oldest;
                self.entries.retain(|at, _| *at > oldest);
            }
        }
    }
}
