//! What the policies say of one change.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::finding::Verdict;

use crate::policies::PolicyEffect;

/// The answer of all policies to one change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Permitted, forbidden, or unknown.
    pub verdict: Verdict,
    /// Ids of the policies that decided, sorted; none when the verdict is unknown.
    pub by: Vec<String>,
    /// Policies that could not be evaluated.
    pub errors: Vec<Failure>,
    /// Policies that might have spoken otherwise, were more known: forbids that may match, and permits
    /// that match only as long as nothing more is known. None when the verdict hangs on none.
    pub doubts: Vec<Doubt>,
    /// Policies whose scope fits but whose conditions do not. Only [`crate::Policies::explain`]
    /// fills it.
    pub near: Vec<Near>,
}

/// A policy that could not be evaluated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// Its id; empty when the fault lies in the change asked about and not in one policy.
    pub policy: String,
    /// What went wrong.
    pub message: String,
}

/// A policy of which it cannot be told whether it matches.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Doubt {
    /// Its id.
    pub policy: String,
    /// What it does when it matches.
    pub effect: PolicyEffect,
    /// The facts that it asks for and that are not known, as policies write them: `resource.tags`.
    pub unknown: Vec<String>,
}

impl fmt::Display for Doubt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let may = match self.effect {
            PolicyEffect::Permit => "may not match",
            PolicyEffect::Forbid => "may match",
        };
        let facts: Vec<String> = self.unknown.iter().map(|fact| format!("`{fact}`")).collect();
        let are = if facts.len() == 1 { "is" } else { "are" };
        let (policy, effect) = (&self.policy, self.effect.as_str());
        write!(out, "{effect} `{policy}` {may}: {} {are} not known", facts.join(", "))
    }
}

/// A policy that nearly spoke: its scope fits, its conditions do not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Near {
    /// Its id.
    pub policy: String,
    /// What it would have done.
    pub effect: PolicyEffect,
    /// The parts of its conditions that are not true, in the order of the policy; none where it matches
    /// and a `forbid` wins.
    pub parts: Vec<Part>,
}

/// One part of a policy's conditions. All parts must be true for the policy to speak.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// What became of it.
    pub outcome: PartOutcome,
}

/// What became of one part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartOutcome {
    /// It is false.
    False,
    /// It could not be evaluated, and why.
    Error(String),
}
