//! When AWS tells the same, in our words and in those of the programs that are made of a plan.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "support/programs.rs"]
mod programs;

use std::io::Write as _;
use std::process::{Command, Stdio};

use programs::has;
use serde_json::{Value, json};
use trailwarden_remedy::documents::{is_same_policy, is_same_value, without_deleted};

const PYTHON: &str = include_str!("../src/render/canonical.py.txt");

/// A statement of a trust policy about somebody.
fn trust(principal: Value) -> Value {
    json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal })
}

fn policy(statement: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statement })
}

/// A trust policy about somebody.
fn trusting(principal: Value) -> Value {
    policy(json!([trust(principal)]))
}

/// Two documents, and whether they are the same. "AWS JSON policy elements: Principal" and "IAM JSON
/// policy elements: Version" (IAM User Guide).
fn policies() -> Vec<(Value, Value, bool)> {
    let root = "arn:aws:iam::111122223333:root";
    let alice = "arn:aws:iam::111122223333:user/alice";
    let deleted = "AIDAEXAMPLEOFALICE001";
    let of = |members: Value| policy(json!([members]));
    let get = |more: Value| {
        let mut statement = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of(statement)
    };
    vec![
        (trusting(json!({ "AWS": root })), trusting(json!({ "AWS": "111122223333" })), true),
        (trusting(json!({ "AWS": root })), trusting(json!({ "AWS": ["111122223333"] })), true),
        (trusting(json!({ "AWS": root })), trusting(json!({ "AWS": "111122223334" })), false),
        (trusting(json!({ "AWS": root })), trusting(json!({ "AWS": alice })), false),
        (trusting(json!("*")), trusting(json!({ "AWS": "*" })), true),
        (trusting(json!("*")), trusting(json!({ "Service": "*" })), false),
        (
            trusting(json!({ "AWS": [alice, root] })),
            trusting(json!({ "AWS": [root, alice] })),
            true,
        ),
        (trusting(json!({ "AWS": [alice, deleted] })), trusting(json!({ "AWS": alice })), true),
        // A user who was deleted meanwhile is no longer trusted.
        (trusting(json!({ "AWS": alice })), trusting(json!({ "AWS": deleted })), false),
        (
            policy(json!([trust(json!({ "AWS": deleted })), trust(json!("*"))])),
            trusting(json!("*")),
            true,
        ),
        (
            trusting(json!({ "AWS": deleted, "Service": "ec2.amazonaws.com" })),
            trusting(json!({ "Service": ["ec2.amazonaws.com"] })),
            true,
        ),
        (
            of(json!({ "Effect": "Deny", "NotPrincipal": { "AWS": [deleted] }, "Action": "*" })),
            of(json!({ "Effect": "Deny", "Action": "*" })),
            false,
        ),
        (
            of(json!({ "Effect": "Deny", "NotPrincipal": { "AWS": [root] }, "Action": "*" })),
            of(
                json!({ "Effect": "Deny", "NotPrincipal": { "AWS": "111122223333" }, "Action": "*" }),
            ),
            true,
        ),
        (get(json!({})), policy(get(json!({}))["Statement"][0].clone()), true),
        (get(json!({})), get(json!({ "Sid": "", "Condition": {} })), true),
        (get(json!({})), get(json!({ "Sid": "A" })), false),
        (get(json!({})), get(json!({ "Action": ["s3:GetObject"] })), true),
        (get(json!({})), get(json!({ "Action": ["s3:GetObject", "s3:PutObject"] })), false),
        (
            get(json!({ "Action": ["a:B", "c:D", "a:B"] })),
            get(json!({ "Action": ["c:D", "a:B"] })),
            true,
        ),
        (
            get(json!({ "Condition": { "Bool": { "aws:SecureTransport": false } } })),
            get(json!({ "Condition": { "Bool": { "aws:SecureTransport": ["false"] } } })),
            true,
        ),
        (
            get(json!({ "Condition": { "NumericLessThan": { "aws:MultiFactorAuthAge": 3600 } } })),
            get(
                json!({ "Condition": { "NumericLessThan": { "aws:MultiFactorAuthAge": "3600" } } }),
            ),
            true,
        ),
        (
            get(json!({ "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-1" } } })),
            get(json!({ "Condition": { "StringLike": { "aws:PrincipalOrgID": "o-1" } } })),
            false,
        ),
        (get(json!({})), Value::from(get(json!({})).to_string()), true),
        (get(json!({})), Value::from("{"), false),
        (get(json!({})), Value::Null, false),
        (get(json!({})), json!({}), false),
        (
            json!({ "Statement": [{ "Effect": "Deny" }] }),
            json!({ "Version": "2008-10-17", "Id": "", "Statement": { "Effect": "Deny" } }),
            true,
        ),
        (json!({ "Statement": [] }), json!({ "Version": "2012-10-17", "Statement": [] }), false),
    ]
}

