//! A trust policy with `NotPrincipal`.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "not-principal-in-trust-policy",
    title: "NotPrincipal in a trust policy",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A role says whom it trusts; AWS refuses `NotPrincipal` in its trust policy.",
    source: "IAM User Guide, \"AWS JSON policy elements: NotPrincipal\"",
    cross: &[(Tool::AccessAnalyzer, "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[Example::trust(
        r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
    )
    .at(r#""NotPrincipal""#)],
    quiet_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if let Some(place) = view.places.element(Element::NotPrincipal) {
        let message = "a trust policy cannot have `NotPrincipal`";
        let fix =
            "write `Principal`, with a condition on `aws:PrincipalArn` where some are left out";
        found.at(place.name, view.index, message, fix);
    }
}
