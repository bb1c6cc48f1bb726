//! What can go wrong below the records, carried through readers as the inside of an `io::Error`.

use std::cell::Cell;
use std::io;

use thiserror::Error;
use trailwarden_record::limits::{Limits, RATIO_FREE};

/// Trouble with what a stranger packed.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub(super) enum Trouble {
    /// Damage; when `resumable`, reading on continues behind it.
    #[error("{cause}")]
    Damage { cause: String, resumable: bool },
    /// More came out than the limits allow.
    #[error("{0}")]
    TooMuch(String),
}

impl Trouble {
    /// As an error that a reader may return.
    pub(super) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }

    /// Finds trouble again in what a reader returned.
    pub(super) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref())
    }
}

/// What an error means to whoever reads a report.
pub(super) fn cause(error: &io::Error) -> String {
    match Trouble::of(error) {
        Some(trouble) => trouble.to_string(),
        None => format!("cannot read on: {error}"),
    }
}

/// Counts bytes of one item, and stops what inflates without end.
pub(super) struct Budget {
    limits: Limits,
    pub(super) stored: Cell<u64>,
    inflated: Cell<u64>,
    /// Bytes of JSON that were walked.
    pub(super) walked: Cell<u64>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, stored: Cell::new(0), inflated: Cell::new(0), walked: Cell::new(0) }
    }

    /// Accounts for bytes that were inflated.
    pub(super) fn spend(&self, bytes: usize) -> io::Result<()> {
        let inflated = self.inflated.get().saturating_add(bytes as u64);
        self.inflated.set(inflated);
        let Limits { inflated_max, ratio_max, .. } = self.limits;
        let free = self.stored.get().saturating_mul(ratio_max).max(RATIO_FREE);
        if inflated > inflated_max {
            let cause = format!(
                "inflates to more than {inflated_max} bytes; split it, or raise `--inflated-max`"
            );
            return Err(Trouble::TooMuch(cause).into_io());
        }
        if inflated > free {
            let cause = format!(
                "inflates more than {ratio_max} times, as gzip bombs do and logs do not; inflate \
                 it yourself if you trust it"
            );
            return Err(Trouble::TooMuch(cause).into_io());
        }
        Ok(())
    }
}