/// Two values of answers, and whether they are the same.
fn values() -> Vec<(Value, Value, bool)> {
    let selector = |more: Value| {
        let mut field = json!({ "Field": "eventCategory", "Equals": ["Management"] });
        field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{ "Name": "all", "FieldSelectors": [field] }])
    };
    let empty = json!({ "StartsWith": [], "EndsWith": [], "NotEquals": null });
    vec![
        (selector(json!({})), selector(empty), true),
        (selector(json!({})), selector(json!({ "NotEquals": ["x"] })), false),
        (json!(["a", "b"]), json!(["b", "a"]), true),
        (json!(["a", "b"]), json!(["a"]), false),
        (
            json!([{ "Values": ["b", "a"] }, { "Type": "x" }]),
            json!([{ "Type": "x" }, { "Values": ["a", "b"] }]),
            true,
        ),
        (json!(""), Value::Null, true),
        (json!([]), Value::Null, true),
        (json!({ "a": [{}] }), json!([]), true),
        (json!(false), Value::Null, false),
        (json!(0), json!(false), false),
        (json!(1), json!(true), false),
        (json!(24), json!(24), true),
        (json!("24"), json!(24), false),
    ]
}

#[test]
fn what_aws_tells_otherwise_is_the_same() {
    for (one, other, is_same) in policies() {
        assert_eq!(is_same_policy(&one, &other), is_same, "{one} {other}");
        assert_eq!(is_same_policy(&other, &one), is_same, "{other} {one}");
    }
    for (one, other, is_same) in values() {
        assert_eq!(is_same_value(&one, &other), is_same, "{one} {other}");
        assert_eq!(is_same_value(&other, &one), is_same, "{other} {one}");
    }
}

/// The text that programs and scripts compare by.
#[test]
fn programs_compare_alike() {
    if !has("python3", "comparing::programs_compare_alike") {
        return;
    }
    let mut process = Command::new("python3")
        .args(["-c", &format!(
            "import json, re, sys\n{PYTHON}\npolicies, values = json.load(sys.stdin)\n\
             print(json.dumps([[is_same_policy(a, b) for a, b, _ in policies], [is_same_value(a, b) for a, b, _ in values]]))"
        )])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let cases = json!([policies(), values()]).to_string();
    process.stdin.take().unwrap().write_all(cases.as_bytes()).unwrap();
    let told = process.wait_with_output().unwrap();
    let told: Vec<Vec<bool>> = serde_json::from_slice(&told.stdout).unwrap();
    for (cases, told) in [policies(), values()].iter().zip(&told) {
        for ((one, other, is_same), told) in cases.iter().zip(told) {
            assert_eq!(told, is_same, "{one} {other}");
        }
        assert_eq!(cases.len(), told.len());
    }
}

/// AWS refuses the id of a deleted principal ("AWS JSON policy elements: Principal", IAM User Guide).
#[test]
fn what_is_written_again_names_nobody_who_is_deleted() {
    let (alice, deleted) = ("arn:aws:iam::111122223333:user/alice", "AROAEXAMPLEOFAROLE001");
    let kept = json!({ "Statement": trust(json!({ "AWS": alice })), "Id": "x" });
    assert_eq!(without_deleted(&kept), Some(kept));
    let document = policy(json!([
        trust(json!({ "AWS": [deleted, alice] })),
        trust(json!({ "AWS": deleted })),
        trust(json!({ "AWS": deleted, "Service": "ec2.amazonaws.com" })),
        { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
    ]));
    let expected = policy(json!([
        trust(json!({ "AWS": [alice] })),
        trust(json!({ "Service": "ec2.amazonaws.com" })),
        { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
    ]));
    assert_eq!(without_deleted(&document), Some(expected.clone()));
    assert!(is_same_policy(&document, &expected));
    assert_eq!(without_deleted(&trusting(json!({ "AWS": [deleted] }))), None);
}
