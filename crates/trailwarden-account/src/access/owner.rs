//! Condition keys that tell whose resource a request is about.
//!
//! Source: IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount`; Service
//! Authorization Reference, "Amazon S3" (`s3:ResourceAccount`).

use trailwarden_model::Arn;
use trailwarden_policy::evaluate::{Owner, Request};
use trailwarden_policy::facts::lacks_resource_account;

/// The value of such a key, in lower case, where the request tells it: by the account in an ARN, or
/// because the owner was named.
pub(crate) fn owner_key(key: &str, request: &Request<'_>) -> Option<String> {
    let (service, name) = request.action.split_once(':')?;
    let is_told = match key {
        "aws:resourceaccount" => !lacks_resource_account(service, name),
        "s3:resourceaccount" => service.eq_ignore_ascii_case("s3"),
        _ => false,
    };
    if !is_told || request.is_wildcard_only {
        return None;
    }
    match (Arn::parse(request.resource).and_then(|arn| arn.account_id()), request.owner) {
        (Some(account), _) => Some(account.to_string()),
        (None, Owner::Account(account)) => Some(account.to_owned()),
        (None, Owner::Caller | Owner::Unknown) => None,
    }
}
