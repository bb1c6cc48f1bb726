//! A set operator on the audience of a token.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "audience-with-set-operator",
    title: "Set operator on the audience",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Trust],
    about: "A token has one audience in nearly all cases. `ForAllValues` is satisfied by a token without any, and `ForAnyValue` by one that was made for others, too.",
    source: "IAM User Guide, \"Single-valued vs. multivalued context keys\"",
    cross: &[
        (Tool::AccessAnalyzer, "CONFIRM_AUDIENCE_CLAIM_TYPE"),
        (Tool::AccessAnalyzer, "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAllValues:StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
        )
        .at(r#""ForAllValues:StringEquals""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAnyValue:StringLike":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
        )
        .at(r#""ForAnyValue:StringLike""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}"#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = condition.condition.key.to_ascii_lowercase();
        let operator = condition.condition.operator.to_ascii_lowercase();
        // Keys of AWS itself have a short prefix; those of issuers hold a domain.
        let is_audience = key.strip_suffix(":aud").is_some_and(|issuer| issuer.contains('.'));
        if !is_audience {
            continue;
        }
        let severity = if condition.operator.for_all_values {
            Severity::Medium
        } else if operator.starts_with("foranyvalue:") {
            Severity::Low
        } else {
            continue;
        };
        let operator = quoted(&condition.condition.operator);
        let message = format!("{operator} is asked about the audience, which is one value");
        let fix = "write the operator without `ForAllValues:` or `ForAnyValue:`";
        found.graded(severity, condition.places.operator, view.index, message, fix);
    }
}
