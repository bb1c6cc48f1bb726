//! Actions that create, change or delete, on resources that nobody named.

use crate::facts::Action;
use crate::lint::prelude::*;
use crate::lint::scope::{Broad, kinds};

/// See the fields.
pub static CHECK: Check = Check {
    id: "changes-to-everything",
    title: "Changing every resource",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "Whoever holds this can create, change or delete resources that have nothing to do with its purpose.",
    source: "IAM User Guide, \"Access levels in policy summaries\"",
    cross: &[
        (Tool::Parliament, "RESOURCE_STAR"),
        (Tool::Cloudsplaining, "InfrastructureModification"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["sqs:DeleteQueue","sqs:ListQueues"],"Resource":"*""#,
        )
        .at(r#""sqs:DeleteQueue""#),
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:TerminateInstances","Resource":"arn:aws:ec2:*:*:instance/*""#,
        ),
    ],
    quiet_on: &[
        // `permission-management-on-everything` speaks of it.
        Example::identity(r#""Effect":"Allow","Action":"sqs:*","Resource":"*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"sqs:DeleteQueue","Resource":"arn:aws:sqs:*:*:app-*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":["sqs:ListQueues","sqs:GetQueueUrl"],"Resource":"*""#,
        ),
        // It takes no resource, so that `*` is the only way.
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:AllocateHosts","Resource":"arn:aws:ec2:*:*:dedicated-host/app""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(broad) = Broad::of(input, view, &kinds().changes) else {
        return;
    };
    // The same text gives permission management as well, of which more is said.
    let worse = || Broad::of(input, view, &kinds().permissions);
    if !found.is_full() && worse().is_some_and(|worse| worse.span == broad.span) {
        return;
    }
    // What is only created harms nothing that is there.
    let creates = |action: &&Action| {
        action.name().starts_with("Create") || action.full_name() == "ec2:RunInstances"
    };
    let severity = match broad.actions.iter().all(creates) {
        true => Severity::Info,
        false => CHECK.severity,
    };
    let message = format!("changes to every resource: {}", broad.names());
    let fix = "name the resources, or limit them by tags in a condition";
    found.graded(broad.severity(severity), broad.span, view.index, message, fix);
}
