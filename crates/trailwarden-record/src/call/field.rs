//! The types that a call's fields may have, and how each is read from a record.
//!
//! Reading is total: what is missing or of another type reads as nothing.

use percent_encoding::percent_decode_str;
use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

use crate::json;

/// A field type that can be read from a record.
pub trait Field: Sized {
    /// Reads the value at a dotted path of the record.
    fn read(record: &Value, path: &str) -> Self;
    /// This, or the other when this is empty.
    #[must_use]
    fn or(self, other: impl FnOnce() -> Self) -> Self;
}

impl Field for Option<String> {
    fn read(record: &Value, path: &str) -> Self {
        json::text(record, path).map(str::to_owned)
    }
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.or_else(other)
    }
}

impl Field for Option<bool> {
    fn read(record: &Value, path: &str) -> Self {
        json::flag(record, path)
    }
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.or_else(other)
    }
}

impl Field for Option<i64> {
    fn read(record: &Value, path: &str) -> Self {
        json::number(record, path)
    }
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.or_else(other)
    }
}

impl Field for Vec<String> {
    /// The last step of the path may also be a member of each object in a list, as in
    /// `policyArns.arn`.
    fn read(record: &Value, path: &str) -> Self {
        let plain = json::texts(record, path);
        if !plain.is_empty() {
            return plain;
        }
        let Some((list, member)) = path.rsplit_once('.') else { return plain };
        let Some(items) = json::at(record, list).and_then(Value::as_array) else { return plain };
        items.iter().flat_map(|item| json::texts(item, member)).collect()
    }
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_empty() { other() } else { self }
    }
}

/// A tag on a principal, policy or session.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value, which may be empty.
    pub value: String,
}

impl Field for Vec<Tag> {
    fn read(record: &Value, path: &str) -> Self {
        let Some(items) = json::at(record, path).and_then(Value::as_array) else {
            return Self::new();
        };
        let tag = |item: &Value| {
            let key = json::text(item, "key")?.to_owned();
            Some(Tag { key, value: json::text(item, "value").unwrap_or_default().to_owned() })
        };
        items.iter().filter_map(tag).collect()
    }
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_empty() { other() } else { self }
    }
}

/// A document as JSON text, however the service logs it: as text, percent-encoded (IAM's responses)
/// or as an object (S3's bucket policies).
pub(crate) fn document(record: &Value, path: &str) -> Option<String> {
    let found = json::at(record, path)?;
    let Some(text) = found.as_str() else { return sonic_rs::to_string(found).ok() };
    if text.starts_with('%') {
        return Some(percent_decode_str(text).decode_utf8_lossy().into_owned());
    }
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Value {
        sonic_rs::from_str(
            r#"{"policyArns":[{"arn":"a"},{"other":1},{"arn":"b"}],
                "tags":[{"key":"team","value":"x"},{"Key":"bare"},{"value":"lost"}],
                "policy":"{}","encoded":"%7B%22a%22%3A1%7D","object":{"a":1},"empty":""}"#,
        )
        .unwrap()
    }

    #[test]
    fn lists_of_objects_are_read_by_member() {
        assert_eq!(Vec::<String>::read(&record(), "policyArns.arn"), ["a", "b"]);
        assert!(Vec::<String>::read(&record(), "policy.arn").is_empty());
    }

    #[test]
    fn a_tag_needs_a_key_and_no_value() {
        let tags = Vec::<Tag>::read(&record(), "tags");
        let pairs: Vec<(&str, &str)> =
            tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
        assert_eq!(pairs, [("team", "x"), ("bare", "")]);
    }

    #[test]
    fn documents_are_text_however_they_are_logged() {
        let read = |path| document(&record(), path);
        assert_eq!(read("policy").as_deref(), Some("{}"));
        assert_eq!(read("encoded").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(read("object").as_deref(), Some(r#"{"a":1}"#));
        assert_eq!((read("empty"), read("absent")), (None, None));
    }
}
