//! Actions that hand out what people keep, wherever they keep it.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, kinds, lower};

/// See the fields.
pub static CHECK: Check = Check {
    id: "data-on-everything",
    title: "Reading all data",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "Such an action answers with objects, rows, secrets, messages or logs. On every resource, one stolen session reads them all.",
    source: "IAM User Guide, \"Security best practices in IAM\"",
    cross: &[(Tool::Parliament, "SENSITIVE_ACCESS"), (Tool::Cloudsplaining, "DataExfiltration")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*""#,
        )
        .at(r#""s3:GetObject""#),
        Example::identity(
            r#""Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:*:secret:*""#,
        ),
        Example::identity(r#""Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::*""#)
            .at(r#""s3:Get*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::app/*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":["s3:ListAllMyBuckets","s3:GetBucketLocation"],"Resource":"*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::app-*""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(broad) = Broad::of(input, view, &kinds().data) else {
        return;
    };
    let message = format!("data of every resource can be read: {}", broad.names());
    let can_be_narrowed = broad.actions.iter().any(|action| !action.is_wildcard_only());
    let (severity, fix) = match can_be_narrowed {
        true => (CHECK.severity, "name the resources whose data is needed"),
        false => (
            lower(CHECK.severity),
            "keep it where it is used only; these actions cannot be limited to resources",
        ),
    };
    found.graded(broad.severity(severity), broad.span, view.index, message, fix);
}
