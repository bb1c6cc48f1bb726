//! A service that may act for anyone.

use crate::lint::conditions::has_condition_on;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "service-principal-without-source",
    title: "Service principal without a source",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Resource],
    about: "A service acts for all its customers. Without a condition on whose resource makes it call, a stranger can have it act on this resource for him (the confused deputy).",
    source: "IAM User Guide, \"The confused deputy problem\"",
    cross: &[(Tool::AccessAnalyzer, "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"), (Tool::AccessAnalyzer, "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*""#).at(r#""sns.amazonaws.com""#),
Example::resource(r#""Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}"#).at(r#""cloudtrail.amazonaws.com""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:t"}}"#),
Example::resource(r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"}}"#),
Example::resource(r#""Effect":"Deny","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*""#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.allows() || has_condition_on(view, SOURCES) {
        return;
    }
    // Some other condition may say as much; which one does is not known here.
    let severity =
        if view.statement.conditions.is_empty() { Severity::Medium } else { Severity::Info };
    for part in view.principals() {
        let is_service =
            part.element == Element::Principal && part.principal.kind == PrincipalKind::Service;
        if is_service && part.principal.value != "*" {
            let message = format!("{} may act here for any account", quoted(&part.principal.value));
            let fix = "add a condition on `aws:SourceArn` or `aws:SourceAccount`, or on `aws:SourceOrgID`";
            found.graded(severity, part.span, view.index, message, fix);
        }
    }
}

const SOURCES: &[&str] = &[
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    "kms:CallerAccount",
    "kms:ViaService",
    "kms:EncryptionContext:",
    "lambda:EventSourceToken",
];
