//! A condition that every request meets.

use crate::lint::conditions::{GUARDS, holds_without_key, is_one_of, may_be_absent, open_value};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "condition-always-true",
    title: "Condition that is always true",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A condition that always holds limits nothing; the statement is as wide as without it, but does not look so.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLikeIfExists":{"aws:PrincipalOrgID":"*"}}"#).at(r#""*""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:RequestedRegion":["eu-west-1","*"]}}"#).at(r#""*""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#).at(r#""0.0.0.0/0""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:*:*:*:*:*"}}"#).at(r#""arn:*:*:*:*:*""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:SecureTransport":"false"}}"#).at(r#""false""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["true","false"]}}"#).at(r#""true""#)],
    quiet_on: &[
// It asks whether the key is there.
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:SourceVpce":"*","aws:PrincipalTag/team":"*"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-abcdefghij"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Null":{"aws:SourceVpc":"false"}}"#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalOrgID":"*"}}"#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"s3:x-amz-acl":"*"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let Some(open) = open_value(&condition) else {
            continue;
        };
        let key = &condition.condition.key;
        let is_always = !may_be_absent(key) || holds_without_key(&condition);
        // What only asks for the key is a matter of its own, except that a range of all addresses
        // was hardly meant to tell requests through endpoints from others.
        let is_range = condition.operator.base == "ipaddress" && view.allows();
        if !is_always && !is_range {
            continue;
        }
        let is_guard = is_one_of(key, GUARDS) || is_one_of(key, &["aws:PrincipalArn"]);
        let severity = if view.allows() && is_guard { Severity::High } else { Severity::Info };
        let when = if is_always { "every request" } else { "every request that has it" };
        let message =
            format!("{} {}, so {} holds for {when}", quoted(open.text), open.what, quoted(key));
        let fix = "write what is meant to pass, or remove the condition";
        found.graded(severity, open.span, view.index, message, fix);
    }
}
