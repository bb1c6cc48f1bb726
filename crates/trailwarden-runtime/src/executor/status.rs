//! Where a run and its steps stand.

use serde::{Deserialize, Serialize};

/// Whether a plan is carried out or taken back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Carried out.
    Apply,
    /// Taken back.
    Undo,
}

/// Where a run stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// At work, or broken off without a word.
    Applying,
    /// It stopped before its end.
    Stopped,
    /// All steps are done.
    Applied,
    /// Being taken back, or broken off meanwhile.
    Undoing,
    /// Taking it back stopped before its end.
    UndoStopped,
    /// All that was done is taken back.
    Undone,
    /// Taken back but for steps that cannot be.
    PartlyUndone,
}

impl Status {
    /// The word for it in the list of runs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applying => "applying",
            Self::Stopped => "stopped",
            Self::Applied => "applied",
            Self::Undoing => "undoing",
            Self::UndoStopped => "undo-stopped",
            Self::Undone => "undone",
            Self::PartlyUndone => "partly-undone",
        }
    }
}

/// Where a step stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Not done.
    New,
    /// Its call was about to be made, and nobody knows whether AWS carried it out.
    Unknown,
    /// AWS carried it out, and it was not seen to hold yet.
    Made,
    /// Done, and seen.
    Done,
    /// Its undo was about to be made, and nobody knows whether AWS carried it out.
    UndoUnknown,
    /// Its undo was carried out, and was not seen to hold yet.
    UndoMade,
    /// Taken back, and seen.
    Undone,
    /// It cannot be taken back, and stays.
    Kept,
}

impl StepState {
    /// The word for it in the list of steps.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unknown => "unknown",
            Self::Made => "made",
            Self::Done => "done",
            Self::UndoUnknown => "undo-unknown",
            Self::UndoMade => "undo-made",
            Self::Undone => "undone",
            Self::Kept => "kept",
        }
    }
}

/// A step of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StepReport {
    /// Its number in the plan.
    pub id: String,
    /// What it is for.
    pub purpose: String,
    /// Where it stands.
    pub state: StepState,
    /// Why it stays, where it cannot be taken back and that was tried.
    pub reason: Option<String>,
}
