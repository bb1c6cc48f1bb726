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
    /// Keys issued by calls of somebody: few, so what is asked of every row stays near.
    by_somebody: HashMap<u64, Issue>,
    /// When keys were issued by calls without a caller or a key, such as those of services: many, and a
    /// chain ends there, so nothing else is kept.
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
        // What is removed is nearly never there: AWS issues no key twice.
        if row.key == 0 && row.actor == 0 {
            self.by_nobody.insert(row.issued, row.time());
            self.by_somebody.remove(&row.issued);
        } else {
            let issue =
                Issue { time: row.time(), by_actor: row.actor, by_key: row.key, place: row.place };
            self.by_somebody.insert(row.issued, issue);
            self.by_nobody.remove(&row.issued);
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
                return;
            }
            life /= 2;
            self.truncated = true;
        }
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
        self.walk(row, |issue| places.push(issue.place));
        places
    }

    /// The latest of the keys that signed those calls for which something holds.
    pub fn find_issuing_key(&self, row: &Row, holds: impl Fn(u64) -> bool) -> Option<u64> {
        // Most rows are of sessions that no key began.
        if !self.by_somebody.contains_key(&row.key) {
            return None;
        }
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
        self.by_somebody.contains_key(&row.key) || self.by_nobody.contains_key(&row.key)
    }

    fn walk(&self, row: &Row, mut step: impl FnMut(&Issue)) {
        let mut key = row.key;
        for _ in 0..HOPS_MAX {
            let Some(issue) = self.by_somebody.get(&key) else { return };
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

    #[test]
    fn a_loop_ends_and_an_old_key_is_not_followed() {
        let mut lineage = Lineage::default();
        lineage.note(&row(1, 200, 300, 0));
        lineage.note(&row(2, 300, 200, 1));
        assert!(lineage.chain(&row(3, 300, 0, 2)).len() <= HOPS_MAX);
        assert_eq!(lineage.origin(&row(3, 300, 0, LIFE_SECONDS + 10)), 3);
    }
}
