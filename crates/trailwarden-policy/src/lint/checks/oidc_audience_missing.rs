//! A trust in an OIDC provider that does not check the audience.

use crate::lint::assuming::granted;
use crate::lint::prelude::*;
use crate::trust::{OidcWeakness, known_issuer, oidc_weakness};

/// See the fields.
pub static CHECK: Check = Check {
    id: "oidc-audience-missing",
    title: "OIDC audience not checked",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "The audience says for whom a token was made. Of Cognito, Google, Facebook and Amazon nothing else checks it, so any application of theirs gets in; of other providers, the list in the account does.",
    source: "IAM User Guide, \"Create a role for OpenID Connect federation (console)\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""cognito-identity.amazonaws.com""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:org/app:environment:prod"}}"#,
        ),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:12345678-ffff"}}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:org/app:environment:prod"}}"#,
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
        if !is_by_token || weakness != Some(OidcWeakness::NoAudience) {
            continue;
        }
        let known = known_issuer(issuer);
        let claim = known.map_or("aud", |known| known.audience_claim);
        // Where the audience is what tells tenants apart, nothing else does.
        let is_tenant = known.is_some_and(|known| known.tenant_claims.contains(&claim));
        let severity = if is_tenant { Severity::Critical } else { Severity::Low };
        let message = format!("tokens of {} for any audience are taken", quoted(issuer));
        let fix = format!("add a condition on {}", quoted(&format!("{issuer}:{claim}")));
        found.graded(severity, granted.span, view.index, message, fix);
    }
}
