//! A Deny that a caller without the key does not meet.

use crate::lint::conditions::{
    GUARDS, demanded_keys, has_condition_on, holds_without_key, is_known, is_one_of,
};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "deny-that-absent-key-disarms",
    title: "Deny that an absent key disarms",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "A condition without `IfExists` does not hold when the request lacks its key, so this Deny passes over everyone who comes without it.",
    source: "IAM User Guide, \"IAM JSON policy elements: Condition operators\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/clearance":"low"}}"#).at(r#""aws:PrincipalTag/clearance""#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"ForAnyValue:StringNotLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"}}"#).at(r#""aws:PrincipalOrgPaths""#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"},"Null":{"aws:SourceVpce":"false"}}"#).at(r#""aws:SourceVpce""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#).at(r#""aws:SourceIp""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":"bob"}}"#).at(r#""aws:username""#)],
    quiet_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalTag/clearance":"low"},"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}"#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/protected":"true"}}"#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceOrgID":"o-abcdefghij"},"Null":{"aws:SourceOrgID":"false"},"Bool":{"aws:PrincipalIsAWSService":"true"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/clearance":"low"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.denies() || has_condition_on(view, &["aws:PrincipalIsAWSService", "aws:ViaAWSService"])
    {
        return;
    }
    let demanded = demanded_keys(view);
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let operator = &condition.operator;
        if operator.base == "null" || !is_known(operator) || !is_one_of(key, GUARDS) {
            continue;
        }
        let severity = if operator.is_negative() {
            if !demanded.contains(&key.to_ascii_lowercase()) {
                continue;
            }
            // A list of who may pass, and a stranger without the key passes too.
            Severity::Medium
        } else if !holds_without_key(&condition) && is_one_of(key, OF_CALLERS) {
            Severity::Low
        } else {
            continue;
        };
        let message = format!("a request without {} is not denied", quoted(key));
        let fix = if operator.is_negative() {
            "drop what demands the key (`ForAnyValue:`, `Null`): a negated operator alone denies without it"
        } else {
            "write the operator with `IfExists`, or add a Deny for requests where `Null` finds no key"
        };
        found.graded(severity, condition.places.key, view.index, message, fix);
    }
}

/// Of these, lists of who is denied are read as if everyone had a value.
const OF_CALLERS: &[&str] = &[
    "aws:PrincipalTag/",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:username",
    "aws:FederatedProvider",
    "aws:SourceIdentity",
    "aws:SourceIp",
];
