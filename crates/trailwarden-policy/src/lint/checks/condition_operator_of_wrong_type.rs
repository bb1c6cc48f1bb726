//! An operator of another type than the key it is asked of.

use crate::facts::ValueType;
use crate::lint::conditions::{compares, has_wildcard, known_key, type_name, usual_operator};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "condition-operator-of-wrong-type",
    title: "Condition operator of the wrong type",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "An operator compares values of its own type; on a key of another type it does not match what it seems to match. String operators on ARNs work, but their `*` runs across the parts of the ARN.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[(Tool::AccessAnalyzer, "TYPE_MISMATCH"), (Tool::Parliament, "MISMATCHED_TYPE"), (Tool::Parliament, "MISMATCHED_TYPE_BUT_USABLE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:CurrentTime":"2026-12-31"}}"#).at(r#""StringEquals""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:SourceIp":"203.0.113.*"}}"#).at(r#""StringLike""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericEquals":{"aws:SecureTransport":"1"}}"#).at(r#""NumericEquals""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""ArnLike""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#).at(r#""StringLike""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-12-31"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Null":{"aws:SourceIp":"false"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"aws:EpochTime":"1798761599"},"StringEquals":{"own.example.com:sub":"x","aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let (Some(known), Some(used)) =
            (known_key(&condition.condition.key), compares(&condition.operator))
        else {
            continue;
        };
        let wanted = known.key_type.value;
        let Some(severity) = harm(&condition, used, wanted) else {
            continue;
        };
        let message = format!(
            "{} compares as {}, but {} holds {}",
            quoted(&condition.condition.operator),
            type_name(used),
            quoted(&condition.condition.key),
            type_name(wanted)
        );
        let fix = format!("use an operator for its type, such as `{}`", usual_operator(wanted));
        found.graded(severity, condition.places.operator, view.index, message, fix);
    }
}

/// How bad it is; nothing when it is right.
fn harm(condition: &ConditionView<'_>, used: ValueType, wanted: ValueType) -> Option<Severity> {
    match (used, wanted) {
        (used, wanted) if used == wanted => None,
        (ValueType::Numeric | ValueType::Date, ValueType::Date | ValueType::Numeric)
            if condition.is_key("aws:EpochTime") =>
        {
            None
        }
        (ValueType::String, ValueType::Arn) => {
            let is_pattern = condition.operator.base.ends_with("like")
                && condition.values().any(|(value, _)| has_wildcard(value));
            is_pattern.then_some(Severity::Info)
        }
        // Services often call a key text that holds ARNs.
        (ValueType::Arn, ValueType::String)
            if condition
                .values()
                .all(|(value, _)| value.starts_with("arn:") || value.starts_with("${")) =>
        {
            None
        }
        // As texts, equal values are still equal.
        (ValueType::String, ValueType::Bool | ValueType::Numeric)
        | (ValueType::Bool, ValueType::String) => Some(Severity::Low),
        _ => Some(Severity::Medium),
    }
}
