//! A trust in an OIDC provider whose subject fits too many.

use crate::lint::assuming::granted;
use crate::lint::prelude::*;
use crate::trust::{OidcWeakness, known_issuer, oidc_weakness};

/// See the fields.
pub static CHECK: Check = Check {
    id: "oidc-subject-too-wide",
    title: "OIDC subject too wide",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "The pattern decides whose workloads may assume the role: one that leaves the tenant open lets in strangers, and one that leaves repository or branch open lets in everyone who can run something there.",
    source: "IAM User Guide, \"Create a role for OpenID Connect federation (console)\"",
    cross: &[
        (Tool::AccessAnalyzer, "MISSING_GITHUB_REPO_CONDITION_KEY"),
        (Tool::AccessAnalyzer, "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*"}}"#,
        )
        .at(r#""repo:*""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/*"}}"#,
        )
        .at(r#""repo:org/*""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":["repo:org/app:*"]}}"#,
        )
        .at(r#""repo:org/app:*""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/app:ref:refs/heads/main"}}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:org/app:environment:prod"}}"#,
        ),
    ],
};

const GITHUB: &str = "token.actions.githubusercontent.com";

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for granted in granted(view) {
        let Some(issuer) = granted.grant.who.issuer() else {
            continue;
        };
        if !granted.grant.actions.contains(&"sts:AssumeRoleWithWebIdentity") {
            continue;
        }
        let is_shared = known_issuer(issuer).is_some_and(|known| known.is_shared);
        let (severity, value, message) = match oidc_weakness(&granted.grant, issuer) {
            Some(OidcWeakness::WildcardSubject { value }) if is_shared => {
                let message = format!("{} fits strangers, too", quoted(&value));
                (Severity::Critical, value, message)
            }
            Some(OidcWeakness::WildcardSubject { value }) => {
                let message = format!("{} fits every workload of the provider", quoted(&value));
                (Severity::High, value, message)
            }
            Some(OidcWeakness::WideSubject { value }) => {
                let message = format!("{} fits all that the tenant runs", quoted(&value));
                (Severity::Medium, value, message)
            }
            None if issuer.eq_ignore_ascii_case(GITHUB) => match open_branch(view) {
                Some(value) => {
                    let message = format!("{} leaves the branch open", quoted(value));
                    (Severity::Info, value.to_owned(), message)
                }
                None => continue,
            },
            Some(OidcWeakness::NoSubject | OidcWeakness::NoAudience) | None => continue,
        };
        let span = place_of(view, &value).unwrap_or(granted.span);
        let fix =
            "name tenant, project and branch or environment, with no wildcard before the last";
        found.graded(severity, span, view.index, message, fix);
    }
}

/// A subject of GitHub that names the repository and no branch.
fn open_branch<'d>(view: &StatementView<'d>) -> Option<&'d str> {
    let subject = format!("{GITHUB}:sub");
    let mut conditions = view
        .conditions()
        .filter(|condition| condition.is_key(&subject) && condition.operator.base == "stringlike");
    conditions.find_map(|condition| {
        let mut values = condition.condition.values.iter();
        values.find(|value| value.ends_with(":*")).map(String::as_str)
    })
}

/// Where a value stands among those of the conditions.
fn place_of(view: &StatementView<'_>, value: &str) -> Option<Span> {
    view.conditions().find_map(|condition| {
        condition.values().find(|(text, _)| *text == value).map(|(_, span)| span)
    })
}
