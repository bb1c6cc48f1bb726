//! What became of a call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an API call ended.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The record carries no error.
    Succeeded,
    /// Authorization was refused; the target is often known only from the error message.
    Denied,
    /// Any other error: no such entity, throttled, malformed.
    Failed,
}

impl Outcome {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}
