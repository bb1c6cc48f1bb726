//! Canonical JSON, and the digest of a plan over it.
//!
//! Members are sorted by the code points of their names and nothing is indented, as RFC 8785 has it
//! for values without fractions; plans have none.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Plan;

impl Plan {
    /// The digest that belongs to what the plan says now, in hexadecimal digits.
    #[must_use]
    pub fn computed_digest(&self) -> String {
        digest_of(serde_json::to_value(self).unwrap_or_default())
    }

    /// The plan's file: canonical JSON and a line's end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = canonical(&serde_json::to_value(self).unwrap_or_default());
        text.push('\n');
        text
    }
}

/// The digest over everything that a plan's JSON holds, members that this version does not know too.
pub(super) fn digest_of(mut plan: Value) -> String {
    if let Some(members) = plan.as_object_mut() {
        members.remove("digest");
    }
    let digest = Sha256::digest(canonical(&plan).as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Canonical JSON of a value.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            // The map sorts already, unless a feature of the library that others may switch on
            // makes it keep the order of insertion.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_depends_on_neither_order_nor_space() {
        let one: Value =
            serde_json::from_str(r#"{ "b": [1, {"d": "é\n", "c": null}], "a": true }"#).unwrap();
        let other: Value =
            serde_json::from_str(r#"{"a":true,"b":[1,{"c":null,"d":"\u00e9\u000a"}]}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(canonical(&one), r#"{"a":true,"b":[1,{"c":null,"d":"é\n"}]}"#);
    }
}
