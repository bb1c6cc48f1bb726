//! A value that its operator cannot compare.

use crate::evaluate::value::{Number, boolean, time};
use crate::facts::ValueType;
use crate::lint::conditions::{AddressRange, compares};
use crate::lint::prelude::*;
use crate::pattern::components;

/// See the fields.
pub static CHECK: Check = Check {
    id: "condition-value-of-wrong-type",
    title: "Condition value of the wrong type",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A value that is not of the operator's type equals nothing, so that the condition is decided before any request is seen: an Allow gives nothing, a Deny denies nothing, and a negated operator lets everything through.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[(Tool::AccessAnalyzer, "TYPE_MISMATCH_BOOLEAN"), (Tool::AccessAnalyzer, "TYPE_MISMATCH_DATE"), (Tool::AccessAnalyzer, "TYPE_MISMATCH_IP_RANGE"), (Tool::AccessAnalyzer, "TYPE_MISMATCH_NUMBER"), (Tool::AccessAnalyzer, "TYPE_MISMATCH_STRING"), (Tool::Parliament, "MISMATCHED_TYPE_OPERATION_TO_NULL"), (Tool::Parliament, "MISMATCHED_TYPE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"yes"}}"#).at(r#""yes""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"absent"}}"#).at(r#""absent""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"1h"}}"#).at(r#""1h""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"31.12.2026"}}"#).at(r#""31.12.2026""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.113.0/33"]}}"#).at(r#""203.0.113.0/33""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"BinaryEquals":{"a:b":"not base64!"}}"#).at(r#""not base64!""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"role/admin"}}"#).at(r#""role/admin""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["TRUE"]},"Null":{"aws:TokenIssueTime":false},"NumericLessThan":{"aws:MultiFactorAuthAge":3600}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":["2026-12-31","2026-12-31T23:59:59Z","1798761599"]},"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8::/32","203.0.113.7"]}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/x","${aws:PrincipalTag/role}"]},"BinaryEquals":{"a:b":"QmluYXJ5VmFsdWU="}}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let wanted = match compares(&condition.operator) {
            // `Null` takes the same two words.
            None if condition.operator.base == "null" => ValueType::Bool,
            None => continue,
            Some(wanted) => wanted,
        };
        for (value, span) in condition.values() {
            // What a variable stands for is known only at the request.
            if fits(value, wanted) || (input.knows_variables() && value.contains("${")) {
                continue;
            }
            let message = format!("{} is not {}", quoted(value), described(wanted));
            let is_dead_deny = view.denies() && !condition.operator.is_negative();
            let severity = if is_dead_deny { Severity::High } else { Severity::Medium };
            found.graded(severity, span, view.index, message, example(wanted));
        }
    }
}

fn fits(value: &str, wanted: ValueType) -> bool {
    match wanted {
        ValueType::String => true,
        ValueType::Arn => components(value).is_some(),
        ValueType::Bool => boolean(value).is_some(),
        ValueType::Numeric => Number::parse(value).is_some(),
        ValueType::Date => time(value).is_some(),
        ValueType::IpAddress => AddressRange::parse(value).is_some(),
        ValueType::Binary => {
            let body = value.trim_end_matches('=');
            value.len() - body.len() <= 2
                && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte))
        }
    }
}

fn described(wanted: ValueType) -> &'static str {
    match wanted {
        ValueType::String => "a text",
        ValueType::Arn => "an ARN of six parts",
        ValueType::Bool => "`true` or `false`",
        ValueType::Numeric => "a number",
        ValueType::Date => "a date",
        ValueType::IpAddress => "an IP address or range",
        ValueType::Binary => "Base64",
    }
}

fn example(wanted: ValueType) -> &'static str {
    match wanted {
        ValueType::String => "write a text",
        ValueType::Arn => "write the whole ARN, such as `arn:aws:iam::111122223333:role/name`",
        ValueType::Bool => "write `true` or `false`",
        ValueType::Numeric => "write digits only, such as `3600`",
        ValueType::Date => "write a date of ISO 8601, such as `2026-12-31T23:59:59Z`",
        ValueType::IpAddress => "write CIDR notation, such as `203.0.113.0/24`",
        ValueType::Binary => "encode the value in Base64",
    }
}
