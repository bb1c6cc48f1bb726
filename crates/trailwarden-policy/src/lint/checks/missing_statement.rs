//! A document without `Statement`.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-statement",
    title: "Missing statement",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A policy without statements says nothing; AWS refuses it.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_STATEMENT"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17"}"#),
        Example::document(
            PolicyKind::Identity,
            r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        ),
    ],
    quiet_on: &[
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[]}"#),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::NoStatement));
}
