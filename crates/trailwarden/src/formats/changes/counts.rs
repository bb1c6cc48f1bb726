//! How many changes there are of each group.

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_model::Outcome;

use super::{Change, Moved};

/// What a change counts as: what became of it when it did not succeed, else what moved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::formats) enum Group {
    Widened,
    Narrowed,
    Latent,
    Quiet,
    Unknown,
    Denied,
    Failed,
}

impl Group {
    pub(in crate::formats) const ALL: [Self; 7] = [
        Self::Widened,
        Self::Narrowed,
        Self::Latent,
        Self::Quiet,
        Self::Unknown,
        Self::Denied,
        Self::Failed,
    ];

    pub(in crate::formats) fn of(change: &Change) -> Self {
        match (change.outcome, change.moved) {
            (Outcome::Denied, _) => Self::Denied,
            (Outcome::Failed, _) => Self::Failed,
            (Outcome::Succeeded, Moved::Gained | Moved::Both) => Self::Widened,
            (Outcome::Succeeded, Moved::Lost) => Self::Narrowed,
            (Outcome::Succeeded, Moved::Latent) => Self::Latent,
            (Outcome::Succeeded, Moved::Nothing) => Self::Quiet,
            (Outcome::Succeeded, Moved::Unknown) => Self::Unknown,
        }
    }

    /// The word used in every output.
    pub(in crate::formats) fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Latent => "latent",
            Self::Quiet => "quiet",
            Self::Unknown => "unknown",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }

    /// The word, explained.
    pub(in crate::formats) fn meaning(self) -> &'static str {
        match self {
            Self::Widened => "somebody may do more",
            Self::Narrowed => "somebody may do less, and nobody more",
            Self::Latent => "granted, but capped or held by nobody yet",
            Self::Quiet => "nobody may do more or less than before",
            Self::Unknown => "the logs do not tell what moved; a --baseline may",
            Self::Denied => "refused for want of permission, so nothing changed",
            Self::Failed => "not done for another reason, so nothing changed",
        }
    }
}

/// How many changes there are of each group; each is counted once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Counts {
    /// All of them.
    pub(crate) changes: u64,
    /// Somebody may do more, whether or not something else was lost.
    pub(crate) widened: u64,
    /// Somebody may do less, and nobody more.
    pub(crate) narrowed: u64,
    /// Something was granted that nobody can use yet.
    pub(crate) latent: u64,
    /// No permission moved.
    pub(crate) quiet: u64,
    /// What is known does not tell what moved.
    pub(crate) unknown: u64,
    /// Refused for want of permission.
    pub(crate) denied: u64,
    /// Not done for another reason.
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) fn of(changes: &[Change]) -> Self {
        let mut counts = Self { changes: changes.len() as u64, ..Self::default() };
        for change in changes {
            *counts.of_group(Group::of(change)) += 1;
        }
        counts
    }

    /// The count of a group.
    pub(super) fn of_group(&mut self, group: Group) -> &mut u64 {
        match group {
            Group::Widened => &mut self.widened,
            Group::Narrowed => &mut self.narrowed,
            Group::Latent => &mut self.latent,
            Group::Quiet => &mut self.quiet,
            Group::Unknown => &mut self.unknown,
            Group::Denied => &mut self.denied,
            Group::Failed => &mut self.failed,
        }
    }
}
