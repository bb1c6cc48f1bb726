//! Services that a trust policy lets in without saying for whom they work.

use trailwarden_model::AccountId;
use trailwarden_policy::condition::Condition;
use trailwarden_policy::trust::{Grant, Who};

/// Services that enter roles without saying for whom: a condition on that would shut them out.
///
/// Sources: IAM User Guide, "The confused deputy problem"; the services' own guides on their roles.
const WITHOUT_SOURCE: &[&str] = &[
    "ec2.amazonaws.com",
    "edgelambda.amazonaws.com",
    "lambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];

/// The rule for which a bucket's ARN, which has no account, says too little.
const OF_ACCOUNT: &str = "role-trusts-service-of-any-account";

/// Whether it lets in a service that could say for whom it works and need not, also where a condition asks for it
/// and whatever is said will do.
pub(super) fn is_unbound_service(grant: &Grant, rule: &str) -> bool {
    let is_bound = grant.conditions.iter().any(|condition| {
        condition.demands_a_match(&grant.conditions) && names_owner(condition, rule)
    });
    match &grant.who {
        Who::Service(name) => !is_bound && !WITHOUT_SOURCE.contains(&name.as_str()),
        _ => false,
    }
}

/// Whether no wildcard stands where the owner would.
fn names_owner(condition: &Condition, rule: &str) -> bool {
    let is_account =
        |text: &str| AccountId::parse(text).is_some() || text == "${aws:ResourceAccount}";
    let has_wildcard = |text: &str| text.contains(['*', '?']);
    let all = |is: &dyn Fn(&str) -> bool| condition.values.iter().all(|value| is(value));
    match condition.key.to_ascii_lowercase().as_str() {
        "aws:sourceaccount" => all(&is_account),
        "aws:sourcearn" => all(&|arn| match arn.splitn(6, ':').collect::<Vec<_>>().as_slice() {
            [_, _, _, "", "", name] => rule != OF_ACCOUNT && !has_wildcard(name),
            [_, _, _, _, account, _] => is_account(account),
            _ => false,
        }),
        key if key.starts_with("aws:source") => all(&|value| !has_wildcard(value)),
        _ => false,
    }
}
