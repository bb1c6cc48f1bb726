//! A policy's text, shared by all that hold it.
//!
//! The model keeps texts and not parsed documents: most are never asked for, and whoever compiles
//! one keeps the result by its text.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use trailwarden_policy::{Document, document};

/// The JSON text of a policy document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyText(Arc<str>);

impl PolicyText {
    /// Of JSON text, as it is or percent-encoded as in IAM's replies.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        if text.starts_with('%') {
            return Self(percent_decode_str(text).decode_utf8_lossy().into());
        }
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document.
    pub fn parse(&self) -> Result<Document, document::Error> {
        Document::parse(&self.0)
    }

    /// The text without what carries no meaning: white space and the order of members.
    #[must_use]
    pub fn canonical(&self) -> String {
        match serde_json::from_str::<Value>(&self.0) {
            Ok(value) => sorted(value).to_string(),
            Err(_) => self.0.to_string(),
        }
    }
}

/// Members by name, whether or not the parser keeps their order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

impl fmt::Debug for PolicyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_text_is_the_same_text() {
        let text = PolicyText::new("%7B%22Version%22%3A%20%222012-10-17%22%7D");
        assert_eq!(text.as_str(), r#"{"Version": "2012-10-17"}"#);
        assert_eq!(text.canonical(), r#"{"Version":"2012-10-17"}"#);
        let other = PolicyText::new(r#"{"b": [{"d": 1, "c": 2}], "a": 3}"#);
        assert_eq!(other.canonical(), r#"{"a":3,"b":[{"c":2,"d":1}]}"#);
        assert_eq!(PolicyText::new("no json").canonical(), "no json");
    }
}
