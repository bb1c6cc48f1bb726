//! Condition keys that the request itself tells: whose resource it is about, and to which region it goes.
//!
//! Sources: IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount` and
//! `aws:RequestedRegion` (calls of IAM are made to one region, whatever region the caller is in), and
//! "AWS services that work with IAM" (no resource-based policies but the trust of roles); Service
//! Authorization Reference, "Amazon S3" (`s3:ResourceAccount`).

use trailwarden_model::Arn;
use trailwarden_policy::evaluate::{Owner, Request};
use trailwarden_policy::facts::lacks_resource_account;
use trailwarden_policy::reach::region_of_iam;

/// What is asked within calls of other services, which go to their own regions.
const OF_OTHERS: [&str; 2] = ["PassRole", "CreateServiceLinkedRole"];

/// The value of such a key, in lower case, where the request tells it: by the account in an ARN, or
/// because the owner was named.
pub(crate) fn request_key(key: &str, request: &Request<'_>) -> Option<String> {
    let (service, name) = request.action.split_once(':')?;
    let is_iam = service.eq_ignore_ascii_case("iam");
    if key == "aws:requestedregion" {
        let is_of_others = OF_OTHERS.iter().any(|other| name.eq_ignore_ascii_case(other));
        let region = region_of_iam(request.caller.entity()?.partition);
        return region.filter(|_| is_iam && !is_of_others).map(str::to_owned);
    }
    let is_told = match key {
        "aws:resourceaccount" => !lacks_resource_account(service, name),
        "s3:resourceaccount" => service.eq_ignore_ascii_case("s3"),
        _ => false,
    };
    if !is_told {
        return None;
    }
    // IAM lets nobody in from another account: whatever is asked is asked of the caller's own.
    if is_iam {
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

    use super::request_key;

    #[test]
    fn what_iam_is_asked_is_asked_of_the_callers_own_account() {
        let context = Context::incomplete();
        let owner = |action: &str, resource: &str| {
            let caller = Caller::parse("arn:aws:iam::111122223333:user/bob").unwrap();
            let mut request = Request::new(caller, action, resource, &context);
            request.is_wildcard_only = resource == "*";
            request_key("aws:resourceaccount", &request)
        };
        let own = Some("111122223333".to_owned());
        assert_eq!(owner("iam:ListUsers", "*"), own);
        assert_eq!(owner("IAM:GetRole", "arn:aws:iam::444455556666:role/r"), own);
        assert_eq!(owner("sqs:ListQueues", "*"), None);
        let queue = "arn:aws:sqs:eu-west-1:444455556666:q";
        assert_eq!(owner("sqs:DeleteQueue", queue), Some("444455556666".to_owned()));
    }

    #[test]
    fn calls_of_iam_go_to_one_region() {
        let context = Context::incomplete();
        let region = |caller: &str, action: &str| {
            let caller = Caller::parse(caller).unwrap();
            request_key("aws:requestedregion", &Request::new(caller, action, "*", &context))
        };
        let bob = "arn:aws:iam::111122223333:user/bob";
        assert_eq!(region(bob, "iam:CreateUser").as_deref(), Some("us-east-1"));
        let abroad = "arn:aws-cn:iam::111122223333:user/bob";
        assert_eq!(region(abroad, "IAM:CreateUser").as_deref(), Some("cn-north-1"));
        assert_eq!(region(bob, "iam:PassRole"), None);
        assert_eq!(region(bob, "ec2:RunInstances"), None);
        // Nobody knows of which partition that account is.
        assert_eq!(region("111122223333", "iam:CreateUser"), None);
    }
}
