//! A posture row: a finding with the check's verdict on one resource, and the controls it answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Finding;

/// What a check says of a resource.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The flaw is there.
    Fail,
    /// It cannot be told: an answer was denied, or nobody asked.
    Unknown,
    /// Only a person can tell.
    Manual,
    /// The flaw is not there.
    Pass,
    /// The question does not arise.
    NotApplicable,
}

impl Verdict {
    /// Every verdict, the one that needs most attention first.
    pub const ALL: [Self; 5] =
        [Self::Fail, Self::Unknown, Self::Manual, Self::Pass, Self::NotApplicable];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Manual => "manual",
            Self::Pass => "pass",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// A control of a framework, or a check of another tool.
#[derive(
    Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
pub struct Reference {
    /// The framework, such as `CIS AWS Foundations`.
    pub name: String,
    /// Its version: numbers of controls change from one to the next.
    pub version: String,
    /// The control, such as `1.4`.
    pub control: String,
}

/// One row of an assessment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PostureRow {
    /// The row as a finding, of the kind `posture`. Only a row whose verdict is `fail` is one that
    /// somebody should act on.
    #[serde(flatten)]
    pub finding: Finding,
    /// The check's id; the finding's `rule` is the same.
    pub check: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The resource, as people call it.
    pub resource: String,
    /// Why, in a sentence that names the resource.
    pub sentence: String,
    /// The controls that the check answers.
    pub frameworks: Vec<Reference>,
    /// What to do.
    pub fix: String,
    /// Why the row is accepted as it is, when an exception says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// Against an earlier assessment: `new`, `open` (still) or `fixed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

/// What became of a row since an earlier assessment.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// It fails now and did not then.
    New,
    /// It failed then and fails now.
    Open,
    /// It failed then, and is there no more or passes now.
    Fixed,
}

impl History {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Fixed => "fixed",
        }
    }
}
