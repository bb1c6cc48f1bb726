//! Gaps: what the model has missed, betrayed by records that cannot follow from what it has seen.
//!
//! AWS refuses to delete what is still in use, or to make what is there. A record that did so all
//! the same shows that others are missing: a trail that was off, a file that was lost or removed.

use std::sync::Arc;

use crate::fact::Proof;

/// Something that happened unseen before a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// What kind of contradiction.
    pub kind: GapKind,
    /// What it is about, such as `user/bob`.
    pub subject: Arc<str>,
    /// What was missed, such as the ARN of a policy that must have been detached.
    pub detail: Arc<str>,
    /// The record that shows it.
    pub proof: Proof,
}

/// The kinds of contradiction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum GapKind {
    /// Deleted although something was still attached or inside: it was taken off unseen. Source: IAM
    /// API Reference, `DeletePolicy`, `DeleteUser`, `DeleteGroup`, `DeleteRole` (`DeleteConflict`).
    DeletedInUse,
    /// Made although it was there: it was deleted unseen (`EntityAlreadyExists`).
    MadeTwice,
    /// Taken off, altered or deleted although it was not there: it was made unseen (`NoSuchEntity`).
    MadeUnseen,
    /// Under this name, another id: it was deleted and made again unseen.
    Replaced,
    /// Under this id, another name: it was renamed unseen.
    Renamed,
}

impl GapKind {
    /// What was missed, in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeletedInUse => "taken off or deleted unseen",
            Self::MadeTwice => "deleted unseen",
            Self::MadeUnseen => "made unseen",
            Self::Replaced => "deleted and made again unseen",
            Self::Renamed => "renamed unseen",
        }
    }
}
