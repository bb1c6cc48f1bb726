//! Actions that decide who may do what, on resources that nobody named.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, kinds};

/// See the fields.
pub static CHECK: Check = Check {
    id: "permission-management-on-everything",
    title: "Permission management on every resource",
    severity: Severity::High,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "Such actions grant permissions, share resources or lift limits. On every resource, they open whatever there is, to whomever the caller likes.",
    source: "IAM User Guide, \"Access levels in policy summaries\"",
    cross: &[
        (Tool::Parliament, "PERMISSIONS_MANAGEMENT_ACTIONS"),
        (Tool::Cloudsplaining, "ResourceExposure"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":["s3:GetObject","s3:PutBucketPolicy"],"Resource":"*""#).at(r#""s3:PutBucketPolicy""#),
        Example::identity(r#""Effect":"Allow","Action":"iam:*","Resource":"*""#).at(r#""iam:*""#),
        Example::identity(r#""Effect":"Allow","Action":["iam:PutRolePolicy","iam:AttachRolePolicy"],"Resource":"arn:aws:iam::*:role/*""#).at(r#"["iam:PutRolePolicy","iam:AttachRolePolicy"]"#),
        Example::identity(r#""Effect":"Allow","NotAction":"s3:*","Resource":"*""#).at(r#""s3:*""#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"arn:aws:s3:::app-*""#),
        Example::identity(r#""Effect":"Allow","Action":["s3:Get*","s3:List*","iam:Get*"],"Resource":"*""#),
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"},{"Effect":"Deny","Action":["sqs:AddPermission","sqs:RemovePermission","sqs:SetQueueAttributes"],"Resource":"*"}]}"#),
        // It gives nothing there.
        Example::scp(r#""Effect":"Allow","Action":"iam:*","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(broad) = Broad::of(input, view, &kinds().permissions) else {
        return;
    };
    let message = format!("permission management on every resource: {}", broad.names());
    let fix = "name the resources, or leave these actions to those who manage permissions";
    found.graded(broad.severity(CHECK.severity), broad.span, view.index, message, fix);
}
