//! Reading fields out of a decoded record by path, forgiving about case and type.
//!
//! CloudTrail spells the same parameter differently between services (`userName`, `UserName`,
//! `RegionName`), so a name that is not there is looked for again without regard to case.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

use crate::{redact, repair};

/// A record as a tree, its secrets redacted, and with replacement characters for what is not
/// Unicode. The error says where it stops being JSON.
pub fn parse(record: &[u8]) -> Result<Value, sonic_rs::Error> {
    parse_redacted(&redact::bytes(record))
}

/// The same of a record whose secrets were redacted before.
pub fn parse_redacted(redacted: &[u8]) -> Result<Value, sonic_rs::Error> {
    sonic_rs::from_slice(redacted).or_else(|error| match repair::unicode(redacted) {
        Some(repaired) => sonic_rs::from_slice(&repaired),
        None => Err(error),
    })
}

/// The value at a dotted path, or `None`.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut here = value;
    for name in path.split('.') {
        here = member(here, name)?;
    }
    (!here.is_null()).then_some(here)
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut exact = None;
    let mut similar = None;
    for (key, value) in value.as_object()? {
        // Of a name that stands twice the last counts, as in the tree that the skim is held to.
        if key == name {
            exact = Some(value);
        } else if similar.is_none() && key.eq_ignore_ascii_case(name) {
            similar = Some(value);
        }
    }
    exact.or(similar)
}

/// The values under some names of an object, as [`at`] finds each, in one pass.
pub fn each<'a, const N: usize>(
    value: Option<&'a Value>,
    names: [&str; N],
) -> [Option<&'a Value>; N] {
    let (mut exact, mut similar) = ([None; N], [None; N]);
    for (key, value) in value.and_then(Value::as_object).into_iter().flatten() {
        let alike = |name: &&str| key.eq_ignore_ascii_case(name);
        if let Some(place) = names.iter().position(|name| *name == key) {
            exact.get_mut(place).into_iter().for_each(|slot| *slot = Some(value));
        } else if let Some(place) = names.iter().position(alike) {
            similar.get_mut(place).into_iter().for_each(|slot| *slot = slot.or(Some(value)));
        }
    }
    let mut similar = similar.into_iter();
    exact.map(|exact| exact.or(similar.next().flatten()).filter(|value| !value.is_null()))
}

/// The text at a path; `None` when absent, empty or not a string.
pub fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path)?.as_str().filter(|text| !text.is_empty())
}

/// The boolean at a path; the texts `true` and `false` count, as CloudTrail writes both.
pub fn flag(value: &Value, path: &str) -> Option<bool> {
    truth(at(value, path)?)
}

/// What a value says as a boolean, see [`flag`].
pub fn truth(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    })
}

/// The whole number at a path; digits in a string count.
pub fn number(value: &Value, path: &str) -> Option<i64> {
    let found = at(value, path)?;
    found.as_i64().or_else(|| found.as_str()?.parse().ok())
}

/// The texts of an array at a path; a single text counts as an array of one.
pub fn texts(value: &Value, path: &str) -> Vec<String> {
    let Some(found) = at(value, path) else { return Vec::new() };
    if let Some(one) = found.as_str() {
        return vec![one.to_owned()];
    }
    found
        .as_array()
        .map(|items| items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value() -> Value {
        sonic_rs::from_str(r#"{"a":{"UserName":"alice","on":"true","n":"7"},"list":["x",1,"y"],"one":"z","nil":null}"#)
            .unwrap()
    }

    #[test]
    fn case_does_not_matter_when_the_exact_name_is_missing() {
        assert_eq!(text(&value(), "a.userName"), Some("alice"));
        assert_eq!(text(&value(), "nil"), None);
    }

    /// Also where names stand twice, with and without the same letters.
    #[test]
    fn several_members_are_those_that_are_found_one_by_one() {
        for text in [
            r#"{"a":1,"A":2,"b":null,"B":3,"c":4}"#,
            r#"{"A":1,"a":2,"a":3,"C":4,"C":5}"#,
            r#"{"B":1,"b":2,"B":3,"x":4}"#,
            "[1]",
            "{}",
        ] {
            let value: Value = sonic_rs::from_str(text).unwrap();
            let names = ["a", "b", "c", "d"];
            assert_eq!(each(Some(&value), names), names.map(|name| at(&value, name)), "{text}");
        }
        assert_eq!(each(None, ["a"]), [None]);
    }

    #[test]
    fn texts_and_numbers_are_forgiving() {
        assert_eq!(flag(&value(), "a.on"), Some(true));
        assert_eq!(number(&value(), "a.n"), Some(7));
        assert_eq!(texts(&value(), "list"), ["x", "y"]);
        assert_eq!(texts(&value(), "one"), ["z"]);
    }
}
