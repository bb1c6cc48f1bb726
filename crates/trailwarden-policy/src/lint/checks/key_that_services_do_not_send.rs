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
    about: "A service principal is in no organization and has no MFA: a condition on them never lets it in, and a negated one in a Deny always keeps it out. Tags of a principal are known only where a role is assumed with them, as IAM Roles Anywhere does.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""aws:PrincipalOrgID""#),
Example::trust(r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#).at(r#""aws:MultiFactorAuthPresent""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceOrgID":"o-abcdefghij"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#),
Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#),
// IAM Roles Anywhere User Guide, "Trust policy": what the certificate says comes as tags.
Example::trust(r#""Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"],"Condition":{"StringEquals":{"aws:PrincipalTag/x509Subject/CN":"app","aws:SourceIdentity":"CN=app"}}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let services = || {
        view.principals().filter(|p| {
            p.element == Element::Principal && p.principal.kind == PrincipalKind::Service
        })
    };
    let Some(service) = services().next() else {
        return;
    };
    // It hands on what a certificate says.
    if services().any(|service| service.principal.value.starts_with("rolesanywhere.")) {
        return;
    }
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let is_unmet = !holds_without_key(&condition) && is_known(&condition.operator);
        let is_named = is_one_of(key, KEYS) && condition.operator.base != "null";
        // Whoever assumes a role may bring tags.
        let is_tag_of_session =
            input.kind == PolicyKind::Trust && is_one_of(key, &["aws:PrincipalTag/"]);
        if !is_named || is_tag_of_session || is_unmet != view.allows() {
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
