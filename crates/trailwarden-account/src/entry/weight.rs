//! How much memory an entry takes.
//!
//! A call has a hundred shapes, and a new field must not be forgotten. So what counts is the call's
//! own debug text, which names every field; it is counted and never made.

use std::fmt::{self, Write as _};

use super::Entry;

/// What an entry takes beside its texts: counters of shared parts and its share of the maps.
const OVERHEAD: usize = 256;

pub(super) fn of(entry: &Entry) -> usize {
    let mut count = Count(size_of::<Entry>() + OVERHEAD);
    // Counting cannot fail.
    let _ = write!(count, "{:?}{:?}{:?}", entry.call, entry.caller, entry.proof);
    count.0
}

/// Counts what is written.
struct Count(usize);

impl fmt::Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.len());
        Ok(())
    }
}
