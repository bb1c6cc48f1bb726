//! A pattern for callers that leaves their account open.

use crate::lint::conditions::{has_condition_on, has_wildcard};
use crate::lint::prelude::*;
use crate::pattern::is_match_all;

/// See the fields.
pub static CHECK: Check = Check {
    id: "arn-of-any-account",
    title: "ARN of any account",
    severity: Severity::High,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust],
    about: "A role of the right name can be made in any account: where the principal is everyone, a pattern without an account number lets strangers in.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Deploy"}}"#).at(r#""arn:aws:iam::*:role/Deploy""#),
Example::trust(r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::1111*role/Deploy"}}"#).at(r#""arn:aws:iam::1111*role/Deploy""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Deploy"},"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#),
Example::resource(r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Deploy"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let is_for_everyone = view.statement.principals.is_everyone();
    if !view.allows() || !is_for_everyone || has_condition_on(view, ACCOUNTS) {
        return;
    }
    for condition in view.conditions() {
        let is_pattern =
            matches!(condition.operator.base.as_str(), "stringlike" | "arnlike" | "arnequals");
        if !is_pattern || !condition.is_key("aws:PrincipalArn") {
            continue;
        }
        for (value, span) in condition.values() {
            // A star of `StringLike` in the account may run on over the colon.
            let account = value.split(':').nth(4).unwrap_or(value);
            if has_wildcard(account) && !is_match_all(value) {
                let message = format!("{} names callers of any account", quoted(value));
                let fix = "write the account number, or add `aws:PrincipalOrgID` or `aws:PrincipalAccount`";
                found.at(span, view.index, message, fix);
            }
        }
    }
}

const ACCOUNTS: &[&str] = &["aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];
