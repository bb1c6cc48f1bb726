//! A resource policy that lets everyone in.

use crate::condition::Operator;
use crate::lint::conditions::{AddressRange, GUARDS, is_one_of, open_value};
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
        // Every address.
        Example::resource(
            r#""Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#,
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
        but: std::sync::Arc::default(),
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
    // An address range of everything is as good as none.
    let has_conditions = view.conditions().any(|one| open_value(&one).is_none());
    let is_denied = !found.is_full() && guarding_deny(input, view).is_some();
    let message = match (is_denied, has_conditions) {
        (true, _) => format!("everyone is allowed{what}, but for what a Deny leaves out"),
        (false, true) => {
            format!("everyone is allowed{what}: the conditions leave nobody out for certain")
        }
        (false, false) => format!("everyone is allowed{what}"),
    };
    let changes = actions.iter().any(|action| action.our_level().is_mutating());
    // Reading is what public resources are for.
    let severity = if changes || actions.is_empty() { CHECK.severity } else { Severity::Medium };
    let severity = match (is_denied, has_conditions) {
        (true, _) => Severity::Info,
        (false, true) => lower(severity),
        (false, false) => severity,
    };
    let fix =
        "name the principals, or add a condition such as `aws:PrincipalOrgID` or `aws:SourceArn`";
    found.graded(severity, view.span_of(Element::Principal), view.index, message, fix);
}

/// A Deny of the same document for all but some network, organization or principal, that covers
/// whatever the Allow gives: the other way to write a list of those who may come.
///
/// Source: API Gateway Developer Guide, "API Gateway resource policy examples".
fn guarding_deny<'i, 'd>(
    input: &'i Input<'d>,
    allow: &StatementView<'_>,
) -> Option<&'i StatementView<'d>> {
    // Others are not looked at: rather a finding too severe than much time.
    const DENIES_MAX: usize = 16;
    const TEXTS_MAX: usize = 128;
    let is_small = |statement: &Statement| {
        let excluded = statement.not_actions.as_ref().map_or(0, Vec::len);
        statement.actions.len() + excluded + statement.resources.len() <= TEXTS_MAX
    };
    if !is_small(allow.statement) {
        return None;
    }
    let denies = input.statements().iter().filter(|view| view.denies()).take(DENIES_MAX);
    let actions = input.actions_of(allow);
    denies.into_iter().find(|deny| {
        is_small(deny.statement)
            && deny.statement.principals.is_everyone()
            && has_guards_alone(deny)
            && !actions.is_empty()
            && actions.is_subset(&input.actions_of(deny))
            && covers_resources(deny.statement, allow.statement)
    })
}

fn has_guards_alone(deny: &StatementView<'_>) -> bool {
    let is_guard = |one: &ConditionView<'_>| {
        let key = &one.condition.key;
        let is_of_who = is_one_of(key, GUARDS)
            || is_one_of(key, &["aws:PrincipalArn", "aws:PrincipalAccount"])
            || is_one_of(key, KEYS_OF_SERVICES);
        let leaves_out_all = |value: &String| {
            crate::pattern::is_match_all(value)
                || AddressRange::parse(value).is_some_and(|range| range.is_everything())
        };
        is_of_who
            && is_plainly_negative(&one.operator)
            && !one.condition.values.iter().any(leaves_out_all)
    };
    // Calls of AWS services on behalf of somebody are often left out besides.
    let is_exemption = |one: &ConditionView<'_>| {
        one.is_key("aws:PrincipalIsAWSService") || one.is_key("aws:ViaAWSService")
    };
    deny.conditions().any(|one| is_guard(&one))
        && deny.conditions().all(|one| is_guard(&one) || is_exemption(&one))
}

fn is_plainly_negative(operator: &Operator) -> bool {
    operator.is_negative() && operator.base != "null" && !operator.for_all_values
}

fn covers_resources(deny: &Statement, allow: &Statement) -> bool {
    if deny.not_resources.is_some() || allow.not_resources.is_some() {
        return false;
    }
    let is_covered = |wanted: &String| {
        deny.resources.iter().any(|r| r == wanted || crate::pattern::is_match_all(r))
    };
    allow.resources.iter().all(is_covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(second: &str) -> Severity {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}}{second}]}}"#
        );
        let findings = crate::lint::lint(&text, Some(PolicyKind::Resource));
        findings.iter().find(|finding| finding.check == &CHECK).unwrap().severity
    }

    #[test]
    fn a_deny_for_all_but_some_lowers_it() {
        let deny = |condition: &str| {
            severity(&format!(
                r#",{{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*","Condition":{condition}}}"#
            ))
        };
        assert_eq!(severity(""), Severity::High);
        assert_eq!(deny(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), Severity::Info);
        assert_eq!(
            deny(r#"{"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}"#),
            Severity::Info
        );
        // It asks for a channel, not for a caller.
        assert_eq!(deny(r#"{"Bool":{"aws:SecureTransport":"false"}}"#), Severity::High);
        assert_eq!(deny(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), Severity::High);
        // Whoever has the tag passes.
        let both = r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:RequestTag/a":"b"}}"#;
        assert_eq!(deny(both), Severity::High);
    }
}
