//! A condition that any value of its key meets, so that it only asks whether the key is there.

use crate::lint::conditions::{GUARDS, holds_without_key, is_one_of, may_be_absent, open_value};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "condition-only-asks-for-key",
    title: "Condition that any value meets",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "With a wildcard for the whole value, the condition asks only whether the request has the key: some tag of that name, some organization, some endpoint. That may be meant; `Null` with `false` says it more plainly.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}"#,
        )
        .at(r#""*""#),
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:*:*:*:*:*"}}"#,
        )
        .at(r#""arn:*:*:*:*:*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/team":["a","*"]}}"#,
        )
        .at(r#""*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/team":"a*"},"Null":{"aws:SourceVpce":"false"}}"#,
        ),
        // It holds without the key as well.
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLikeIfExists":{"aws:SourceVpce":"*"}}"#,
        ),
        // All that have the key are meant.
        Example::identity(
            r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"s3:x-amz-acl":"*"}}"#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions().filter(|_| view.allows()) {
        let key = &condition.condition.key;
        let is_always = !may_be_absent(key) || holds_without_key(&condition);
        // A range of all addresses belongs to `condition-always-true`.
        if is_always || matches!(condition.operator.base.as_str(), "ipaddress" | "null") {
            continue;
        }
        let Some(open) = open_value(&condition) else {
            continue;
        };
        let is_guard = is_one_of(key, GUARDS);
        // Of one's own principals, the key says something; of everybody's, any value is no limit.
        let severity = match is_guard && view.statement.principals.is_everyone() {
            true => Severity::Medium,
            false => CHECK.severity,
        };
        let message = format!(
            "{} {}, so every request that has {} meets it",
            quoted(open.text),
            open.what,
            quoted(key)
        );
        let fix = "write the values that are meant, or `\"Null\": {KEY: \"false\"}` if any will do";
        found.graded(severity, open.span, view.index, message, fix);
    }
}
