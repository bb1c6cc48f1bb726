//! Who approved which plan, and whose word its preview was.

use serde::{Deserialize, Serialize};

/// Somebody's consent to one plan, by its digest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Approval {
    /// The digest of the plan that was approved.
    pub digest: String,
    /// How it was given.
    pub how: How,
    /// Who gave it, as far as the caller knows: a name for the journal.
    pub by: String,
}

/// How a plan was approved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A person was shown the plan and agreed.
    Interactive,
    /// The digest was given beforehand, as in CI.
    Digest,
    /// Whatever digest was shown was agreed to.
    Yes,
}

/// To what a plan's preview was held before anything was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// To what.
    pub by: Sight,
    /// What is not known and the preview does not say, where that was accepted.
    pub unknown: Vec<String>,
}

/// What tells whether a plan's preview is true.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    /// The account, right before.
    Account,
    /// A baseline that was given.
    Baseline,
    /// Nothing: somebody said that the file is to be believed.
    Nothing,
}
