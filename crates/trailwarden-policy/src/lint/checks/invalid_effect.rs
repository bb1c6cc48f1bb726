//! An `Effect` other than exactly `Allow` or `Deny`.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "invalid-effect",
    title: "Invalid effect",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "The values of `Effect` are case-sensitive; AWS refuses any other, and the whole policy with it.",
    source: "IAM User Guide, \"IAM JSON policy elements: Effect\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_EFFECT"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
        Example::identity(r#""Effect":"Permit","Action":"*","Resource":"*""#).at(r#""Permit""#),
        Example::identity(r#""Effect":"allow","Action":"*","Resource":"*""#).at(r#""allow""#),
        Example::identity(r#""Effect":["Deny"],"Action":"*","Resource":"*""#).at(r#"["Deny"]"#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Deny","Action":"*","Resource":"*""#),
        Example::identity(r#""Action":"*","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::Effect | Fault::EffectCase(_)));
}
