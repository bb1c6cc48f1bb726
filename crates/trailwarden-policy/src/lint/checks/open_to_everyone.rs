//! A resource policy that lets everyone in.

use crate::lint::prelude::*;
use crate::lint::scope::{lower, names};
use crate::trust::{Grant, Narrowing, Who, narrowing};

/// See the fields.
pub static CHECK: Check = Check {
    id: "open-to-everyone",
    title: "Resource open to everyone",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource],
    about: "With `*` as principal, every AWS account may act on the resource, and where the service knows anonymous callers, anybody at all. Only a condition on an organization, account, principal, source or network limits that.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        )
        .at(r#""*""#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sqs:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}"#,
        )
        .at(r#"{"AWS":"*"}"#),
        // A second factor anybody has in an account of his own.
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        ),
        // An absent key satisfies it.
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}}"#,
        ),
    ],
    quiet_on: &[
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abcdefghij"}}"#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::b"}}"#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"s3.eu-west-1.amazonaws.com"}}"#,
        ),
        Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*""#,
        ),
    ],
};

/// Keys of services that tell the caller's account or way, as the global ones do.
const KEYS_OF_SERVICES: &[&str] = &[
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "sns:Endpoint",
    "es:SourceIp",
    "elasticfilesystem:AccessPointArn",
];

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let statement = view.statement;
    if !view.allows() || !statement.principals.is_everyone() {
        return;
    }
    let grant = Grant {
        who: Who::Anyone,
        actions: Vec::new(),
        conditions: statement.conditions.clone().into(),
    };
    let is_limited_by_service = view.conditions().any(|one| {
        KEYS_OF_SERVICES.iter().any(|key| one.is_key(key))
            && one.condition.demands_a_match(&statement.conditions)
            && !one.condition.values.iter().any(|value| crate::pattern::is_match_all(value))
    });
    let narrowing = narrowing(&grant);
    if narrowing == Narrowing::Effective || is_limited_by_service {
        return;
    }
    let actions: Vec<_> = input.actions_of(view).iter().map(|id| id.action()).collect();
    let what = if actions.is_empty() { String::new() } else { format!(" to {}", names(&actions)) };
    let message = match statement.conditions.is_empty() {
        true => format!("everyone is allowed{what}"),
        false => format!("everyone is allowed{what}: the conditions leave nobody out for certain"),
    };
    let changes = actions.iter().any(|action| action.our_level().is_mutating());
    // Reading is what public resources are for.
    let severity = if changes || actions.is_empty() { CHECK.severity } else { Severity::Medium };
    let severity = if statement.conditions.is_empty() { severity } else { lower(severity) };
    let fix =
        "name the principals, or add a condition such as `aws:PrincipalOrgID` or `aws:SourceArn`";
    found.graded(severity, view.span_of(Element::Principal), view.index, message, fix);
}
