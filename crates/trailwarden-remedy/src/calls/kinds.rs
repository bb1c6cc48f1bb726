//! What parameters of calls take.

use serde_json::Value;

use crate::documents;
use crate::plan::{Argument, Made};

/// What a parameter takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// A policy document, as text.
    Document,
    /// A password: never in a plan.
    Secret,
    /// JSON: selectors and configurations.
    Structure,
    /// A list of one tag: its `Key` and its `Value`.
    Tag,
    /// A list of the key of one tag.
    Key,
}

impl Kind {
    /// Whether a parameter of this kind takes the argument.
    #[must_use]
    pub fn takes(self, argument: &Argument) -> bool {
        match (self, argument) {
            (Self::Secret, Argument::Made { made: Made::Password })
            | (Self::Text, Argument::Result { .. }) => true,
            (Self::Text, Argument::Plain(value)) => value.is_string(),
            (Self::Document, Argument::Plain(value)) => {
                value.as_str().is_some_and(|text| documents::parse(text).is_some())
            }
            (Self::Number, Argument::Plain(value)) => value.is_u64(),
            (Self::Flag, Argument::Plain(value)) => value.is_boolean(),
            (Self::Structure, Argument::Plain(value)) => value.is_array() || value.is_object(),
            (Self::Tag | Self::Key, Argument::Plain(Value::Array(items))) => match items.as_slice()
            {
                [Value::Object(tag)] => {
                    self == Self::Tag
                        && tag.len() == 2
                        && ["Key", "Value"]
                            .iter()
                            .all(|it| tag.get(*it).is_some_and(Value::is_string))
                }
                [item] => self == Self::Key && item.is_string(),
                _ => false,
            },
            _ => false,
        }
    }
}
