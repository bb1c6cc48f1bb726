//! A key under `Principal` that AWS does not know.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-kind-of-principal",
    title: "Unknown kind of principal",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a policy whose principal stands under another key than `AWS`, `Service`, `Federated` or `CanonicalUser`; the statement was left out of all other checks.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_PRINCIPAL_KEY"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
Example::trust(r#""Effect":"Allow","Principal":{"Services":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#).at(r#""Services""#),
    ],
    quiet_on: &[
Example::trust(r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#),Example::identity(r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::UnknownPrincipalKind(_)));
}
