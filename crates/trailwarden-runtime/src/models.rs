//! Logs and baselines read into the timelines of their accounts: what questions about permissions
//! are asked of.
//!
//! The first stage is that of a scan without detections ([`crate::scan`]): inputs are read in
//! parallel, and only records that a model folds are kept and decoded. They come out in the one total
//! order, each once, whatever the order of the inputs.

#[cfg(test)]
mod tests;
mod walk;

use std::ops::RangeInclusive;
use std::path::PathBuf;

use trailwarden_account::session::Session;
use trailwarden_account::timeline;
use trailwarden_account::{Baseline, Models, Timelines};
use trailwarden_model::{Reject, Summary, Timestamp};
use trailwarden_record::limits::Limits;

use crate::scan::{self, Progress, ScanError};
use crate::sources::Input;
pub(crate) use walk::{Walked, walk};

/// What to read.
pub struct Options {
    /// The logs.
    pub input: Input,
    /// What AWS said about accounts at some time.
    pub baselines: Vec<Baseline>,
    /// The ARN, id or temporary key of sessions that are asked about.
    pub session: Option<String>,
    /// Hand over the events of all records of these times.
    pub whole: Option<RangeInclusive<Timestamp>>,
    /// Only records up to this.
    pub until: Option<Timestamp>,
    /// Limits on what a stranger sends.
    pub limits: Limits,
    /// How many bytes rows and kept records may take before they spill to disk.
    pub memory_max: usize,
    /// Where to spill; the system's folder when `None`.
    pub spill_dir: Option<PathBuf>,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
}

impl Options {
    /// These logs and baselines, with the usual limits.
    pub fn new(input: Input, baselines: Vec<Baseline>) -> Self {
        Self {
            input,
            baselines,
            session: None,
            whole: None,
            until: None,
            limits: Limits::default(),
            memory_max: scan::MEMORY_MAX,
            spill_dir: None,
            threads: 0,
        }
    }
}

/// Accounts over time.
pub struct Told {
    /// The accounts.
    pub timelines: Timelines,
    /// How the sessions began that are asked about, in the total order.
    pub sessions: Vec<Session>,
    /// The files, by the number that a record's place has.
    pub files: Vec<String>,
    /// What could not be read, in the order of the input; at most [`trailwarden_model::report::REJECTS_MAX`].
    pub rejects: Vec<Reject>,
    /// Counts. `rejects` counts those that are not listed, too.
    pub summary: Summary,
}

impl Told {
    /// The models after all that was read.
    pub fn end(&mut self) -> Models {
        self.at(Timestamp::from_seconds(LAST_SECOND))
    }

    /// The models at the end of a second.
    pub fn at(&mut self, time: Timestamp) -> Models {
        self.timelines.at(time)
    }
}

/// The end of the year 9999, behind every record.
const LAST_SECOND: i64 = 253_402_300_799;

/// So many sessions of one name are looked at.
const SESSIONS_MAX: usize = 100_000;

/// Reads.
pub fn read(options: Options, progress: &Progress) -> Result<Told, ScanError> {
    let mut timelines = Timelines::new(&options.baselines, timeline::Limits::default());
    let mut sessions = Vec::new();
    let session = options.session.clone();
    let walked = walk(options, &[], progress, |entry, event| {
        let (Some(event), row) = (event, &entry.row) else { return };
        timelines.push(&event, row.order, row.place);
        let asked = session.as_deref();
        let asked = asked.filter(|_| event.service() == "sts" && sessions.len() < SESSIONS_MAX);
        let begun = asked.and_then(|asked| {
            Session::of(&event, row.order, row.place).filter(|begun| begun.is(asked))
        });
        sessions.extend(begun);
    })?;
    let Walked { files, rejects, summary, .. } = walked;
    Ok(Told { timelines, sessions, files, rejects, summary })
}
