//! A principal in a policy that is attached to principals.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "principal-not-supported",
    title: "Principal not supported",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: KINDS_OF_PRINCIPALS,
    about: "An identity policy, boundary, session policy or SCP applies to whom it is attached to; AWS refuses one that names principals.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[
        (Tool::AccessAnalyzer, "UNSUPPORTED_PRINCIPAL"),
        (Tool::AccessAnalyzer, "SCP_SYNTAX_ERROR_PRINCIPAL"),
        (Tool::Parliament, "MALFORMED"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*""#,
        )
        .at(r#""Principal""#),
        Example::scp(
            r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"*","Resource":"*""#,
        )
        .at(r#""NotPrincipal""#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#),
        Example::rcp(r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for element in [Element::Principal, Element::NotPrincipal] {
        if let Some(place) = view.places.element(element) {
            let message = format!("`{element}` cannot stand in a policy of kind {}", input.kind);
            let fix = format!("remove `{element}`, or attach the policy to the resource");
            found.at(place.name, view.index, message, fix);
        }
    }
}
