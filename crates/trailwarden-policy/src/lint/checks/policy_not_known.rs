//! A policy that a plan or template leaves open, so that nothing could be judged.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "policy-not-known",
    title: "Policy not known",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "What is not in the file cannot be checked, and silence about it would look like approval.",
    source: "Terraform documentation, \"JSON Output Format\"",
    cross: &[],
    run: Run::Unread(run),
    fires_on: &[Example::file(
        r#"{"format_version":"1.2","resource_changes":[
            {"address":"aws_iam_policy.p","type":"aws_iam_policy",
             "change":{"after":{},"after_unknown":{"policy":true}}}]}"#,
    )
    .at(r#""policy""#)],
    quiet_on: &[
        Example::file(
            r#"{"format_version":"1.2","resource_changes":[
                {"address":"aws_iam_policy.p","type":"aws_iam_policy",
                 "change":{"after":{"policy":"{\"Statement\":[]}"},"after_unknown":{}}}]}"#,
        ),
        Example::document(PolicyKind::Identity, r#"{"Statement":[]}"#),
    ],
};

fn run(error: &Unread, found: &mut Found<'_>) {
    if let Unread::Unknown(_) = error {
        found.on_document(error.to_string(), "check the policy again once it has been made");
    }
}
