//! A statement that says neither Allow nor Deny.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-effect",
    title: "Missing effect",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a statement without `Effect`, and the whole policy with it.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_EFFECT"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
        Example::identity(r#""Action":"s3:ListBucket","Resource":"*""#)
            .at(r#"{"Action":"s3:ListBucket","Resource":"*"}"#),
        Example::identity(r#""Efect":"Allow","Action":"*","Resource":"*""#),
    ],
    quiet_on: &[
        Example::identity(r#""effect":"Allow","Action":"*","Resource":"*""#),
        Example::identity(r#""Effect":"Maybe","Action":"*","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::NoEffect));
}
