//! When a principal or key was seen before; bounded.

use std::collections::BTreeMap;

use foldhash::HashMap;
use trailwarden_model::Timestamp;
use trailwarden_record::Row;
use trailwarden_record::row::{Flags, Order};

/// First and last sighting of one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// First sighting.
    pub first: Timestamp,
    /// Last sighting before the current record.
    pub last: Timestamp,
}

/// How many principals and keys are remembered each; the longest unseen are forgotten first.
pub const MEMORY_MAX: usize = 200_000;

/// Sightings of principals and keys before the current record.
#[derive(Clone, Default)]
pub struct History {
    begin: Option<Timestamp>,
    actors: Memory,
    keys: Memory,
}

impl History {
    /// The first record's time.
    pub fn begin(&self) -> Option<Timestamp> {
        self.begin
    }

    /// How long the logs reach back from a time, in seconds.
    pub fn reach(&self, time: Timestamp) -> i64 {
        self.begin.map_or(0, |begin| time.since(begin))
    }

    /// Sightings of the row's direct caller before it.
    pub fn actor(&self, row: &Row) -> Option<Seen> {
        self.actors.get(row.actor)
    }

    /// Sightings of the row's key before it; of users' keys only.
    pub fn key(&self, row: &Row) -> Option<Seen> {
        self.keys.get(row.key)
    }

    /// Whether something had to be forgotten for lack of room.
    pub fn is_truncated(&self) -> bool {
        self.actors.truncated || self.keys.truncated
    }

    pub(crate) fn note(&mut self, row: &Row) {
        self.begin.get_or_insert(row.time());
        self.actors.note(row.actor, row.order);
        // The keys of users are asked for; those of sessions are many, and new each time.
        if row.flags.has(Flags::USER) {
            self.keys.note(row.key, row.order);
        }
    }
}

#[derive(Clone, Default)]
struct Memory {
    seen: HashMap<u64, Seen>,
    truncated: bool,
}

impl Memory {
    fn get(&self, what: u64) -> Option<Seen> {
        self.seen.get(&what).copied()
    }

    fn note(&mut self, what: u64, order: Order) {
        if what == 0 {
            return;
        }
        self.seen
            .entry(what)
            .and_modify(|seen| seen.last = order.time)
            .or_insert(Seen { first: order.time, last: order.time });
        if self.seen.len() > MEMORY_MAX {
            self.forget_half();
        }
    }

    /// Forgets the half that was not seen for longest. Ties are broken by the hash, so that two runs
    /// forget alike.
    fn forget_half(&mut self) {
        self.truncated = true;
        let mut by_age: BTreeMap<(Timestamp, u64), ()> = BTreeMap::new();
        for (what, seen) in &self.seen {
            by_age.insert((seen.last, *what), ());
        }
        for ((_, what), ()) in by_age.into_iter().take(MEMORY_MAX / 2) {
            self.seen.remove(&what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(actor: u64, seconds: i64) -> Row {
        let order = Order { time: Timestamp::from_seconds(seconds), ..Order::default() };
        Row { actor, order, ..Row::default() }
    }

    #[test]
    fn a_sighting_is_remembered_until_there_is_no_room() {
        let mut history = History::default();
        history.note(&row(1, 10));
        history.note(&row(1, 20));
        let seen = history.actor(&row(1, 30)).unwrap();
        assert_eq!((seen.first.seconds(), seen.last.seconds()), (10, 20));
        for actor in 0..MEMORY_MAX as u64 {
            history.note(&row(actor + 2, 100));
        }
        assert!(history.is_truncated());
        assert_eq!(history.actor(&row(1, 200)), None);
    }
}
