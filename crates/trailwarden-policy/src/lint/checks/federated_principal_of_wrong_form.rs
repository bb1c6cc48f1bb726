//! A federated principal that is no identity provider.

use trailwarden_model::Arn;

use crate::lint::arns::is_open;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "federated-principal-of-wrong-form",
    title: "Federated principal of the wrong form",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A role trusts a provider by its ARN in the account, or by its domain where AWS knows it by itself. AWS refuses other forms.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[
        (Tool::AccessAnalyzer, "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"),
        (Tool::Parliament, "UNKNOWN_FEDERATION_SOURCE"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:role/x"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""arn:aws:iam::111122223333:role/x""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"https://token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""https://token.actions.githubusercontent.com""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"idp.example.com"},"Action":"sts:AssumeRoleWithWebIdentity""#,
        )
        .at(r#""idp.example.com""#),
    ],
    quiet_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"Federated":["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com","arn:aws-cn:iam::111122223333:saml-provider/idp","cognito-identity.amazonaws.com","www.amazon.com"]},"Action":"sts:AssumeRoleWithWebIdentity""#,
    )],
};

/// Providers that AWS knows by itself, so that no account registers them.
const KNOWN: [&str; 6] = [
    "accounts.google.com",
    "cognito-identity-us-gov.amazonaws.com",
    "cognito-identity.amazonaws.com",
    "cognito-identity.cn-north-1.amazonaws.com.cn",
    "graph.facebook.com",
    "www.amazon.com",
];

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals().filter(|part| part.principal.kind == PrincipalKind::Federated) {
        let value = part.principal.value.as_str();
        if is_open(value) || is_provider(value) {
            continue;
        }
        let message = if is_domain(value) {
            format!("{} is not known to AWS by its domain", quoted(value))
        } else {
            format!("{} is no identity provider", quoted(value))
        };
        let fix =
            "write `arn:aws:iam::ACCOUNT:oidc-provider/DOMAIN`, or the ARN of the SAML provider";
        found.at(part.span, view.index, message, fix);
    }
}

fn is_provider(value: &str) -> bool {
    let Some(arn) = Arn::parse(value) else {
        return KNOWN.contains(&value);
    };
    let name = arn.resource.split_once('/').map_or("", |(_, name)| name);
    arn.service == "iam"
        && arn.region.is_empty()
        && arn.account_id().is_some()
        && matches!(arn.kind(), "saml-provider" | "oidc-provider")
        && !name.is_empty()
}

fn is_domain(value: &str) -> bool {
    let is_known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'/' | b'_');
    value.contains('.') && value.bytes().all(is_known)
}
