//! The contract of simulation cases.

use expect_test::expect;
use proptest::prelude::*;
use serde_json::json;

use super::{Case, answer, with_input};
use crate::evaluate::{decide, evaluate};

fn line(case: serde_json::Value) -> String {
    serde_json::to_string(&answer(&case.to_string())).unwrap()
}

#[test]
fn an_answer_has_the_fields_of_the_contract() {
    let policy =
        json!({ "Statement": { "Sid": "all", "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let case = json!({ "id": 7, "principal": "arn:aws:iam::111122223333:user/bob",
        "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "identityPolicies": [policy] });
    expect![[r#"{"id":7,"decision":"allow","blocked_by":[],"statements":[{"layer":"identity","policy":"identity[0]","statement":0,"sid":"all","effect":"Allow"}],"missing_context":[]}"#]]
        .assert_eq(&line(case));
}

#[test]
fn what_is_wrong_is_said() {
    let base = || {
        json!({ "id": "x", "principal": "arn:aws:iam::111122223333:user/bob",
            "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k" })
    };
    let statement =
        json!([{ "Effect": "Allow", "Action": "*" }, { "Effect": "Maybe", "Action": "*" }]);
    for (key, value, about) in [
        ("principals", json!("x"), "principals"),
        ("principal", json!("group/all"), "`group/all`"),
        ("action", json!("GetObject"), "`GetObject`"),
        ("resource", json!(""), "resource is empty"),
        ("context", json!({ "a:b": "1", "A:B": "2" }), "twice"),
        ("identityPolicies", json!([[]]), "identity[0]"),
        ("resourcePolicy", json!("not json"), "resource"),
        ("scps", json!([[], [{ "Statement": statement }]]), "scp[1][0], statement 1"),
        ("boundary", json!([{ "Version": "2012-10-17" }]), "boundary[0]"),
        ("context", json!({ "k": { "deep": 1 } }), "cannot be read"),
        ("resourceAccount", json!("1111"), "`1111`"),
    ] {
        let mut case = base();
        case[key] = value;
        let answer = answer(&case.to_string());
        let message = answer.message.unwrap_or_default();
        assert_eq!((answer.decision, answer.id), ("error", Some(json!("x"))), "{key}");
        assert!(message.contains(about), "{message} lacks {about}");
    }
    assert_eq!(answer("{").decision, "error");
}

// A policy with two members of one name is another policy to whoever keeps the other one.
#[test]
fn a_doubled_element_makes_no_answer() {
    for doubled in [
        r#""Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:Get*","action":"ec2:*","Resource":"*""#,
        r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"k":"true","K":"false"}}"#,
    ] {
        let case = format!(
            r#"{{"principal":"arn:aws:iam::111122223333:user/bob","action":"s3:GetObject","resource":"arn:aws:s3:::b/k",
            "identityPolicies":[{{"Statement":[{{{doubled}}}]}}]}}"#
        );
        let answer = answer(&case);
        assert_eq!(answer.decision, "error", "{doubled}");
        assert!(answer.message.unwrap_or_default().contains("stands twice"), "{doubled}");
    }
    let harmless = r#"{"principal":"arn:aws:iam::111122223333:user/bob","action":"s3:GetObject","resource":"arn:aws:s3:::b/k",
        "identityPolicies":[{"Statement":[{"Sid":"a","Sid":"b","Effect":"Allow","Action":"s3:*","Resource":"*"}]}]}"#;
    assert_eq!(answer(harmless).decision, "allow");
}

#[test]
fn values_may_be_numbers_and_booleans() {
    let policy = json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "Bool": { "a": true }, "NumericEquals": { "b": 5 }, "ForAnyValue:StringEquals": { "c": 7 } } } });
    let case = json!({ "principal": "arn:aws:iam::111122223333:user/bob", "action": "s3:GetObject",
        "resource": "*", "identityPolicies": [policy], "context": { "a": true, "b": 5, "c": [7, "x"] } });
    assert_eq!(answer(&case.to_string()).decision, "allow");
}

proptest! {
    #[test]
    fn any_line_is_answered(line in ".*") {
        prop_assert_eq!(answer(&line).decision, "error");
    }

    /// Odd text everywhere that text can stand. The fast way and the explained way agree.
    #[test]
    fn any_text_in_a_case_is_decided(
        operator in "(ForAnyValue:|ForAllValues:)?(String|Arn|Numeric|Date|Ip|Null|Bool|Binary)(Not)?(Equals|Like|LessThan|Address)?(IfExists)?",
        texts in proptest::collection::vec("[a-b0-9:/*?${}.,' Z+-]{0,12}|arn:aws:s3:::.{0,6}|::ffff:1\\.2\\.3\\.4/[0-9]{1,3}", 8),
        complete: bool,
        negated: bool,
    ) {
        let [action, resource, key, value, other, has, principal, id] = texts.as_slice() else {
            unreachable!("eight texts")
        };
        let (acts, covers) = if negated { ("NotAction", "NotResource") } else { ("Action", "Resource") };
        let policy = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", acts: action,
            covers: resource, "Principal": { "AWS": [principal, id] },
            "Condition": { operator: { key: [value, other] } } } });
        let case = json!({ "principal": "arn:aws:iam::111122223333:user/bob", "action": "s3:GetObject",
            "resource": format!("arn:aws:s3:::{has}"), "context": { key: has },
            "contextComplete": complete, "identityPolicies": [policy], "resourcePolicy": policy,
            "scps": [[policy]] });
        let case = Case::parse(&case.to_string()).unwrap();
        let (fast, full) = with_input(&case, |input| (decide(input), evaluate(input))).unwrap();
        prop_assert_eq!(fast, full.outcome);
    }
}
