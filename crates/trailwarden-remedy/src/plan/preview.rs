//! What a reader should know before approving a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::Timestamp;

use super::{Foreseen, Plan};

/// What a reader should know before approving.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// What each group of steps is for.
    pub remedies: Vec<Summary>,
    /// The steps that cannot be taken back.
    pub irreversible: Vec<String>,
    /// When the plan is too old: it holds a time that sessions are compared with. Null when it
    /// ages only by its preconditions.
    pub apply_before: Option<Timestamp>,
    /// Who gains and loses what by it. Left out when it was not worked out, which is not the same as
    /// nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Foreseen>,
}

/// What some steps are for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The finding that they answer.
    pub finding: Option<String>,
    /// What was found, in a sentence, as strangers may have named it; left out where the plan is of no
    /// finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Other findings that they answer, each by what was found and its id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Id of the remediation.
    pub remedy: String,
    /// What it does, in a few words.
    pub title: String,
    /// What it does it to.
    pub subject: String,
    /// The steps.
    pub steps: Vec<String>,
    /// What it breaks, what it leaves, and what a person must do.
    pub notes: Vec<String>,
}

impl Plan {
    /// The same plan with what it does to access, which its digest covers too.
    #[must_use]
    pub fn foreseen(mut self, effect: Foreseen) -> Self {
        self.preview.effect = Some(effect);
        self.digest = self.computed_digest();
        self
    }
}
