//! Fields of a record: dotted paths through objects and arrays, and values as text.
//!
//! # Invariants
//! - A path is tried at every way of cutting it at its dots, so a key that holds a dot
//!   (`tags.team/owner.example`) is found too.
//! - An array stands for its elements: at the end of a path, and on the way.
//! - Nothing is copied unless a number or an object has to become text.

use std::borrow::Cow;
use std::fmt::Write;

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value, ValueRef};
use trailwarden_record::redact;

use super::record::{Field, Record};

/// Calls `visit` for each value the path leads to until it says true; whether it did.
pub(crate) fn any_value<'v>(
    record: &'v Value,
    path: &str,
    visit: &mut dyn FnMut(&'v Value) -> bool,
) -> bool {
    if let Some(object) = record.as_object() {
        for (key, value) in object.iter() {
            let Some(rest) = path.strip_prefix(key) else { continue };
            let stop = match rest.strip_prefix('.') {
                _ if rest.is_empty() => visit(value),
                Some(rest) => any_value(value, rest, visit),
                None => false,
            };
            if stop {
                return true;
            }
        }
        return false;
    }
    match record.as_array() {
        Some(array) => array.iter().any(|value| any_value(value, path, visit)),
        None => false,
    }
}

/// Visits the value, or an array's elements, however deep.
pub(crate) fn elements<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v Value) -> bool) -> bool {
    match value.as_array() {
        Some(array) => array.iter().any(|element| elements(element, visit)),
        None => visit(value),
    }
}

/// Visits every text, number and boolean of the record, wherever it stands.
pub(crate) fn any_leaf<'v>(record: &'v Value, visit: &mut dyn FnMut(&'v Value) -> bool) -> bool {
    if let Some(object) = record.as_object() {
        return object.iter().any(|(_, value)| any_leaf(value, visit));
    }
    elements(record, &mut |value| match value.as_object() {
        Some(_) => any_leaf(value, visit),
        None => visit(value),
    })
}

/// The text of a value; null has none, and an object has its compact JSON.
pub(crate) fn text(value: &Value) -> Option<Cow<'_, str>> {
    Some(match value.as_ref() {
        ValueRef::Null => return None,
        ValueRef::String(text) => Cow::Borrowed(text),
        ValueRef::Bool(true) => Cow::Borrowed("true"),
        ValueRef::Bool(false) => Cow::Borrowed("false"),
        ValueRef::Number(number) => Cow::Owned(number.to_string()),
        ValueRef::Array(_) | ValueRef::Object(_) => Cow::Owned(json_text(value, true)),
    })
}

/// An object as read by a person: its compact JSON with the escapes of its texts undone. Policy
/// documents are JSON inside a JSON text, and rules are written as one reads them. None when there
/// is nothing to undo or the value is not an object.
pub(crate) fn unescaped_text(value: &Value) -> Option<String> {
    value.as_object()?;
    json_text(value, true).contains('\\').then(|| json_text(value, false))
}

/// The text of the field as one word, for grouping: several values become a JSON array. Secrets
/// are masked, because a column may be written to disk.
pub(crate) fn column(record: &Record<'_>, field: &Field) -> Option<String> {
    let mut found: Vec<Cow<'_, str>> = Vec::new();
    let is_secret = field.path().rsplit('.').next().is_some_and(redact::is_secret_key);
    record.any_value(field, &mut |value| {
        elements(value, &mut |value| {
            found.extend(match text(value) {
                Some(_) if is_secret => Some(Cow::Borrowed(redact::MASK)),
                Some(text) if value.is_object() => Some(masked(&text)),
                text => text,
            });
            false
        })
    });
    match found.as_mut_slice() {
        [] => None,
        [one] => Some(std::mem::take(one).into_owned()),
        several => serde_json::to_string(several).ok(),
    }
}

/// An object's text without its secrets.
fn masked<'v>(text: &str) -> Cow<'v, str> {
    let clean = String::from_utf8(redact::bytes(text.as_bytes()).into_owned());
    // Masking replaces whole texts, so what is left is UTF-8; else nothing of it is shown.
    clean.map_or(Cow::Borrowed(redact::MASK), Cow::Owned)
}

