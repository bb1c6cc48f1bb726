//! Which keys are given, follow, or stay open.

use super::*;
use trailwarden_policy::facts::facts;

const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/dev/x";
const ALICE: &str = "arn:aws:iam::111122223333:user/dev/alice";

fn ask(given: &[&str], principal: &str, action: &str, asked: &[&str]) -> anyhow::Result<Keys> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let conditions: serde_json::Map<String, serde_json::Value> =
        asked.iter().map(|key| ((*key).to_owned(), "arn:aws:iam::*:role/other".into())).collect();
    let text = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { "StringLike": conditions },
        },
    });
    let document = Document::parse(&text.to_string())?;
    let scene = Scene {
        caller: Caller::parse(principal)?,
        action,
        known_action: facts().action(action),
        resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
        owner: Some("111122223333"),
        passes_endpoint: false,
        documents: vec![&document],
    };
    Keys::of(&owned(given), &[], &scene)
}

fn keys(given: &[&str], principal: &str) -> anyhow::Result<Keys> {
    ask(given, principal, "dynamodb:GetItem", &[])
}

fn text(keys: &Keys, key: &str) -> Option<String> {
    match keys.known.get(key)? {
        Values::One(Scalar::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

#[test]
fn a_key_given_twice_has_both_values() {
    let keys = keys(&["aws:TagKeys=a", "AWS:tagkeys=b=c"], "anonymous").unwrap();
    let Some(Values::Many(values)) = keys.known.get("aws:TagKeys") else {
        panic!("{:?}", keys.known);
    };
    assert_eq!(values.len(), 2);
    assert!(matches!(&values[1], Scalar::Text(text) if text == "b=c"));
}

#[test]
fn what_is_given_counts_before_what_follows() {
    let known = keys(&[], ALICE).unwrap();
    assert!(known.derived.contains(&"aws:username"));
    assert!(known.unknown.iter().any(|key| key == "aws:CurrentTime"));
    let known = keys(&["aws:UserName=bob"], ALICE).unwrap();
    assert!(!known.derived.contains(&"aws:username"));
}

#[test]
fn what_is_no_key_is_an_error() {
    for wrong in ["aws:SourceIp", "SourceIp=1.2.3.4", "aws:SourceIp=hello"] {
        assert!(keys(&[wrong], "anonymous").is_err(), "{wrong}");
    }
    let twice = ["aws:SourceIp=203.0.113.1", "aws:SourceIp=203.0.113.2"];
    assert!(keys(&twice, "anonymous").is_err(), "one address comes with a request");
}

/// IAM User Guide, "AWS global condition context keys", `aws:PrincipalArn`.
#[test]
fn the_arn_of_the_principal_is_known_as_far_as_it_shows() {
    let root = keys(&[], "arn:aws:iam::111122223333:root").unwrap();
    assert_eq!(text(&root, "aws:PrincipalArn").unwrap(), "arn:aws:iam::111122223333:root");
    let root = keys(&[], "111122223333").unwrap();
    assert_eq!(text(&root, "aws:PrincipalArn").unwrap(), "arn:aws:iam::111122223333:root");
    let role = |asked: &str| ask(&[], SESSION, "dynamodb:GetItem", &[asked]).unwrap();
    // The policy names another role, so the path of this one does not matter.
    let known = text(&role("aws:PrincipalArn"), "aws:PrincipalArn");
    assert_eq!(known.unwrap(), "arn:aws:iam::111122223333:role/dev");
}

/// The same page, on when each key is in a request.
#[test]
fn what_the_principal_or_the_resource_has_is_unknown() {
    let is_unknown = |principal: &str, action: &str, key: &str| {
        let keys = ask(&[], principal, action, &[key]).unwrap();
        keys.unknown.iter().any(|unknown| unknown == key)
    };
    assert!(is_unknown(SESSION, "s3:GetObject", "aws:TokenIssueTime"));
    assert!(!is_unknown(ALICE, "s3:GetObject", "aws:TokenIssueTime"));
    assert!(is_unknown(ALICE, "s3:GetObject", "aws:PrincipalOrgID"));
    assert!(!is_unknown("anonymous", "s3:GetObject", "aws:PrincipalOrgID"));
    assert!(is_unknown(ALICE, "s3:GetObject", "aws:PrincipalTag/team"));
    assert!(is_unknown(ALICE, "s3:GetObject", "aws:SourceIp"));
    assert!(is_unknown(ALICE, "dynamodb:GetItem", "dynamodb:LeadingKeys"));
    assert!(!is_unknown(ALICE, "dynamodb:DescribeTable", "dynamodb:LeadingKeys"));
    assert!(is_unknown(ALICE, "ec2:StartInstances", "aws:ResourceTag/team"));
    assert!(is_unknown(ALICE, "ec2:StartInstances", "ec2:InstanceType"));
    // What the caller may send or not.
    assert!(!is_unknown(ALICE, "ec2:RunInstances", "aws:RequestTag/team"));
    assert!(!is_unknown(ALICE, "s3:ListBucket", "s3:prefix"));
    assert!(is_unknown("s3.amazonaws.com", "sqs:SendMessage", "aws:SourceArn"));
    let github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    let claim = "token.actions.githubusercontent.com:sub";
    assert!(is_unknown(github, "sts:AssumeRoleWithWebIdentity", claim));
}

#[test]
fn the_owner_of_the_resource_follows() {
    let known = keys(&[], ALICE).unwrap();
    assert_eq!(text(&known, "aws:ResourceAccount").unwrap(), "111122223333");
    let copied = ask(&[], ALICE, "ec2:CopySnapshot", &["aws:ResourceAccount"]).unwrap();
    assert!(copied.unknown.iter().any(|key| key == "aws:ResourceAccount"));
}
