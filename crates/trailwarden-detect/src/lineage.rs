//! Temporary keys back to the call that issued them.
//!
//! An STS response holds the temporary access key that later records are signed with. Following it
//! leads from a role session, through chained roles, to the person, key or service behind.

use foldhash::HashMap;
use trailwarden_model::Timestamp;
use trailwarden_model::time::HOUR;
use trailwarden_record::Row;
use trailwarden_record::row::Place;

/// How many hops are followed; AWS sets no limit on role chains, but a longer one is a loop.
pub(crate) const HOPS_MAX: usize = 16;

/// Longest life of a temporary key: 36 hours for `GetSessionToken` and `GetFederationToken`.
/// Source: AWS STS API reference.
const LIFE_SECONDS: i64 = 36 * HOUR;

/// How many issued keys are remembered.
const KEYS_MAX: usize = 300_000;

#[derive(Clone, Copy)]
struct Issue {
    time: Timestamp,
    by_actor: u64,
    by_key: u64,
    place: Place,
}

/// Which call issued which temporary key; bounded by the keys' lifetime.
#[derive(Clone, Default)]
pub struct Lineage {
    /// Keys issued by calls of somebody.
    by_somebody: HashMap<u64, Issue>,
    /// Which of those there may be: nearly every row asks, and nearly always in vain.
    near: Near,
    /// When keys were issued by calls without a caller or a key, such as those of services: many, and a
    /// chain ends there, so nothing else is kept. What is in both was issued by somebody.
    by_nobody: HashMap<u64, Timestamp>,
    swept: Timestamp,
    truncated: bool,
}

impl Lineage {
    /// Whether a key that may be alive had to be forgotten for lack of room.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    pub(crate) fn note(&mut self, row: &Row) {
        if row.issued == 0 || row.issued == row.key {
            return;
        }
        if row.key == 0 && row.actor == 0 {
            self.by_nobody.insert(row.issued, row.time());
            // Nearly never there: AWS issues no key twice.
            if self.near.may_hold(row.issued) {
                self.by_somebody.remove(&row.issued);
            }
        } else {
            let issue =
                Issue { time: row.time(), by_actor: row.actor, by_key: row.key, place: row.place };
            self.by_somebody.insert(row.issued, issue);
            self.near.note(row.issued);
        }
        if self.len() > KEYS_MAX || row.time().since(self.swept) > LIFE_SECONDS {
            self.sweep(row.time());
        }
    }

    /// Forgets keys that have expired; when too many are alive, the shorter-lived majority too.
    fn sweep(&mut self, now: Timestamp) {
        self.swept = now;
        let mut life = LIFE_SECONDS;
        loop {
            self.by_somebody.retain(|_, issue| now.since(issue.time) <= life);
            self.by_nobody.retain(|_, time| now.since(*time) <= life);
            if self.len() <= KEYS_MAX / 2 || life == 0 {
                break;
            }
            life /= 2;
            self.truncated = true;
        }
        self.near = Near::default();
        self.by_somebody.keys().for_each(|key| self.near.note(*key));
    }

    fn issue(&self, key: u64) -> Option<&Issue> {
        self.near.may_hold(key).then(|| self.by_somebody.get(&key)).flatten()
    }

    fn len(&self) -> usize {
        self.by_somebody.len() + self.by_nobody.len()
    }

    /// The principal at the start of the row's chain; the caller itself when no chain is known.
    pub fn origin(&self, row: &Row) -> u64 {
        let mut actor = row.actor;
        self.walk(row, |issue| actor = issue.by_actor);
        actor
    }

    /// The calls that issued the row's key, the latest first.
    pub fn chain(&self, row: &Row) -> Vec<Place> {
        let mut places = Vec::new();
        self.chain_into(row, &mut places);
        places
    }

    /// The same in the place of what a list holds.
    pub(crate) fn chain_into(&self, row: &Row, places: &mut Vec<Place>) {
        places.clear();
        self.walk(row, |issue| places.push(issue.place));
    }

    /// The latest of the keys that signed those calls for which something holds.
    pub fn find_issuing_key(&self, row: &Row, holds: impl Fn(u64) -> bool) -> Option<u64> {
        // Most rows are of sessions that no key began.
        self.issue(row.key)?;
        let mut found = None;
        self.walk(row, |issue| {
            if found.is_none() && issue.by_key != 0 && holds(issue.by_key) {
                found = Some(issue.by_key);
            }
        });
        found
    }

    /// Whether the call that issued the row's key was seen.
    pub fn knows(&self, row: &Row) -> bool {
        self.issue(row.key).is_some() || self.by_nobody.contains_key(&row.key)
    }

    fn walk(&self, row: &Row, mut step: impl FnMut(&Issue)) {
        let mut key = row.key;
        for _ in 0..HOPS_MAX {
            let Some(issue) = self.issue(key) else { return };
            if row.time().since(issue.time) > LIFE_SECONDS {
                return;
            }
            // A call by a service, or with no caller, ends the chain: there is nobody behind it.
            if issue.by_actor == 0 {
                return;
            }
            step(issue);
            key = issue.by_key;
        }
    }
}

