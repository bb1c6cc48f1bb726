//! A policy without `Version`, which AWS reads as the old one.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-version",
    title: "Missing version",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Without `Version` AWS takes the language of 2008, in which policy variables such as `${aws:username}` are plain text.",
    source: "IAM User Guide, \"IAM JSON policy elements: Version\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_VERSION"), (Tool::Parliament, "NO_VERSION")],
    run: Run::Document(run),
    fires_on: &[
Example::document(PolicyKind::Identity, r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#).at(r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),

    ],
    quiet_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),
Example::document(PolicyKind::Identity, r#"{"version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),

    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    if input.document.places.element(Element::Version).is_none() {
        found.on_document("the policy has no `Version`", "add `\"Version\": \"2012-10-17\"`");
    }
}
