//! A wildcard under an operator that takes it literally.

use crate::lint::conditions::has_wildcard;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "wildcard-without-like",
    title: "Wildcard without a Like operator",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "`StringEquals` and its kin compare `*` and `?` as characters. The value matches nothing that exists, so an Allow gives nothing, a Deny denies nothing, and a negated operator lets everything through.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[(Tool::AccessAnalyzer, "WILDCARD_WITHOUT_LIKE_OPERATOR")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/job":"admin-*"}}"#).at(r#""admin-*""#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#).at(r#""arn:aws:iam::111122223333:role/*""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIgnoreCase":{"aws:RequestedRegion":"us-*"}}"#).at(r#""us-*""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/job":"admin-*"},"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"},"StringEquals":{"s3:prefix":"a${*}b"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let like = match condition.operator.base.as_str() {
            "stringequals" | "stringequalsignorecase" => "StringLike",
            "stringnotequals" | "stringnotequalsignorecase" => "StringNotLike",
            _ => continue,
        };
        let is_hole = view.allows() == condition.operator.is_negative();
        for (value, span) in condition.values().filter(|(value, _)| has_wildcard(value)) {
            // A question mark is often just one, as in addresses of the web.
            let severity =
                match (value.contains('*'), is_hole && condition.condition.values.len() == 1) {
                    (true, true) => Severity::High,
                    (true, false) => Severity::Medium,
                    (false, _) => Severity::Low,
                };
            let operator = quoted(&condition.condition.operator);
            let message = format!(
                "{operator} compares the wildcard in {} as an ordinary character: nothing else fits it",
                quoted(value)
            );
            let fix = format!(
                "use `{like}`, under which `*` stands for anything, or write the value in full"
            );
            found.graded(severity, span, view.index, message, fix);
        }
    }
}
