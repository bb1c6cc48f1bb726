//! Actions that go, while others of their statement stay.

use serde_json::json;
use trailwarden_policy::facts::ActionSet;

use super::*;

fn escalates(document: &str) -> bool {
    graded(document).is_some_and(|(grade, _)| grade >= Grade::Privesc)
}

fn narrowed(document: &Value) -> Option<Value> {
    let text = document.to_string();
    let faulty = alone(&text, escalates);
    assert!(!faulty.is_empty(), "{text}");
    split(&text, &faulty, escalates).map(|left| serde_json::from_str(&left).unwrap())
}

fn allowed(document: &Value) -> ActionSet {
    let document = Document::parse(&document.to_string()).unwrap();
    let mut all = ActionSet::empty();
    for grant in Reach::of([&document]).grants() {
        all.union_with(grant.actions.known());
    }
    all
}

#[test]
fn the_harmless_actions_of_a_statement_stay() {
    let actions = [
        "s3:GetObject",
        "iam:AttachUserPolicy",
        "ec2:DescribeInstances",
        "sqs:SendMessage",
        "logs:GetLogEvents",
        "sns:Publish",
        "iam:CreatePolicyVersion",
        "dynamodb:GetItem",
        "kms:DescribeKey",
        "sqs:ReceiveMessage",
    ];
    // IAM answers in this region only ("AWS global condition context keys", IAM User Guide).
    let condition = json!({"StringEquals": {"aws:RequestedRegion": "us-east-1"}});
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Other", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"},
        {"Sid": "Mixed", "Effect": "Allow", "Action": actions, "Resource": "*",
            "Condition": condition}]});
    let left = narrowed(&document).unwrap();
    let mixed = &left["Statement"][1];
    let kept: Vec<&str> = actions.into_iter().filter(|it| !it.starts_with("iam:")).collect();
    assert_eq!(mixed["Action"], json!(kept));
    assert_eq!((&mixed["Condition"], &mixed["Resource"]), (&condition, &json!("*")));
    assert_eq!(left["Statement"][0], document["Statement"][0]);
    assert!(allowed(&left).is_subset(&allowed(&document)), "it is never wider");
    assert!(alone(&left.to_string(), escalates).is_empty());
}

/// What leads to more only together is not taken apart.
#[test]
fn a_statement_goes_whole_where_no_action_alone_is_at_fault() {
    let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
        "Resource": "*"}]});
    assert_eq!(narrowed(&document), None);
    let whole = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "NotAction": ["s3:*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["iam:PutUserPolicy"], "Resource": "*"}]});
    assert_eq!(narrowed(&whole), None);
}

/// What is left of two statements may lead to more again, where neither does alone.
#[test]
fn statements_go_whole_where_what_is_left_of_them_is_at_fault_together() {
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["iam:PutUserPolicy", "iam:PassRole"], "Resource": "*"},
        {"Effect": "Allow", "Resource": "*", "Action": ["iam:AttachUserPolicy",
            "lambda:CreateFunction", "lambda:InvokeFunction"]}]});
    assert_eq!(narrowed(&document), None);
}
