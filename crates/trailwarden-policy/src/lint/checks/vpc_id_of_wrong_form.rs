//! An id of a VPC or VPC endpoint that cannot be one.

use crate::facts::ValueType;
use crate::lint::conditions::{compares, has_wildcard, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "vpc-id-of-wrong-form",
    title: "VPC id of the wrong form",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A VPC is named `vpc-`, an endpoint `vpce-`, each with 8 or 17 hexadecimal digits; another text equals none, so a positive condition never holds and a negated one always does.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_VPC_FORMAT"), (Tool::AccessAnalyzer, "INVALID_VPCE_FORMAT")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpc-1a2b3c4d"}}"#).at(r#""vpc-1a2b3c4d""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-xyz"}}"#).at(r#""vpc-xyz""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:SourceVpce":"endpoint-*"}}"#).at(r#""endpoint-*""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":["vpc-1a2b3c4d","vpc-0123456789abcdef0","${aws:PrincipalTag/vpc}"]},"StringLike":{"aws:SourceVpce":["vpce-*","*"]}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = condition.condition.key.as_str();
        let start = if is_one_of(key, &["aws:SourceVpc", "aws:Ec2InstanceSourceVpc"]) {
            "vpc-"
        } else if is_one_of(key, &["aws:SourceVpce"]) {
            "vpce-"
        } else {
            continue;
        };
        if compares(&condition.operator) != Some(ValueType::String) {
            continue;
        }
        let has_wildcards = condition.operator.base.ends_with("like");
        for (value, span) in condition.values() {
            let is_id = value.strip_prefix(start).is_some_and(|digits| {
                matches!(digits.len(), 8 | 17)
                    && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            let head = value.split(['*', '?']).next().unwrap_or_default();
            let is_pattern = has_wildcards
                && has_wildcard(value)
                && (head.starts_with(start) || start.starts_with(head));
            if is_id || is_pattern || value.contains("${") {
                continue;
            }
            let message = format!("{} is not of the form `{start}1a2b3c4d`", quoted(value));
            let fix = format!("write the id, with `{start}` before 8 or 17 hexadecimal digits");
            found.at(span, view.index, message, fix);
        }
    }
}
