//! How many calls were made, by operation.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Calls of one operation.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Calls {
    /// Requests that went out, retries and pages included.
    pub sent: u64,
    /// Of these, those that repeated one that had failed.
    pub retried: u64,
    /// Of these, those that AWS refused because they came too fast.
    pub throttled: u64,
}

/// Counts what is sent. Clones count together.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<BTreeMap<&'static str, Calls>>>);

impl Ledger {
    pub(crate) fn note(&self, api: &'static str, edit: impl FnOnce(&mut Calls)) {
        // A count is whole at any time, whoever panicked beside it.
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        edit(calls.entry(api).or_default());
    }

    /// By operation, such as `iam:GetAccountSummary`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<&'static str, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All together.
    #[must_use]
    pub fn total(&self) -> Calls {
        self.calls().values().fold(Calls::default(), |sum, calls| Calls {
            sent: sum.sent + calls.sent,
            retried: sum.retried + calls.retried,
            throttled: sum.throttled + calls.throttled,
        })
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ledger").field(&self.total()).finish()
    }
}
