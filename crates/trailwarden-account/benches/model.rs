//! What it costs to keep a copy of a large model and change one thing.
//!
//! `cargo bench --package trailwarden-account --bench model` prints medians. Each change carries the
//! model before and after, so a step must cost the thing changed and not the account.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks to a terminal and may stop at the first surprise"
)]

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};
use trailwarden_account::baseline::authorization_details;
use trailwarden_account::entry::order_of;
use trailwarden_account::{Entry, Model};
use trailwarden_model::Timestamp;
use trailwarden_record::Event;
use trailwarden_record::row::Place;

const ACCOUNT: &str = "111122223333";
const USERS: usize = 5_000;
const STEPS: usize = 2_000;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;

fn main() {
    let started = Instant::now();
    let baseline = authorization_details(details().to_string().as_bytes()).unwrap();
    let model = Model::from_baseline(&baseline.taken_at(Timestamp::from_seconds(START)));
    println!("{:<44} {:>10.1} ms", "read and import", started.elapsed().as_secs_f64() * 1e3);

    println!("{:<44} {:>10.2} us", "clone", median(|_| drop(black_box(model.clone()))));
    let steps = [
        ("copy, then put an inline policy", inline as fn(usize) -> Entry),
        ("copy, then tag a user", tag),
        ("copy, then add to a group of all", join),
        ("copy, then move an account of the tree", moved),
    ];
    for (name, step) in steps {
        let entries: Vec<Entry> = (0..STEPS).map(step).collect();
        // All models stay, as those of changes do, so nothing can be changed in place.
        let mut kept = vec![model.clone()];
        let took = median(|at| {
            let mut next = kept[at].clone();
            assert!(!next.fold(&entries[at]).is_empty());
            kept.push(next);
        });
        println!("{name:<44} {took:>10.2} us");
    }
}

/// Microseconds of the step in the middle.
fn median(mut step: impl FnMut(usize)) -> f64 {
    let mut took: Vec<f64> = (0..STEPS)
        .map(|at| {
            let started = Instant::now();
            step(at);
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

/// Users with two inline and two attached policies each, half of them in one group.
fn details() -> Value {
    let document = |n: usize| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": format!("arn:aws:s3:::bucket-{n}/*")}]})
    };
    let users: Vec<Value> = (0..USERS)
        .map(|n| {
            let groups = if n % 2 == 0 { json!(["all"]) } else { json!([]) };
            json!({
                "Path": "/", "UserName": format!("user-{n}"), "UserId": format!("AIDA{n:017}"),
                "Arn": arn(&format!("user/user-{n}")), "CreateDate": "2025-01-01T00:00:00Z",
                "GroupList": groups, "Tags": [{"Key": "team", "Value": format!("t{}", n % 40)}],
                "UserPolicyList": [{"PolicyName": "a", "PolicyDocument": document(n)},
                    {"PolicyName": "b", "PolicyDocument": document(n + 1)}],
                "AttachedManagedPolicies": [
                    {"PolicyName": "x", "PolicyArn": arn(&format!("policy/p-{}", n % 500))},
                    {"PolicyName": "y", "PolicyArn": arn(&format!("policy/p-{}", (n + 7) % 500))}],
            })
        })
        .collect();
    let policies: Vec<Value> = (0..500)
        .map(|n| {
            json!({
                "PolicyName": format!("p-{n}"), "PolicyId": format!("ANPA{n:017}"),
                "Arn": arn(&format!("policy/p-{n}")), "DefaultVersionId": "v1",
                "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true,
                    "Document": document(n)}],
            })
        })
        .collect();
    json!({
        "UserDetailList": users, "Policies": policies, "RoleDetailList": [],
        "GroupDetailList": [{"Path": "/", "GroupName": "all", "GroupId": "AGPAALL",
            "Arn": arn("group/all"), "CreateDate": "2025-01-01T00:00:00Z"}],
    })
}

fn entry(number: usize, service: &str, name: &str, request: &Value) -> Entry {
    let record = json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "Root", "principalId": ACCOUNT, "accountId": ACCOUNT,
            "arn": arn("root")},
        "eventTime": Timestamp::from_seconds(START + 1 + number as i64).to_string(),
        "eventSource": format!("{service}.amazonaws.com"), "eventName": name,
        "awsRegion": "us-east-1", "requestParameters": request, "responseElements": null,
        "eventID": format!("00000000-0000-4000-8000-{number:012}"),
        "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT,
    });
    let event = Event::decode(record.to_string().as_bytes()).unwrap();
    Entry::of(&event, order_of(&event), Place::default()).unwrap()
}

fn inline(number: usize) -> Entry {
    let request = json!({"userName": format!("user-{number}"), "policyName": "c",
        "policyDocument": "{}"});
    entry(number, "iam", "PutUserPolicy", &request)
}

fn tag(number: usize) -> Entry {
    let request = json!({"userName": format!("user-{number}"),
        "tags": [{"key": "team", "value": "other"}]});
    entry(number, "iam", "TagUser", &request)
}

fn join(number: usize) -> Entry {
    let request = json!({"userName": format!("user-{}", 2 * number + 1), "groupName": "all"});
    entry(number, "iam", "AddUserToGroup", &request)
}

fn moved(number: usize) -> Entry {
    let request = json!({"accountId": format!("{number:012}"), "destinationParentId": "ou-1"});
    entry(number, "organizations", "MoveAccount", &request)
}
