//! A resource control policy that names principals.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "rcp-principal-not-everyone",
    title: "RCP with other principals than everyone",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Rcp],
    about: "A resource control policy is about everyone; AWS refuses another principal than `*`, and `NotPrincipal`.",
    source: "AWS Organizations User Guide, \"RCP syntax\"",
    cross: &[(Tool::AccessAnalyzer, "RCP_SYNTAX_ERROR_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[
        Example::rcp(
            r#""Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
        )
        .at(r#""111122223333""#),
        Example::rcp(
            r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
        )
        .at(r#""111122223333""#),
    ],
    quiet_on: &[Example::rcp(
        r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals() {
        let is_everyone = part.principal.kind == PrincipalKind::Aws && part.principal.value == "*";
        if part.element == Element::Principal && is_everyone {
            continue;
        }
        let message =
            format!("{} stands in a policy that is about everyone", quoted(&part.principal.value));
        let fix = "write `\"Principal\": \"*\"` with a condition on `aws:PrincipalArn` or `aws:PrincipalAccount`";
        found.at(part.span, view.index, message, fix);
    }
}
