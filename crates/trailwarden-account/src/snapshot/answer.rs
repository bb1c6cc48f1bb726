//! One question and its answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trailwarden_model::Timestamp;

use super::secrets;

/// One question and its answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The service's prefix in policies, and the operation: `iam:GetAccountSummary`.
    pub api: String,
    /// The region that was asked; none for services without regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What it was asked about, by the operation's own parameters: `Name`, `UserName`, `Bucket`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub about: BTreeMap<String, String>,
    /// When it was asked.
    pub time: Timestamp,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// AWS answered, and this is all of it.
    Got {
        /// As the AWS CLI prints it, all pages in one.
        body: Value,
    },
    /// Not asked, since another answer says already what this one would be: with no identity
    /// providers in the account summary, their lists are empty. As certain as that answer.
    Implied {
        /// As AWS would have answered.
        body: Value,
        /// The question whose answer says so.
        by: String,
    },
    /// AWS answered that there is no such thing: no password policy, no policy of that bucket. This
    /// is as certain as `Got`.
    Absent {
        /// The error code with which AWS says so.
        message: String,
    },
    /// Some pages came, and then no more. What is inside is so; what is not inside is unknown.
    Partial {
        /// The pages that came, in one.
        body: Value,
        /// Why no more came.
        message: String,
    },
    /// The caller lacks the permission.
    Denied {
        /// What AWS said.
        message: String,
    },
    /// Asked too often; all retries were refused.
    Throttled {
        /// What AWS said.
        message: String,
    },
    /// AWS, or what stands in its place, does not know this question, or not in this region.
    Unsupported {
        /// What it said.
        message: String,
    },
    /// Anything else: no connection, an error of the server, an answer that cannot be read.
    Failed {
        /// What happened.
        message: String,
    },
}

impl Answer {
    /// What AWS answered, when that is all of it.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        match &self.outcome {
            Outcome::Got { body } | Outcome::Implied { body, .. } => Some(body),
            _ => None,
        }
    }

    /// What AWS answered, though pages may be missing: nobody may conclude from what it lacks.
    #[must_use]
    pub fn body_so_far(&self) -> Option<&Value> {
        match &self.outcome {
            Outcome::Partial { body, .. } => Some(body),
            _ => self.body(),
        }
    }

    /// Whether AWS said that there is no such thing.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self.outcome, Outcome::Absent { .. })
    }

    /// Whether AWS answered, to the end.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.why_not().is_none()
    }

    /// Why there is no answer, or no whole one, as the end of a sentence; `None` when there is one.
    #[must_use]
    pub fn why_not(&self) -> Option<String> {
        let (what, message) = match &self.outcome {
            Outcome::Got { .. } | Outcome::Implied { .. } | Outcome::Absent { .. } => return None,
            Outcome::Partial { message, .. } => ("ended before its last page", message),
            Outcome::Denied { message } => ("was denied", message),
            Outcome::Throttled { message } => ("was throttled", message),
            Outcome::Unsupported { message } => ("is not supported there", message),
            Outcome::Failed { message } => ("failed", message),
        };
        Some(match message.is_empty() {
            true => format!("`{}` {what}", self.api),
            false => format!("`{}` {what}: {message}", self.api),
        })
    }

    /// Whether it was asked about this.
    #[must_use]
    pub fn is_about(&self, parameter: &str, value: &str) -> bool {
        self.about.get(parameter).is_some_and(|about| about == value)
    }

    pub(super) fn drop_secrets(&mut self) {
        if let Outcome::Got { body } | Outcome::Partial { body, .. } = &mut self.outcome {
            secrets::drop(body);
        }
    }
}
