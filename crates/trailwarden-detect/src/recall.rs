//! Bounded memory by key and time, for detections that keep state of their own.
//!
//! # Invariants
//! - What is older than the span is never returned, whether or not it was swept.
//! - Beyond [`KEYS_MAX`] keys the older ones are dropped, and [`Recall::is_truncated`] says so. Which
//!   ones depends on their times alone, so a replay forgets alike.

use foldhash::HashMap;
use trailwarden_model::Timestamp;

/// How many keys are remembered.
pub const KEYS_MAX: usize = 50_000;

/// What was noted under a key, for a span of event time.
#[derive(Clone)]
pub struct Recall<T> {
    within_seconds: i64,
    held: HashMap<u64, (Timestamp, T)>,
    swept: Timestamp,
    truncated: bool,
}

impl<T> Recall<T> {
    /// Remembers for so many seconds.
    pub fn new(within_seconds: i64) -> Self {
        Self {
            within_seconds,
            held: HashMap::default(),
            swept: Timestamp::default(),
            truncated: false,
        }
    }

    /// Notes a value under a key, in place of an older one.
    pub fn note(&mut self, key: u64, now: Timestamp, value: T) {
        if now.since(self.swept) > self.within_seconds || self.held.len() >= KEYS_MAX {
            self.sweep(now);
        }
        self.held.insert(key, (now, value));
    }

    /// What was noted within the span, and when.
    pub fn get(&self, key: u64, now: Timestamp) -> Option<&T> {
        let (time, value) = self.held.get(&key)?;
        (now.since(*time) <= self.within_seconds).then_some(value)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: u64, now: Timestamp) -> Option<&mut T> {
        let within = self.within_seconds;
        let (time, value) = self.held.get_mut(&key)?;
        (now.since(*time) <= within).then_some(value)
    }

    /// Forgets a key.
    pub fn forget(&mut self, key: u64) {
        self.held.remove(&key);
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether something had to be forgotten for lack of room.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    fn sweep(&mut self, now: Timestamp) {
        self.swept = now;
        let mut keep = self.within_seconds;
        self.held.retain(|_, (time, _)| now.since(*time) <= keep);
        while self.held.len() >= KEYS_MAX {
            self.truncated = true;
            keep /= 2;
            self.held.retain(|_, (time, _)| keep > 0 && now.since(*time) <= keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_old_is_not_remembered() {
        let mut recall = Recall::new(60);
        recall.note(1, Timestamp::from_seconds(0), "a");
        assert_eq!(recall.get(1, Timestamp::from_seconds(60)), Some(&"a"));
        assert_eq!(recall.get(1, Timestamp::from_seconds(61)), None);
        recall.forget(1);
        assert!(recall.is_empty());
    }

    #[test]
    fn it_stays_within_bounds_and_says_so() {
        let mut recall = Recall::new(1_000_000);
        for key in 0..2 * KEYS_MAX as u64 {
            recall.note(key, Timestamp::from_seconds(key as i64), ());
        }
        assert!(recall.held.len() <= KEYS_MAX);
        assert!(recall.is_truncated());
    }
}
