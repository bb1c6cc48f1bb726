//! A role's trust policy lets in everybody, in any account.
//!
//! Conditions are judged by whether they say who: an organization, a network or a secret does, a second
//! factor or a tag of the caller's own choosing does not.

use trailwarden_policy::has_deny;
use trailwarden_policy::trust::{Narrowing, Who, narrowing};

use crate::prelude::*;
use crate::trusting::Trusting;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "role-trusts-anyone",
    title: "Role trusts anyone",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-PE-11"],
    select: Select {
        events: &["iam:CreateRole", "iam:UpdateAssumeRolePolicy"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003"],
    risk: "Everybody who has an AWS account anywhere can become this role; there are scanners that look for such roles.",
    false_positives: &[
        "None that is good: name the accounts, or add a condition on the organization.",
    ],
    remedies: &["remove-trust", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateRole role/app {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        r#"role/ci iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}}]}"}}"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam::111122223333:root\",\"*\"]},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringLike\":{\"aws:PrincipalOrgID\":\"*\"}}}]}"}}"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/app failed=LimitExceededException {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}]}"}}"#,
    ],
    quiet_on: &[
        r#"alice iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-abcdef1234\"}}}]}"}}"#,
        r#"alice iam:CreateRole role/app {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/*\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        r#"alice iam:CreateRole role/app {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let trusting = Trusting::of(cx)?;
    let anyone = trusting.grants.iter().filter(|grant| grant.who == Who::Anyone);
    let (severity, how) = match anyone.map(narrowing).min()? {
        Narrowing::None => (Severity::Critical, ", with no condition that narrows it"),
        Narrowing::Weak => (Severity::High, ", on a condition that does not say who"),
        Narrowing::Effective => return None,
    };
    // A Deny beside it may take the grant back, in part or in whole.
    let (but, confidence) = match has_deny(&trusting.document) {
        true => (" but beside a Deny statement", Confidence::Medium),
        false => ("", Confidence::High),
    };
    let how = format!("{how}{but}");
    Some(trusting.matched("anyone in any AWS account", &how, severity, confidence))
}
