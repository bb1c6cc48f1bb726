//! An identity provider as a principal of a resource.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "federated-principal-not-supported",
    title: "Federated principal not supported",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource, PolicyKind::Endpoint],
    about: "Only a role can trust an identity provider; AWS refuses one in the policy of another resource.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::AccessAnalyzer, "FEDERATED_PRINCIPAL_NOT_SUPPORTED")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(
        r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
    )
    .at(r#""arn:aws:iam::111122223333:saml-provider/idp""#)],
    quiet_on: &[
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:federated-user/bob"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals().filter(|part| part.principal.kind == PrincipalKind::Federated) {
        let value = quoted(&part.principal.value);
        let message = format!("{value} can only be trusted by a role");
        let fix = "name the role that its users assume";
        found.at(part.span, view.index, message, fix);
    }
}
