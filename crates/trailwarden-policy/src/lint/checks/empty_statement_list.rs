//! A document whose list of statements is empty.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "empty-statement-list",
    title: "No statement in the list",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A policy without statements allows nothing and denies nothing. What it was to forbid stays allowed.",
    source: "IAM User Guide, \"IAM JSON policy elements: Statement\"",
    cross: &[],
    run: Run::Document(run),
    fires_on: &[Example::document(
        PolicyKind::Identity,
        r#"{"Version":"2012-10-17","Statement":[]}"#,
    )],
    quiet_on: &[
        // Without the element, `missing-statement` speaks.
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17"}"#),
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[7]}"#),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let is_missing = input.problems().iter().any(|p| matches!(p.fault, Fault::NoStatement));
    // A template may fill it in.
    let is_open = !input.document.places.unknown.is_empty();
    if input.document.places.statements.is_empty() && !is_missing && !is_open {
        found.on_document("`Statement` is an empty list", "add the statements that are meant");
    }
}
