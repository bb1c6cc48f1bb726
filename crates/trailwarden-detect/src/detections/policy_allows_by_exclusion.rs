//! A policy allows everything but what it names.
//!
//! The documents are read, not searched: the words also stand in Deny statements, where they narrow,
//! and in names.

use trailwarden_policy::pattern::is_match_all;
use trailwarden_policy::{Document, Effect, Statement};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "policy-allows-by-exclusion",
    title: "Policy allows by exclusion",
    severity: Severity::High,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-EO-05"],
    select: Select {
        events: &[
            "iam:CreatePolicy",
            "iam:CreatePolicyVersion",
            "iam:PutUserPolicy",
            "iam:PutGroupPolicy",
            "iam:PutRolePolicy",
            "iam:CreateRole",
            "iam:UpdateAssumeRolePolicy",
            "sso:PutInlinePolicyToPermissionSet",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003"],
    risk: "Allow with NotAction or NotResource grants all that is not named, new services included; Allow with NotPrincipal in a trust policy admits everybody else, strangers too. Such grants look small and are not.",
    false_positives: &[
        "Copies of the AWS policy PowerUserAccess, which is written this way: attach the managed policy instead, or list what is needed.",
    ],
    remedies: &["narrow-policy", "restore-policy-version", "remove-trust"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:PutUserPolicy user/alice {"request":{"policyName":"p","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":\"s3:DeleteBucket\",\"Resource\":\"*\"}]}"}}"#,
        r#"role/app iam:CreatePolicyVersion policy/team {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:*\",\"NotResource\":\"arn:aws:iam::111122223333:role/x\"}]}"}}"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"NotPrincipal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"}}]}"}}"#,
        r#"mallory iam:PutGroupPolicy group/ops failed=LimitExceeded {"request":{"policyName":"p","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":\"iam:CreateUser\",\"Resource\":\"*\"}]}"}}"#,
    ],
    quiet_on: &[
        r#"mallory iam:PutUserPolicy user/alice {"request":{"policyName":"NotAction","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::NotResource/*\"}]}"}}"#,
        r#"alice iam:CreateRole role/app {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"sts:AssumeRole\",\"NotPrincipal\":{\"AWS\":\"111122223333\"}},{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}]}"}}"#,
    ],
    logic: Logic::Text(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let is_trust = event.trust_policy().is_some();
    let written = event.trust_policy().or_else(|| event.identity_policy());
    let document = Document::parse(written.or_else(|| event.request("inlinePolicy"))?).ok()?;
    let (severity, how) = document
        .statements
        .iter()
        .filter(|statement| statement.effect == Effect::Allow)
        .filter_map(|statement| exclusion(statement, is_trust))
        .max_by_key(|(severity, _)| *severity)?;
    let wrote = event.done_or("wrote", "tried to write");
    let target = event.target()?;
    let (kind, name) = (target.kind.as_str(), target.name.unwrap_or_else(|| "unknown".to_owned()));
    let text = format!("{{actor}} {wrote} a policy of {kind} {name} that {how}{{times}}.");
    Some(
        Match::on_target(event, text)
            .attempted_if_not(event.outcome, severity)
            .weighed(Weight::Effect),
    )
}

/// What an Allow statement leaves open, and how grave that is by its shape alone.
fn exclusion(statement: &Statement, is_trust: bool) -> Option<(Severity, &'static str)> {
    let is_conditioned = !statement.conditions.is_empty();
    let grave = if is_conditioned { Severity::Medium } else { Severity::High };
    if is_trust && statement.not_principals.is_some() {
        return Some((grave, "lets in everybody but those it names (Allow with NotPrincipal)"));
    }
    if statement.not_actions.is_some() {
        let everywhere = statement.not_resources.is_some()
            || statement.resources.iter().any(|resource| is_match_all(resource));
        let how = "allows every action but those it names (Allow with NotAction)";
        return Some((if everywhere { grave } else { Severity::Medium }, how));
    }
    statement.not_resources.as_ref()?;
    Some((
        grave,
        "allows its actions on every resource but those it names (Allow with NotResource)",
    ))
}
