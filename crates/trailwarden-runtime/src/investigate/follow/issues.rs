//! Which call gave out which temporary key: to say where sessions came from.

use foldhash::HashMap;
use trailwarden_model::Timestamp;
use trailwarden_model::time::HOUR;
use trailwarden_record::Row;
use trailwarden_record::row::{Flags, Place};

/// How many issued keys are remembered.
const ISSUES_MAX: usize = 300_000;
/// Longest life of a temporary key: 36 hours. Source: AWS STS API Reference, `GetSessionToken`.
const LIFE_SECONDS: i64 = 36 * HOUR;

/// A call that gave out a key.
#[derive(Clone, Copy)]
pub(super) struct Issue {
    pub(super) time: Timestamp,
    pub(super) actor: u64,
    /// Whether a service asked for it.
    pub(super) for_service: bool,
    pub(super) place: Place,
}

/// The keys that may be alive.
#[derive(Default)]
pub(super) struct Issues {
    by_key: HashMap<u64, Issue>,
    swept: Timestamp,
}

impl Issues {
    /// Remembers the key that a call gave out, if it did.
    pub(super) fn note(&mut self, row: &Row) {
        if row.issued == 0 || row.issued == row.key || row.flags.has(Flags::DENIED) {
            return;
        }
        let for_service = row.flags.has(Flags::INVOKED_BY_SERVICE);
        let issue = Issue { time: row.time(), actor: row.actor, for_service, place: row.place };
        self.by_key.insert(row.issued, issue);
        if self.by_key.len() > ISSUES_MAX || row.time().since(self.swept) > LIFE_SECONDS {
            self.sweep(row.time());
        }
    }

    /// Forgets keys that have expired; when too many are alive, the older ones too.
    fn sweep(&mut self, now: Timestamp) {
        self.swept = now;
        let mut life = LIFE_SECONDS;
        loop {
            self.by_key.retain(|_, issue| now.since(issue.time) <= life);
            if self.by_key.len() <= ISSUES_MAX / 2 || life == 0 {
                return;
            }
            life /= 2;
        }
    }

    /// The call that gave out a key.
    pub(super) fn get(&self, key: u64) -> Option<Issue> {
        self.by_key.get(&key).copied()
    }
}
