//! From records in the total order to timelines.

use trailwarden_account::Timelines;
use trailwarden_account::session::Session;
use trailwarden_model::Timestamp;

use crate::baselines::Around;
use crate::scan::Progress;
use crate::scan::files::Table;
use crate::scan::once::{self, Leftover};
use crate::scan::runs::Merge;

/// So many sessions of one name are looked at.
const SESSIONS_MAX: usize = 100_000;

/// Timelines with what was read.
pub(super) struct Filled {
    pub(super) timelines: Timelines,
    pub(super) around: Around,
    /// How the sessions began that are asked about.
    pub(super) sessions: Vec<Session>,
    pub(super) first_time: Option<Timestamp>,
    pub(super) last_time: Option<Timestamp>,
    pub(super) left: Leftover,
}

/// Takes in everything.
pub(super) fn fill(
    mut timelines: Timelines,
    mut around: Around,
    table: &Table,
    merge: &mut Merge,
    progress: &Progress,
    session: Option<&str>,
) -> Filled {
    let mut sessions = Vec::new();
    let (mut first_time, mut last_time) = (None, None);
    let left = once::each(merge, table, &progress.cut, |entry, event| {
        let row = &entry.row;
        first_time.get_or_insert(row.time());
        last_time = Some(row.time());
        around.note(row);
        if let Some(event) = event {
            timelines.push(&event, row.order, row.place);
            let asked =
                session.filter(|_| event.service() == "sts" && sessions.len() < SESSIONS_MAX);
            let begun = asked.and_then(|asked| {
                Session::of(&event, row.order, row.place).filter(|begun| begun.is(asked))
            });
            sessions.extend(begun);
        }
    });
    Filled { timelines, around, sessions, first_time, last_time, left }
}
