//! A statement without `Action` and without `NotAction`.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-action",
    title: "Missing action",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a statement that names no action, and the whole policy with it.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_ACTION"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Resource":"*""#)
        .at(r#"{"Effect":"Allow","Resource":"*"}"#)],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","Action":[],"Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::NoAction));
}
