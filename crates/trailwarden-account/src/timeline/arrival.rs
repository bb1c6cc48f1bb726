//! How much a timeline keeps, and where an event came in.

/// How much a timeline keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Events.
    pub entries_max: usize,
    /// Bytes of events, roughly.
    pub bytes_max: usize,
    /// Events between two checkpoints; at least one.
    pub checkpoint_every: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries_max: 1_000_000, bytes_max: 1 << 30, checkpoint_every: 256 }
    }
}

/// Where an event came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// After all others.
    Last,
    /// Before others, which are to be judged again: see [`super::Timeline::changes_from`].
    Late,
    /// It was there already.
    Duplicate,
    /// It belongs before the floor, and is lost.
    TooLate,
    /// It belongs to another account.
    Foreign,
}
