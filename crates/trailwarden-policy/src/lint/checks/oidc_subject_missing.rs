//! A trust in an OIDC provider that does not say whose tokens.

use crate::lint::assuming::granted;
use crate::lint::prelude::*;
use crate::trust::{OidcWeakness, known_issuer, oidc_weakness};

/// See the fields.
pub static CHECK: Check = Check {
    id: "oidc-subject-missing",
    title: "OIDC subject not checked",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "Without a condition on the subject, everyone who gets a token of the provider may assume the role; with a provider that serves many customers, that is every one of them.",
    source: "IAM User Guide, \"Create a role for OpenID Connect federation (console)\"",
    cross: &[
        (Tool::AccessAnalyzer, "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"),
        (Tool::AccessAnalyzer, "MISSING_GITHUB_REPO_CONDITION_KEY"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
        ),
        // Without the claim, `IfExists` lets everyone through.
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLikeIfExists":{"token.actions.githubusercontent.com:sub":"repo:org/app:*"}}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        ),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:org/app:ref:refs/heads/main"}}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for granted in granted(view) {
        let Some(issuer) = granted.grant.who.issuer() else {
            continue;
        };
        let is_by_token = granted.grant.actions.contains(&"sts:AssumeRoleWithWebIdentity");
        let weakness = oidc_weakness(&granted.grant, issuer);
        if !is_by_token || weakness != Some(OidcWeakness::NoSubject) {
            continue;
        }
        let (severity, whose) = if known_issuer(issuer).is_some_and(|known| known.is_shared) {
            (Severity::Critical, "any customer of")
        } else {
            (Severity::High, "anyone with a token of")
        };
        let message = format!("{whose} {} may assume the role", quoted(issuer));
        let fix = format!("add a condition on {}", quoted(&format!("{issuer}:sub")));
        found.graded(severity, granted.span, view.index, message, fix);
    }
}
