//! The time that a thread was on a CPU, which other processes do not lengthen by taking their turn.
//! Linux counts it in steps of some milliseconds, so only what is longer, or a sum, can be told.

use std::time::{Duration, Instant};

/// A point in time.
pub(crate) struct Clock {
    on_cpu: Option<u64>,
    wall: Instant,
}

impl Clock {
    /// Now.
    pub(crate) fn start() -> Self {
        Self { on_cpu: on_cpu(), wall: Instant::now() }
    }

    /// The time on a CPU since then; where the system does not tell, the time that passed.
    pub(crate) fn elapsed(&self) -> Duration {
        match (self.on_cpu, on_cpu()) {
            (Some(start), Some(end)) => Duration::from_nanos(end.saturating_sub(start)),
            _ => self.wall.elapsed(),
        }
    }
}

/// Nanoseconds on a CPU so far, as Linux counts them for each thread.
fn on_cpu() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}
