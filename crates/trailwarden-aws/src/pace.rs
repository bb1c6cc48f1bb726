//! How fast one may ask, and how long to wait after a refusal.
//!
//! The limits belong to an account, a region and an operation or service, and all programs that ask
//! there share them, so staying below them leaves room for the others: an account whose IAM is
//! throttled cannot deploy.
//!
//! Sources: CloudTrail User Guide, "Quotas in AWS CloudTrail" (two `LookupEvents` and ten of most reads a
//! second); AWS General Reference, "AWS IAM endpoints and quotas" (IAM names no number; fifteen is what
//! scanners can do for long without being refused).

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How much patience there is with a service that fails.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How often one request is sent at most.
    pub attempts: u32,
    /// The first wait after a refusal, in milliseconds; each further one is twice as long. 0: no waits.
    pub first_wait_ms: u64,
    /// How long one waits for a first byte, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempts: 6, first_wait_ms: 300, timeout_ms: 30_000 }
    }
}

/// No wait is longer.
const WAIT_MAX_MS: u64 = 20_000;

impl Patience {
    /// The wait before the next attempt, after so many: twice as long each time, of which a random half.
    pub(crate) fn wait(&self, attempts: u32, is_throttled: bool) -> Duration {
        let first = if is_throttled { self.first_wait_ms * 3 } else { self.first_wait_ms };
        let doubled = first.saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let most = doubled.min(WAIT_MAX_MS);
        // Those who were refused together should not come back together.
        let jitter = std::hash::RandomState::new().build_hasher().finish() % (most / 2 + 1);
        Duration::from_millis(most - most / 2 + jitter)
    }
}

/// When the next request may go out, by service, account and region.
#[derive(Default)]
pub(crate) struct Pace(Mutex<BTreeMap<String, Instant>>);

impl Pace {
    /// Takes a place in the queue of `key`, at so many a second, and says how long to wait for it.
    pub(crate) fn turn(&self, key: String, per_second: u32) -> Duration {
        let now = Instant::now();
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = queues.entry(key).or_insert(now);
        let mine = (*next).max(now);
        // A twentieth more: requests that left in time may arrive closer together, and a refusal costs more.
        *next = mine + Duration::from_millis(1_050) / per_second.max(1);
        mine - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_never_fall_below_half() {
        let patience = Patience { first_wait_ms: 100, ..Patience::default() };
        for (attempts, most) in [(1, 100), (2, 200), (3, 400), (30, WAIT_MAX_MS)] {
            let wait = patience.wait(attempts, false).as_millis();
            assert!(wait >= u128::from(most / 2) && wait <= u128::from(most), "{attempts}: {wait}");
        }
        assert!(patience.wait(1, true).as_millis() >= 150);
        let none = Patience { first_wait_ms: 0, ..Patience::default() };
        assert_eq!(none.wait(5, true), Duration::ZERO);
    }

    #[test]
    fn turns_of_one_queue_follow_each_other_and_others_do_not_wait() {
        let pace = Pace::default();
        assert_eq!(pace.turn("iam".into(), 2), Duration::ZERO);
        let second = pace.turn("iam".into(), 2);
        assert!(second > Duration::from_millis(300) && second <= Duration::from_millis(525));
        assert!(pace.turn("iam".into(), 2) > second);
        assert_eq!(pace.turn("sts".into(), 2), Duration::ZERO);
    }
}
