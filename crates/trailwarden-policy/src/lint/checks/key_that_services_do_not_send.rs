//! A condition on the caller where the caller is an AWS service.

use crate::lint::conditions::{holds_without_key, is_known, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "key-that-services-do-not-send",
    title: "Key that services do not send",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust],
    about: "A service principal is in no organization, has no tags and no MFA: a condition on them never lets it in, and a negated one in a Deny always keeps it out.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""aws:PrincipalOrgID""#),
Example::trust(r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#).at(r#""aws:MultiFactorAuthPresent""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceOrgID":"o-abcdefghij"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#),
Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let services = || {
        view.principals().filter(|p| {
            p.element == Element::Principal && p.principal.kind == PrincipalKind::Service
        })
    };
    let Some(service) = services().next() else {
        return;
    };
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let is_unmet = !holds_without_key(&condition) && is_known(&condition.operator);
        let is_named = is_one_of(key, KEYS) && condition.operator.base != "null";
        if !is_named || is_unmet != view.allows() {
            continue;
        }
        let name = quoted(&service.principal.value);
        let (message, fix) = if view.allows() {
            (
                format!("a call of {name} never has {}", quoted(key)),
                "use `aws:SourceOrgID`, `aws:SourceAccount` or `aws:SourceArn` for services",
            )
        } else {
            (
                format!("a call of {name} never has {}, so it is always denied", quoted(key)),
                "add `\"Bool\": {\"aws:PrincipalIsAWSService\": \"false\"}` beside it",
            )
        };
        found.at(condition.places.key, view.index, message, fix);
    }
}

const KEYS: &[&str] = &[
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/",
    "aws:username",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:TokenIssueTime",
    "aws:SourceIdentity",
];
