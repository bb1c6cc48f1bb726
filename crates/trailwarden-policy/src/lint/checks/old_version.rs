//! A policy in the language of 2008.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "old-version",
    title: "Old version",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "In the language of 2008, policy variables such as `${aws:username}` are plain text: a Deny with one denies nothing that is meant.",
    source: "IAM User Guide, \"IAM JSON policy elements: Version\"",
    cross: &[(Tool::Parliament, "OLD_VERSION")],
    run: Run::Document(run),
    fires_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#).at(r#""2008-10-17""#),

    ],
    quiet_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),
Example::document(PolicyKind::Identity, r#"{"Version":"2008-10-18","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#),

    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let version = input.document.places.element(Element::Version);
    if let (Some("2008-10-17"), Some(place)) = (input.document.version.as_deref(), version) {
        let message = "`2008-10-17` is the old language, without policy variables";
        found.at(place.value, None, message, "write `2012-10-17`");
    }
}
