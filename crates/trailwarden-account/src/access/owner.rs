//! Condition keys that tell whose resource a request is about.
//!
//! Sources: IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount`, and "AWS services
//! that work with IAM" (no resource-based policies but the trust of roles); Service
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
    if !is_told {
        return None;
    }
    // IAM lets nobody in from another account: whatever is asked is asked of the caller's own.
    if service.eq_ignore_ascii_case("iam") {
        return request.caller.account().map(str::to_owned);
    }
    if request.is_wildcard_only {
        return None;
    }
    match (Arn::parse(request.resource).and_then(|arn| arn.account_id()), request.owner) {
        (Some(account), _) => Some(account.to_string()),
        (None, Owner::Account(account)) => Some(account.to_owned()),
        (None, Owner::Caller | Owner::Unknown) => None,
    }
}

#[cfg(test)]
mod tests {
    use trailwarden_policy::evaluate::{Caller, Context, Request};

    use super::owner_key;

    #[test]
    fn what_iam_is_asked_is_asked_of_the_callers_own_account() {
        let context = Context::incomplete();
        let owner = |action: &str, resource: &str| {
            let caller = Caller::parse("arn:aws:iam::111122223333:user/bob").unwrap();
            let mut request = Request::new(caller, action, resource, &context);
            request.is_wildcard_only = resource == "*";
            owner_key("aws:resourceaccount", &request)
        };
        let own = Some("111122223333".to_owned());
        assert_eq!(owner("iam:ListUsers", "*"), own);
        assert_eq!(owner("IAM:GetRole", "arn:aws:iam::444455556666:role/r"), own);
        assert_eq!(owner("sqs:ListQueues", "*"), None);
        let queue = "arn:aws:sqs:eu-west-1:444455556666:q";
        assert_eq!(owner("sqs:DeleteQueue", queue), Some("444455556666".to_owned()));
    }
}
