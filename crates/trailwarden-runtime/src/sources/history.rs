//! CloudTrail's event history as files: asked for in windows of time, newest first, several at once.
//!
//! AWS gives the events of a region newest first, fifty a page, two pages a second, and no page can be
//! jumped to. So a window that goes on for long is cut where it is: what it gave is one file, and the
//! rest of its time is halved, so that several windows of a busy region are asked for at once and what
//! was got stays got. A file of the cache speaks for its span of time; a later run asks for what is left.
//!
//! # Invariants
//! - A span is held only when all of its events were given: neither the latest hour nor a cut that AWS's
//!   order does not prove ends up in the cache as held.
//! - What was not given is a reject that names region, time and cause. What was given is read.
//! - Memory is that of a page for each window that is asked for.
//!
//! Source: AWS CloudTrail API Reference, "LookupEvents".

mod course;
mod estimate;
mod fetch;
mod held;
mod lost;
mod queue;
mod span;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use trailwarden_aws::lookup::{Failure, Filter, Page, Question};
use trailwarden_aws::{Connection, lookup};
use trailwarden_model::{AccountId, Timestamp};

pub use course::{Course, Lane};
pub use estimate::{Estimate, Share, estimate};
pub use fetch::{Fetched, fetch};
pub use span::Span;

/// How late events may appear in the history, in seconds.
///
/// CloudTrail User Guide, "How CloudTrail works": about five minutes on average, without a promise. Older
/// pages of the guide said fifteen; an hour costs a few pages more.
pub const SETTLING: i64 = trailwarden_model::time::HOUR;

/// What is wanted of the history.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whose history it is.
    pub account: AccountId,
    /// The regions, each once.
    pub regions: Vec<String>,
    /// From when until when.
    pub span: Span,
    /// The last second of which no more events are expected.
    pub settled: Timestamp,
    /// Only those events.
    pub filter: Option<Filter>,
    /// Where what was given is kept for later runs.
    pub cache: Option<PathBuf>,
    /// Where it is kept for this run.
    pub spill_folder: PathBuf,
}

/// Who gives pages of the history.
pub trait Ask: Sync {
    /// A page: the first, or the one behind `token`.
    ///
    /// # Errors
    /// Why there is none.
    fn page(
        &self,
        question: &Question,
        token: Option<&str>,
        stop: &AtomicBool,
    ) -> Result<Page, Failure>;
}

impl Ask for Connection {
    fn page(
        &self,
        question: &Question,
        token: Option<&str>,
        stop: &AtomicBool,
    ) -> Result<Page, Failure> {
        self.lookup(question, token, stop)
    }
}

/// What could not be kept ends the run.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to `{folder}`; free some space, or name another folder")]
pub struct HistoryError {
    /// Where.
    pub folder: PathBuf,
    /// Why.
    #[source]
    pub cause: std::io::Error,
}

impl Wanted {
    /// The part of a span that will not change any more.
    fn settled_part(&self) -> Option<Span> {
        Span::new(self.span.first, self.span.last.min(self.settled))
    }

    /// The part in which events may still appear.
    fn unsettled_part(&self) -> Option<Span> {
        Span::new(self.span.first.max(self.settled.plus(1)), self.span.last)
    }

    fn question(&self, region: &str, span: Span) -> Question {
        Question {
            region: region.to_owned(),
            first: span.first,
            // Records have whole seconds. Were AWS to compare finer times, a second more loses nothing:
            // what comes twice counts once.
            last: span.last.plus(1),
            filter: self.filter.clone(),
        }
    }
}

/// Pages a second, for each region.
const PAGES_PER_SECOND: u64 = lookup::PAGES_PER_SECOND;
