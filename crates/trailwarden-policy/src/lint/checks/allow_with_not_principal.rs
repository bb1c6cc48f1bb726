//! An Allow to everyone but some.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "allow-with-not-principal",
    title: "Allow with NotPrincipal",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust],
    about: "Allow with `NotPrincipal` lets in everyone in the world who is not listed, anonymous callers too.",
    source: "IAM User Guide, \"AWS JSON policy elements: NotPrincipal\"",
    cross: &[
        (Tool::AccessAnalyzer, "ALLOW_WITH_NOT_PRINCIPAL"),
        (Tool::Parliament, "NOTPRINCIPAL_WITH_ALLOW"),
    ],
    run: Run::Statement(run),
    fires_on: &[Example::resource(
        r#""Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
    )
    .at(r#""NotPrincipal""#)],
    quiet_on: &[Example::resource(
        r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(place) = view.places.element(Element::NotPrincipal).filter(|_| view.allows()) else {
        return;
    };
    let message = "everyone is let in but the listed principals";
    let fix =
        "write `Principal` with those who are meant, and deny the others in another statement";
    found.at(place.name, view.index, message, fix);
}
