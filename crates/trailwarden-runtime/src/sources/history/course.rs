//! How far fetching has come; shared with whoever draws it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far fetching has come.
#[derive(Default, Debug)]
pub struct Course {
    /// One for each region.
    pub lanes: Vec<Lane>,
    /// Pages that were asked for.
    pub pages: AtomicU64,
    /// Whether it is to end with what it has.
    pub stop: AtomicBool,
}

/// How far one region has come.
#[derive(Default, Debug)]
pub struct Lane {
    /// The region.
    pub region: String,
    /// Seconds of the time that is wanted.
    pub seconds: u64,
    /// Seconds of it that need not be asked for any more: given, held before, or given up.
    pub done: AtomicU64,
    /// Events that were given.
    pub events: AtomicU64,
}

impl Course {
    /// The course of some regions.
    #[must_use]
    pub fn of(regions: &[String], seconds: u64) -> Self {
        let lane = |region: &String| Lane { region: region.clone(), seconds, ..Lane::default() };
        Self { lanes: regions.iter().map(lane).collect(), ..Self::default() }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(super) fn paged(&self) {
        self.pages.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn moved(&self, lane: usize, seconds: u64, events: u64) {
        if let Some(lane) = self.lanes.get(lane) {
            lane.done.fetch_add(seconds, Ordering::Relaxed);
            lane.events.fetch_add(events, Ordering::Relaxed);
        }
    }
}
