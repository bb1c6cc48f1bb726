//! A member that is no element of the policy language.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-element",
    title: "Unknown element",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a policy with a member that it does not know; a misspelt `Condition` that it let through would limit nothing.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_POLICY_ELEMENT"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Actions":"s3:*","Action":"s3:*","Resource":"*""#)
            .at(r#""Actions""#),
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[],"Comment":"x"}"#,
        )
        .at(r#""Comment""#),
    ],
    quiet_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"y","Effect":"Deny","Action":"*","Resource":"*"}]}"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::UnknownElement(_)));
}
