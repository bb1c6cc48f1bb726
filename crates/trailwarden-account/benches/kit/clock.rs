//! The time that a thread was on a CPU, which other processes do not lengthen by taking their turn.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// A point in time.
pub(crate) struct Clock(Duration);

impl Clock {
    /// Now.
    pub(crate) fn start() -> Self {
        Self(on_cpu())
    }

    /// The time on a CPU since then.
    pub(crate) fn elapsed(&self) -> Duration {
        on_cpu().saturating_sub(self.0)
    }
}

fn on_cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}