/// A set of hashes that may hold more than was put in, never less; small enough to stay in the cache.
#[derive(Clone)]
struct Near(Box<[u64]>);

impl Near {
    /// Words of 64 bits: 16 kB, in which 5,000 keys leave one question in 25 to the map.
    const WORDS: usize = 2_048;

    fn bit(key: u64) -> (usize, u64) {
        // Keys are hashes, so any of their bits do.
        (key as usize / 64 % Self::WORDS, 1 << (key % 64))
    }

    fn note(&mut self, key: u64) {
        let (word, bit) = Self::bit(key);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = Self::bit(key);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

impl Default for Near {
    fn default() -> Self {
        Self(vec![0; Self::WORDS].into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_record::row::Order;

    fn row(actor: u64, key: u64, issued: u64, seconds: i64) -> Row {
        let order = Order { time: Timestamp::from_seconds(seconds), ..Order::default() };
        Row {
            actor,
            key,
            issued,
            order,
            place: Place { file: 0, record: actor as u32 },
            ..Row::default()
        }
    }

    #[test]
    fn a_chain_leads_to_whoever_began_it() {
        let mut lineage = Lineage::default();
        lineage.note(&row(1, 100, 200, 0));
        lineage.note(&row(2, 200, 300, 10));
        let used = row(3, 300, 0, 20);
        assert_eq!(lineage.origin(&used), 1);
        assert_eq!(lineage.chain(&used).len(), 2);
        assert_eq!(lineage.find_issuing_key(&used, |_| true), Some(200));
        assert_eq!(lineage.find_issuing_key(&used, |key| key == 100), Some(100));
        assert_eq!(lineage.origin(&row(9, 999, 0, 20)), 9);
    }

    /// The small set beside the map leaves nothing out, whatever was forgotten in between.
    #[test]
    fn every_key_that_is_alive_is_found_after_a_sweep() {
        let mut lineage = Lineage::default();
        let key = |number: u64| trailwarden_record::hash::of(&number.to_string());
        for number in 0..20_000 {
            lineage.note(&row(1, 100, key(number), 0));
        }
        let late = LIFE_SECONDS + 10;
        for number in 20_000..40_000 {
            lineage.note(&row(1, 100, key(number), late));
        }
        assert_eq!(lineage.by_somebody.len(), 20_000);
        for number in 0..40_000 {
            let used = row(9, key(number), 0, late + 1);
            assert_eq!(lineage.origin(&used), if number < 20_000 { 9 } else { 1 }, "{number}");
        }
    }

    #[test]
    fn a_loop_ends_and_an_old_key_is_not_followed() {
        let mut lineage = Lineage::default();
        lineage.note(&row(1, 200, 300, 0));
        lineage.note(&row(2, 300, 200, 1));
        assert!(lineage.chain(&row(3, 300, 0, 2)).len() <= HOPS_MAX);
        assert_eq!(lineage.origin(&row(3, 300, 0, LIFE_SECONDS + 10)), 3);
    }
}
