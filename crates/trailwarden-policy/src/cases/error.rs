//! What can be wrong with a case.

use crate::document;
use crate::evaluate::NotACaller;

/// A case that cannot be decided.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not JSON, a key that is not known, or one that is missing.
    #[error("the case cannot be read: {0}")]
    Json(#[source] serde_json::Error),
    /// No principal that calls.
    #[error(transparent)]
    Caller(#[from] NotACaller),
    /// Not `service:Name`.
    #[error("`{0}` is not an action; write it as `service:Name`")]
    Action(String),
    /// No resource.
    #[error("the resource is empty; give an ARN, or `*` for a call that names none")]
    Resource,
    /// Not twelve digits.
    #[error("`{0}` is not an account; `resourceAccount` takes a 12-digit account id")]
    Account(String),
    /// The same key twice, in different case.
    #[error("the context holds `{0}` twice; keys do not care about case")]
    Twice(String),
    /// A document that is no policy.
    #[error("{place}: {source}")]
    Document {
        /// Which one.
        place: String,
        /// Why.
        #[source]
        source: document::Error,
    },
    /// A document with a statement that cannot be read.
    #[error("{place}: {fault}")]
    Statement {
        /// Which document, and which statement.
        place: String,
        /// Why.
        fault: String,
    },
}
