//! A trust policy with a resource.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "resource-in-trust-policy",
    title: "Resource in a trust policy",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A trust policy is about the role that it belongs to; AWS refuses `Resource` and `NotResource` in it.",
    source: "IAM User Guide, \"IAM policy validation check reference\"",
    cross: &[(Tool::AccessAnalyzer, "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Resource":"*""#,
        )
        .at(r#""Resource""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","NotResource":"*""#,
        )
        .at(r#""NotResource""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for element in [Element::Resource, Element::NotResource] {
        if let Some(place) = view.places.element(element) {
            let message = format!("a trust policy cannot have `{element}`");
            found.at(place.name, view.index, message, format!("remove `{element}`"));
        }
    }
}
