//! Actions that hand out credentials, for whomever there is.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, kinds, lower};

/// See the fields.
pub static CHECK: Check = Check {
    id: "credentials-on-everything",
    title: "Credentials for everybody and everything",
    severity: Severity::High,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "The answer of such an action is a key, a token, a password or a way to sign in. On every resource, the caller can become whatever they are for.",
    source: "IAM User Guide, \"Security best practices in IAM\"",
    cross: &[
        (Tool::Parliament, "CREDENTIALS_EXPOSURE"),
        (Tool::Cloudsplaining, "CredentialsExposure"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["iam:CreateAccessKey","iam:ListUsers"],"Resource":"*""#,
        )
        .at(r#""iam:CreateAccessKey""#),
        Example::identity(
            r#""Effect":"Allow","Action":"redshift:GetClusterCredentials","Resource":"*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*""#,
        ),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::*:user/${aws:username}""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":["iam:ListAccessKeys","iam:GetUser"],"Resource":"*""#,
        ),
        Example::identity(r#""Effect":"Deny","Action":"iam:CreateAccessKey","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(broad) = Broad::of(input, view, &kinds().credentials) else {
        return;
    };
    let message = format!("credentials on every resource: {}", broad.names());
    // Where AWS lets nobody name a resource, `*` is no carelessness.
    let can_be_narrowed = broad.actions.iter().any(|action| !action.is_wildcard_only());
    let (severity, fix) = match can_be_narrowed {
        true => (CHECK.severity, "name the resources that credentials are needed for"),
        false => (
            lower(lower(CHECK.severity)),
            "keep it where it is used only; these actions cannot be limited to resources",
        ),
    };
    found.graded(broad.severity(severity), broad.span, view.index, message, fix);
}
