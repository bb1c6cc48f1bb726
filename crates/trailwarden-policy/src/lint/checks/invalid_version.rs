//! A `Version` that is not one of the two that exist.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "invalid-version",
    title: "Invalid version",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a policy whose `Version` is neither `2012-10-17` nor `2008-10-17`; it is the version of the language, not of the policy.",
    source: "IAM User Guide, \"IAM JSON policy elements: Version\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_VERSION"), (Tool::Parliament, "INVALID_VERSION")],
    run: Run::Document(run),
    fires_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-18","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#).at(r#""2012-10-18""#),
Example::document(PolicyKind::Identity, r#"{"Version":"","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#).at(r#""""#),

    ],
    quiet_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),
Example::document(PolicyKind::Identity, r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),

    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let place = input.document.places.element(Element::Version);
    let (Some(version), Some(place)) = (input.document.version.as_deref(), place) else {
        return;
    };
    if !matches!(version, "2012-10-17" | "2008-10-17") {
        let message = format!("{} is not a version of the policy language", quoted(version));
        found.at(place.value, None, message, "write `2012-10-17`");
    }
}
