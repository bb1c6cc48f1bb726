//! From records in the total order to timelines.

use trailwarden_account::Timelines;
use trailwarden_model::Timestamp;

use crate::baselines::Around;
use crate::scan::Progress;
use crate::scan::files::Table;
use crate::scan::once::{self, Leftover};
use crate::scan::runs::Merge;

/// Timelines with what was read.
pub(super) struct Filled {
    pub(super) timelines: Timelines,
    pub(super) around: Around,
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
) -> Filled {
    let (mut first_time, mut last_time) = (None, None);
    let left = once::each(merge, table, &progress.cut, |entry, event| {
        let row = &entry.row;
        first_time.get_or_insert(row.time());
        last_time = Some(row.time());
        around.note(row);
        if let Some(event) = event {
            timelines.push(&event, row.order, row.place);
        }
    });
    Filled { timelines, around, first_time, last_time, left }
}
