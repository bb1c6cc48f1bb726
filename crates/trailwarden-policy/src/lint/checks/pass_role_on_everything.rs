//! Passing every role to a service.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, lower, only};

/// See the fields.
pub static CHECK: Check = Check {
    id: "pass-role-on-everything",
    title: "Passing any role",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "Whoever may pass a role to a service and run code there acts with that role. With every role, that includes the strongest one that trusts the service.",
    source: "IAM User Guide, \"Grant a user permissions to pass a role to an AWS service\"",
    cross: &[
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction"],"Resource":"*""#,
        )
        .at(r#""iam:PassRole""#),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:P*","Resource":"arn:aws:iam::111122223333:role/*""#,
        )
        .at(r#""iam:P*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","NotResource":"arn:aws:iam::111122223333:role/admin""#,
        ),
        Example::identity(r#""Effect":"Allow","NotAction":"s3:*","Resource":"*""#).at(r#""s3:*""#),
        Example::identity(
            r#""Effect":"Allow","NotAction":"s3:*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:*","NotResource":"arn:aws:iam::111122223333:role/admin""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#,
        ),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/app""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/app-*""#,
        ),
        Example::identity(r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#),
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"iam:PassRole","Resource":"*"}]}"#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(broad) = Broad::of(input, view, &only("iam:PassRole")) else {
        return;
    };
    let names_service = view.conditions().any(|condition| {
        condition.is_key("iam:PassedToService")
            && condition.condition.demands_a_match(&view.statement.conditions)
    });
    let (severity, message, fix) = match names_service {
        true => (
            lower(CHECK.severity),
            "every role that trusts the named services can be passed to them",
            "name the roles that are meant",
        ),
        false => (
            broad.severity(CHECK.severity),
            "every role can be passed to every service that it trusts",
            "name the roles that are meant, and add the condition key `iam:PassedToService`",
        ),
    };
    found.graded(severity, broad.span, view.index, message, fix);
}
