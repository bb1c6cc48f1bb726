//! State machines over rows: the declared windows, and detections that bring their own.

use trailwarden_model::Timestamp;
use trailwarden_record::Row;

use crate::context::Cx;
use crate::matches::{Match, Story};

/// A state machine fed with the selected records in the total order.
///
/// # Contract
/// - State is bounded; when something must be forgotten, [`Watch::is_truncated`] says so.
/// - Only what was pushed decides: a replay gives the same fires.
pub trait Watch: Send {
    /// Takes one record; what it completes.
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>);

    /// Event time has passed this: what that completes (absences).
    fn advance(&mut self, _now: Timestamp, _fires: &mut Vec<Fire>) {}

    /// Puts a fire in words, from the records themselves. `None` drops it.
    fn tell(&self, story: &Story<'_>) -> Option<Match>;

    /// Whether something had to be forgotten for lack of room.
    fn is_truncated(&self) -> bool {
        false
    }

    /// Whether it asks the configuration how many values make a finding.
    fn has_threshold(&self) -> bool {
        false
    }

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Watch>;
}

/// A completed pattern: fires with the same group are one finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fire {
    /// What the pattern is about.
    pub group: u64,
    /// The records behind it.
    pub rows: Vec<Row>,
    /// How many distinct values were counted.
    pub distinct: usize,
}
