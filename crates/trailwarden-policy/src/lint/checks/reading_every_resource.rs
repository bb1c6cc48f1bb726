//! Actions that read descriptions, on every resource although they could be limited.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, kinds};

/// See the fields.
pub static CHECK: Check = Check {
    id: "reading-every-resource",
    title: "Reading about every resource",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "These actions could be limited to resources. What they tell is no data of people, but it shows an intruder where to go on.",
    source: "IAM User Guide, \"Access levels in policy summaries\"",
    cross: &[
        (Tool::Parliament, "RESOURCE_STAR"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":["sqs:GetQueueUrl","ec2:DescribeInstances"],"Resource":"*""#).at(r#""sqs:GetQueueUrl""#),
        Example::identity(r#""Effect":"Allow","Action":"dynamodb:Describe*","Resource":"*""#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","Action":"sqs:GetQueueUrl","Resource":"arn:aws:sqs:*:*:app-*""#),
        Example::identity(r#""Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*""#),
        // Deleting them is worse.
        Example::identity(r#""Effect":"Allow","Action":["sqs:GetQueueUrl","sqs:DeleteQueue"],"Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(broad) = Broad::of(input, view, &kinds().reading) else {
        return;
    };
    // Whoever may do worse with everything is told so, and that he sees it goes without saying.
    let kinds = kinds();
    let worse = [&kinds.changes, &kinds.permissions, &kinds.credentials, &kinds.data];
    if !found.is_full() && worse.into_iter().any(|wanted| Broad::of(input, view, wanted).is_some())
    {
        return;
    }
    let message = format!("reads about every resource: {}", broad.names());
    let fix = "name the resources, unless all of them are meant";
    found.graded(broad.severity(CHECK.severity), broad.span, view.index, message, fix);
}
