//! Whether the values of a key are of its type.
//!
//! A value of the wrong type compares with nothing, so that a slip of the keyboard would disarm a
//! Deny. The evaluator itself is asked whether it can read a value: there is one reading of numbers
//! and dates, not two.

use anyhow::bail;
use trailwarden_model::Arn;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::{Scalar, Values};
use trailwarden_policy::document::Document;
use trailwarden_policy::evaluate::{
    Caller, Compiled, Context, Input, NotACaller, Outcome, Request, decide,
};
use trailwarden_policy::facts::{ValueType, facts, global_keys};
use trailwarden_policy::nearest::nearest;

use crate::cli::terminal;

/// An error for a value that the key cannot have; a warning for a key that nobody knows.
pub(super) fn check(key: &str, values: &Values) -> anyhow::Result<()> {
    let Some(known) = facts().condition_key(key) else {
        warn_of_name(key);
        return Ok(());
    };
    let all = match values {
        Values::One(one) => std::slice::from_ref(one),
        Values::Many(many) => many,
    };
    if known.is_global && all.len() > 1 && !known.key_type.is_multivalued {
        bail!("`{}` has one value in a request, and {} are given", known.name, all.len());
    }
    for value in all {
        let Scalar::Text(value) = value else { continue };
        let Some(wanted) = misread(known.key_type.value, value)? else { continue };
        let text = format!("`{value}` is no value of `{}`; it takes {wanted}", known.name);
        // The pages of some services call a key an ARN that holds names, too.
        if known.key_type.value == ValueType::Arn && !known.is_global {
            terminal::warn(&text);
        } else {
            bail!(text);
        }
    }
    Ok(())
}

/// What is expected instead; `None` when the value is one of the type.
fn misread(wanted: ValueType, value: &str) -> Result<Option<&'static str>, NotACaller> {
    let (operators, against, expected) = match wanted {
        ValueType::String | ValueType::Binary => return Ok(None),
        ValueType::Arn => {
            let is_arn = Arn::parse(value).is_some();
            return Ok((!is_arn).then_some("an ARN, such as arn:aws:s3:::reports"));
        }
        ValueType::Bool => (["Bool", "Bool"], ["true", "false"], "`true` or `false`"),
        ValueType::Numeric => {
            (["NumericEquals", "NumericNotEquals"], ["0", "0"], "a number, such as 3600")
        }
        ValueType::Date => (
            ["DateEquals", "DateNotEquals"],
            ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"],
            "a time, such as 2026-01-31T12:00:00Z, or seconds since 1970",
        ),
        ValueType::IpAddress => (
            ["IpAddress", "NotIpAddress"],
            ["0.0.0.0/0", "0.0.0.0/0"],
            "one address, such as 203.0.113.9 or 2001:db8::1",
        ),
    };
    let holds = operators.into_iter().zip(against).map(|(operator, against)| {
        let condition = serde_json::json!({ operator: { "aws:x": against } });
        allows(&condition, value)
    });
    let can_be_read = holds.collect::<Result<Vec<_>, _>>()?.contains(&true);
    Ok((!can_be_read).then_some(expected))
}

/// Whether a condition on `aws:x` holds for a value of it.
fn allows(condition: &serde_json::Value, value: &str) -> Result<bool, NotACaller> {
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition },
    });
    let Ok(document) = Document::parse(&policy.to_string()) else { return Ok(false) };
    let compiled = Compiled::new("", &document, PolicyKind::Identity);
    let context = Context::complete().with("aws:x", value);
    let caller = Caller::parse("arn:aws:iam::111122223333:user/x")?;
    let request = Request::new(caller, "s3:ListAllMyBuckets", "*", &context);
    let input = Input { identity: std::slice::from_ref(&compiled), ..Input::new(request) };
    Ok(decide(&input) == Outcome::Allow)
}

/// A misspelt key is absent, and nobody would notice.
fn warn_of_name(key: &str) {
    // Identity providers name keys as they like: `idp.example.com:sub`.
    let prefix = key.split(':').next().unwrap_or_default();
    if prefix.contains('.') {
        return;
    }
    let own = facts().service(prefix).map(|service| service.condition_keys());
    let names = own.into_iter().flatten().map(|key| key.name());
    let near = nearest(key, global_keys().map(|key| key.name).chain(names));
    let help = near.map_or_else(
        || "check its name, or it is newer than the table of keys".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    terminal::warn(&format!("no condition key `{key}` is known; {help}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_their_type() {
        let bad = |kind, value| misread(kind, value).unwrap().is_some();
        for (kind, right, wrong) in [
            (ValueType::Bool, "False", "yes"),
            (ValueType::Numeric, "-3.5", "many"),
            (ValueType::Numeric, "0", ""),
            (ValueType::Date, "2026-01-31", "31.1.2026"),
            (ValueType::Date, "2020-01-01T00:00:00Z", "soon"),
            (ValueType::Date, "1767225600", "tomorrow"),
            (ValueType::IpAddress, "203.0.113.9", "hello"),
            (ValueType::IpAddress, "2001:db8::1", "203.0.113.0/24"),
            (ValueType::Arn, "arn:aws:s3:::reports", "reports"),
        ] {
            assert!(!bad(kind, right), "{right}");
            assert!(bad(kind, wrong), "{wrong}");
        }
        assert!(!bad(ValueType::String, ""));
    }
}
