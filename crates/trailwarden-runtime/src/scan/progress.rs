//! How far a run has come, and whether it is to end.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::sources::history::Course;

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
    /// 0 reading, 1 judging, 2 writing, [`Progress::VERIFYING`] or [`Progress::LISTING`].
    pub stage: AtomicUsize,
    /// Whether the run was asked to end with what it has: see [`Progress::stop`].
    pub interrupted: Arc<AtomicBool>,
    /// Whether that was asked while records were judged.
    pub(crate) cut: AtomicBool,
    /// What is fetched before anything is read, while it is.
    fetching: Mutex<Option<Arc<Course>>>,
    /// Whether that was told to end.
    is_fetch_cut: AtomicBool,
}

impl Progress {
    /// The stage of a run that verifies files; [`Progress::records`] then counts files.
    pub const VERIFYING: usize = 3;
    /// The stage at which places elsewhere are listed; [`Progress::records`] then counts objects.
    pub const LISTING: usize = 4;

    /// Asks the run to end with what it has. Fetching ends, and what was fetched is read; reading ends,
    /// and what was read is judged; once records are judged, that ends with the one at hand. False when
    /// the same was asked before.
    pub fn stop(&self) -> bool {
        if let Some(course) = self.fetching() {
            self.is_fetch_cut.store(true, Ordering::Relaxed);
            return !course.stop.swap(true, Ordering::Relaxed);
        }
        if self.stage.load(Ordering::Relaxed) > 0 {
            self.cut.store(true, Ordering::Relaxed);
        }
        !self.interrupted.swap(true, Ordering::Relaxed)
    }

    /// Whether the run was asked to end, at any time.
    pub fn was_stopped(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed) || self.is_fetch_cut.load(Ordering::Relaxed)
    }

    /// Notes what is fetched from now on; `None` when that is over.
    pub fn fetch(&self, course: Option<Arc<Course>>) {
        *self.fetching.lock().unwrap_or_else(PoisonError::into_inner) = course;
    }

    /// What is fetched at the moment.
    pub fn fetching(&self) -> Option<Arc<Course>> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was fetched before Ctrl-C is read, what was read is judged; what was being judged is not judged
    /// to its end.
    #[test]
    fn a_run_is_told_to_end_where_it_is() {
        let reading = Progress::default();
        assert!(reading.stop() && !reading.stop());
        assert!(!reading.cut.load(Ordering::Relaxed));
        let fetching = Progress::default();
        let course = Arc::new(Course::default());
        fetching.fetch(Some(Arc::clone(&course)));
        assert!(fetching.stop() && !fetching.stop());
        assert!(course.stop.load(Ordering::Relaxed) && fetching.was_stopped());
        fetching.fetch(None);
        assert!(!fetching.interrupted.load(Ordering::Relaxed), "what was fetched is read");
        assert!(fetching.stop() && fetching.interrupted.load(Ordering::Relaxed));
        let judging = Progress::default();
        judging.stage.store(1, Ordering::Relaxed);
        assert!(judging.stop());
        assert!(judging.cut.load(Ordering::Relaxed) && judging.interrupted.load(Ordering::Relaxed));
    }
}