fn json_text(value: &Value, escape: bool) -> String {
    let mut out = String::new();
    write_json(value, escape, &mut out);
    out
}

fn write_json(value: &Value, escape: bool, out: &mut String) {
    match value.as_ref() {
        ValueRef::Null => out.push_str("null"),
        ValueRef::Bool(true) => out.push_str("true"),
        ValueRef::Bool(false) => out.push_str("false"),
        ValueRef::Number(number) => {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "{number}");
        }
        ValueRef::String(text) => write_string(text, escape, out),
        ValueRef::Array(array) => {
            out.push('[');
            for (at, element) in array.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json(element, escape, out);
            }
            out.push(']');
        }
        ValueRef::Object(object) => {
            out.push('{');
            for (at, (key, element)) in object.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_string(key, escape, out);
                out.push(':');
                write_json(element, escape, out);
            }
            out.push('}');
        }
    }
}

fn write_string(text: &str, escape: bool, out: &mut String) {
    out.push('"');
    if escape {
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                c if u32::from(c) < 0x20 => {
                    let _ = write!(out, "\\u{:04x}", u32::from(c));
                }
                c => out.push(c),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::record::Roots;
    use super::*;

    fn found(json: &str, path: &str) -> Vec<String> {
        let record: Value = sonic_rs::from_str(json).unwrap();
        let mut out = Vec::new();
        any_value(&record, path, &mut |value| {
            elements(value, &mut |value| {
                out.push(text(value).map_or("null".to_owned(), Cow::into_owned));
                false
            })
        });
        out
    }

    #[test]
    fn paths_lead_through_objects_arrays_and_dotted_keys() {
        assert_eq!(found(r#"{"a":{"b":1}}"#, "a.b"), ["1"]);
        assert_eq!(found(r#"{"a":[{"b":1},{"c":2},{"b":[3,null]}]}"#, "a.b"), ["1", "3", "null"]);
        assert_eq!(found(r#"{"a":{"x.y":{"b":true}}}"#, "a.x.y.b"), ["true"]);
        assert_eq!(found(r#"{"a.b":"flat"}"#, "a.b"), ["flat"]);
        assert!(found(r#"{"ab":1,"a":2}"#, "a.b").is_empty());
    }

    #[test]
    fn an_object_reads_as_its_compact_json() {
        let json = r#"{"p": {"doc": "{\"Action\":\"*\"}", "n": 1.5, "z": null}}"#;
        assert_eq!(found(json, "p"), [r#"{"doc":"{\"Action\":\"*\"}","n":1.5,"z":null}"#]);
        let record: Value = sonic_rs::from_str(json).unwrap();
        let inner = record.as_object().unwrap().get(&"p").unwrap();
        assert_eq!(unescaped_text(inner).unwrap(), r#"{"doc":"{"Action":"*"}","n":1.5,"z":null}"#);
    }

    #[test]
    fn a_column_of_several_values_is_one_word() {
        let record: Value = sonic_rs::from_str(r#"{"a":[1,"x"],"b":"y","c":null}"#).unwrap();
        let record = Record::new(&record, &Roots::new());
        assert_eq!(column(&record, &Field::new("a")).as_deref(), Some(r#"["1","x"]"#));
        assert_eq!(column(&record, &Field::new("b")).as_deref(), Some("y"));
        assert_eq!(column(&record, &Field::new("c")), None);
    }

    #[test]
    fn a_column_holds_no_secret() {
        let json = r#"{"p":{"password":"hunter2","n":["x",{"secretString":"y"}]},"a.Password":3}"#;
        let record: Value = sonic_rs::from_str(json).unwrap();
        let record = Record::new(&record, &Roots::new());
        let column = |path: &str| column(&record, &Field::new(path)).unwrap();
        assert_eq!(column("p.password"), "***");
        assert_eq!(column("a.Password"), "***");
        assert_eq!(column("p"), r#"{"password":"***","n":["x",{"secretString":"***"}]}"#);
        assert_eq!(column("p.n"), r#"["x","{\"secretString\":\"***\"}"]"#);
    }
}
