//! The answer to a case, as it is written.

use serde::Serialize;

use super::Error;
use crate::document::Effect;
use crate::evaluate::{Deciding, Decision};

/// The answer to a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The id of the case, if it could be read.
    pub id: Option<serde_json::Value>,
    /// `allow`, `explicit_deny`, `implicit_deny`, `unknown` or `error`.
    pub decision: &'static str,
    /// The layers that say no, or lack the yes that is needed.
    pub blocked_by: Vec<&'static str>,
    /// The statements that decided.
    pub statements: Vec<Decisive>,
    /// The keys that would decide.
    pub missing_context: Vec<String>,
    /// What is wrong with the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A statement that decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decisive {
    /// Where it stands.
    pub layer: &'static str,
    /// Its document, named by its place in the case.
    pub policy: String,
    /// Its position, from zero.
    pub statement: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
}

impl Answer {
    pub(super) fn decided(id: Option<serde_json::Value>, decision: Decision) -> Self {
        Self {
            id,
            decision: decision.outcome.name(),
            blocked_by: decision.blocked_by.iter().map(|layer| layer.name()).collect(),
            statements: decision.statements.into_iter().map(Decisive::from).collect(),
            missing_context: decision.missing_context,
            message: None,
        }
    }

    pub(super) fn error(id: Option<serde_json::Value>, error: &Error) -> Self {
        Self {
            id,
            decision: "error",
            blocked_by: Vec::new(),
            statements: Vec::new(),
            missing_context: Vec::new(),
            message: Some(error.to_string()),
        }
    }
}

impl From<Deciding> for Decisive {
    fn from(deciding: Deciding) -> Self {
        Self {
            layer: deciding.layer.name(),
            policy: deciding.policy,
            statement: deciding.statement,
            sid: deciding.sid,
            effect: match deciding.effect {
                Effect::Allow => "Allow",
                Effect::Deny => "Deny",
            },
        }
    }
}
