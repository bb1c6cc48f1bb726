//! A wildcard within a principal.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "wildcard-in-principal",
    title: "Wildcard within a principal",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust, PolicyKind::Endpoint],
    about: "A principal is `*`, or it is whole: AWS refuses a policy with a wildcard inside one. A pattern belongs into a condition on `aws:PrincipalArn`.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/ci-*"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""arn:aws:iam::111122223333:role/ci-*""#),
        Example::trust(r#""Effect":"Allow","Principal":{"Service":"*"},"Action":"sts:AssumeRole""#)
            .at(r#""*""#),
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::*:root"},"Action":"s3:*","Resource":"*""#,
        )
        .at(r#""arn:aws:iam::*:root""#),
    ],
    quiet_on: &[
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}}"#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals() {
        let value = part.principal.value.as_str();
        let is_everyone = part.principal.kind == PrincipalKind::Aws && value == "*";
        if is_everyone || !value.contains(['*', '?']) {
            continue;
        }
        let fix = match part.principal.kind {
            PrincipalKind::Aws => {
                "name each principal, or write `\"*\"` with a condition `ArnLike` on `aws:PrincipalArn`"
            }
            PrincipalKind::Service | PrincipalKind::Federated | PrincipalKind::CanonicalUser => {
                "name each one that is meant"
            }
        };
        let message = format!("{} has a wildcard", quoted(value));
        found.at(part.span, view.index, message, fix);
    }
}
