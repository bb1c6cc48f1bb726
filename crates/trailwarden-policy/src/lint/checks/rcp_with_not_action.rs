//! A resource control policy with `NotAction`.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "rcp-with-not-action",
    title: "RCP with NotAction",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Rcp],
    about: "AWS refuses `NotAction` in a resource control policy.",
    source: "AWS Organizations User Guide, \"RCP syntax\"",
    cross: &[(Tool::AccessAnalyzer, "RCP_SYNTAX_ERROR_NOTACTION")],
    run: Run::Statement(run),
    fires_on: &[Example::rcp(
        r#""Effect":"Deny","Principal":"*","NotAction":"s3:GetObject","Resource":"*""#,
    )
    .at(r#""NotAction""#)],
    quiet_on: &[Example::rcp(
        r#""Effect":"Deny","Principal":"*","Action":"s3:Put*","NotResource":"arn:aws:s3:::b/*""#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if let Some(place) = view.places.element(Element::NotAction) {
        let message = "a resource control policy cannot have `NotAction`";
        found.at(place.name, view.index, message, "list what is denied under `Action`");
    }
}
