//! How far a run has come, and whether it is to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// How far a scan has come; shared with whoever draws it.
#[derive(Default)]
pub struct Progress {
    /// Stored bytes of all inputs.
    pub bytes_total: AtomicU64,
    /// Stored bytes of the inputs read so far.
    pub bytes_done: AtomicU64,
    /// Inflated bytes so far.
    pub bytes_inflated: AtomicU64,
    /// Records so far.
    pub records: AtomicU64,
    /// 0 reading, 1 judging, 2 writing, or [`Progress::VERIFYING`].
    pub stage: AtomicUsize,
    /// Whether the run was asked to end with what it has: see [`Progress::stop`].
    pub interrupted: Arc<AtomicBool>,
    /// Whether that was asked while records were judged.
    pub(crate) cut: AtomicBool,
}

impl Progress {
    /// The stage of a run that verifies files; [`Progress::records`] then counts files.
    pub const VERIFYING: usize = 3;

    /// Asks the run to end with what it has. Reading ends, and what was read is judged; once records
    /// are judged, that ends with the one at hand. False when it was asked before.
    pub fn stop(&self) -> bool {
        if self.stage.load(Ordering::Relaxed) > 0 {
            self.cut.store(true, Ordering::Relaxed);
        }
        !self.interrupted.swap(true, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was read before Ctrl-C is judged; what was being judged is not judged to its end.
    #[test]
    fn a_run_is_told_to_end_where_it_is() {
        let reading = Progress::default();
        assert!(reading.stop() && !reading.stop());
        assert!(!reading.cut.load(Ordering::Relaxed));
        let judging = Progress::default();
        judging.stage.store(1, Ordering::Relaxed);
        assert!(judging.stop());
        assert!(judging.cut.load(Ordering::Relaxed) && judging.interrupted.load(Ordering::Relaxed));
    }
}
