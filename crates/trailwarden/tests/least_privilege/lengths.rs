//! Documents that would be too long by single actions, and what opens ways to more permissions.

use serde_json::{Value, json};
use trailwarden_policy::facts::{Level, facts};

use crate::account::{details, put, records, user};
use crate::support::{check_schema, folder, run};

const BY: &str = "--baseline account.json --logs log.json --quiet --json";

/// What becomes of an inline policy of alice's that allows this, after these calls of hers.
fn told(allowed: Value, calls: &[&str]) -> Value {
    let mut account = details();
    let alice = account["UserDetailList"].as_array_mut().unwrap();
    let alice = alice.iter_mut().find(|user| user["UserName"] == "alice").unwrap();
    alice["UserPolicyList"] = json!([{ "PolicyName": "many", "PolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": allowed, "Resource": "*" }] } }]);
    let calls: Vec<(Value, &str)> = calls.iter().map(|call| (user("alice"), *call)).collect();
    let mut log = records(&calls);
    for record in log["Records"].as_array_mut().unwrap() {
        record["eventTime"] = "2026-01-05T10:00:00Z".into();
    }
    let folder = folder();
    put(folder.path(), &account, &log);
    let answer = run(folder.path(), &format!("least-privilege alice {BY}")).json();
    check_schema("least-privilege", &answer);
    let all = answer["accounts"][0]["policies"].as_array().unwrap();
    all.iter().find(|one| one["name"] == "many").unwrap().clone()
}

/// Source: IAM User Guide, "IAM and AWS STS quotas" (2,048 characters in all inline policies of a user).
#[test]
fn only_as_many_services_stay_whole_as_make_it_short_enough() {
    let listing = facts().service("ec2").unwrap().actions().iter();
    let listing = listing.filter(|it| it.level() == Level::List).take(70);
    let many: Vec<String> = listing.map(|it| format!("ec2 {}", it.name())).collect();
    let mut calls: Vec<&str> = many.iter().map(String::as_str).collect();
    calls.extend(["iam GetRole", "iam CreateRole", "rds DescribeDBInstances"]);
    let policy = told(json!(["ec2:*", "iam:*", "rds:*"]), &calls);
    assert_eq!(policy["by_service_of"], json!(["ec2"]), "{policy}");
    let left = policy["after"]["Statement"][0]["Action"].as_array().unwrap();
    assert!(left.contains(&json!("ec2:*")) && left.contains(&json!("iam:GetRole")), "{left:?}");
    assert!(left.contains(&json!("rds:DescribeDBInstances")) && !left.contains(&json!("iam:*")));
    assert!(policy["size"].as_u64() <= policy["size_max"].as_u64());
}

/// Source: Service Authorization Reference, "Actions defined by Amazon EC2" (`RunInstances` depends on
/// `iam:PassRole`).
#[test]
fn what_opens_ways_to_more_permissions_never_stays_in_silence() {
    let allowed = || json!(["ec2:*", "iam:*"]);
    let without = told(allowed(), &["ec2 StartInstances", "iam PutRolePolicy", "iam GetRole"]);
    assert_eq!(
        without["after"]["Statement"][0]["Action"],
        json!(["ec2:StartInstances", "iam:GetRole", "iam:PutRolePolicy"])
    );
    assert_eq!(without["privileged"], json!([]));
    let with = told(allowed(), &["ec2 RunInstances", "iam GetRole"]);
    assert_eq!(with["privileged"], json!(["iam:PassRole"]), "{with}");
}
