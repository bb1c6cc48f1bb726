//! A statement that is a text, a number, a list or null.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "statement-not-an-object",
    title: "Statement is not an object",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A statement is an object of elements; AWS refuses anything else, and it allows or denies nothing.",
    source: "IAM User Guide, \"Grammar of the IAM JSON policy language\"",
    cross: &[(Tool::AccessAnalyzer, "DATA_TYPE_MISMATCH"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
        Example::document(PolicyKind::Identity, r#"{"Statement":["Allow"]}"#).at(r#""Allow""#),
        Example::document(PolicyKind::Identity, r#"{"Statement":[[]]}"#).at("[]"),
        Example::document(PolicyKind::Identity, r#"{"Statement":null}"#).at("null"),
    ],
    quiet_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::NotAStatement));
}
