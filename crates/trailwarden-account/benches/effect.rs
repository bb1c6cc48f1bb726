//! How long it takes to judge one change, with a large account in memory.
//!
//! `cargo bench --package trailwarden-account --bench effect` prints the CPU time of each kind of change
//! in an account of 5,000 users and roles with four policies each: the median, the longest and that of
//! the first, which reads what the others find read. `-- group` prints those kinds whose title holds
//! that word.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks to a terminal and may stop at the first surprise"
)]

#[path = "kit/clock.rs"]
mod clock;

use std::hint::black_box;
use std::time::Duration;

use clock::Clock;

use serde_json::{Value, json};
use trailwarden_account::baseline::authorization_details;
use trailwarden_account::entry::order_of;
use trailwarden_account::{Actor, Models, World, judge};
use trailwarden_model::Timestamp;
use trailwarden_record::Event;
use trailwarden_record::row::Place;

const ACCOUNT: &str = "111122223333";
const USERS: usize = 3_000;
const ROLES: usize = 2_000;
const POLICIES: usize = 400;
const SHARING_USERS: usize = 400;
const SHARING_ROLES: usize = 1_000;
const ROUNDS: usize = 40;

fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

fn allow(actions: &[&str], resource: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": resource},
        {"Effect": "Allow", "Action": "iam:*AccessKey*", "Resource": "arn:aws:iam::*:user/${aws:username}"},
        {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]})
}

fn own(at: usize, label: &str) -> Value {
    json!([
        {"PolicyName": "a", "PolicyDocument":
            allow(&["s3:GetObject", "s3:PutObject"], &format!("arn:aws:s3:::{label}-{at}/*"))},
        {"PolicyName": "b", "PolicyDocument":
            allow(&["sqs:*", "sns:Publish"], &format!("arn:aws:sqs:*:{ACCOUNT}:{label}-{at}"))}])
}

/// Two policies that few have, and one that the first of a kind share.
fn attached(at: usize, shared: &str, shared_by: usize) -> Value {
    let mut names = vec![format!("p{}", at % POLICIES), format!("p{}", (at * 7 + 3) % POLICIES)];
    if at < shared_by {
        names.push(shared.to_owned());
    }
    let one =
        |name: &String| json!({"PolicyName": name, "PolicyArn": arn(&format!("policy/{name}"))});
    names.iter().map(one).collect()
}

/// The account as `aws iam get-account-authorization-details` would print it.
fn account() -> String {
    let created = "2025-01-01T00:00:00Z";
    let user = |at: usize| {
        json!({"Path": "/", "UserName": format!("u{at}"), "UserId": format!("AIDA{at:012}"),
            "Arn": arn(&format!("user/u{at}")), "CreateDate": created, "UserPolicyList": own(at, "u"),
            "GroupList": [format!("g{}", at % 100)],
            "AttachedManagedPolicies": attached(at, "of-users", SHARING_USERS)})
    };
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
    let role = |at: usize| {
        json!({"Path": "/", "RoleName": format!("r{at}"), "RoleId": format!("AROA{at:012}"),
            "Arn": arn(&format!("role/r{at}")), "CreateDate": created, "RolePolicyList": own(at, "r"),
            "AssumeRolePolicyDocument": trust,
            "AttachedManagedPolicies": attached(at, "of-roles", SHARING_ROLES),
            "InstanceProfileList": []})
    };
    let group = |at: usize| {
        json!({"Path": "/", "GroupName": format!("g{at}"), "GroupId": format!("AGPA{at:012}"),
            "Arn": arn(&format!("group/g{at}")), "CreateDate": created, "GroupPolicyList": [],
            "AttachedManagedPolicies": []})
    };
    let policy = |(at, name): (usize, String)| {
        let document =
            allow(&["dynamodb:*", "kms:Decrypt"], &format!("arn:aws:dynamodb:*:*:table/t{at}"));
        json!({"PolicyName": name, "PolicyId": format!("ANPA{at:012}"),
            "Arn": arn(&format!("policy/{name}")), "Path": "/", "DefaultVersionId": "v1",
            "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "CreateDate": created,
                "Document": document}]})
    };
    let names = (0..POLICIES).map(|at| format!("p{at}"));
    let names = names.chain(["of-users".to_owned(), "of-roles".to_owned()]);
    json!({
        "UserDetailList": (0..USERS).map(user).collect::<Vec<_>>(),
        "RoleDetailList": (0..ROLES).map(role).collect::<Vec<_>>(),
        "GroupDetailList": (0..100).map(group).collect::<Vec<_>>(),
        "Policies": names.enumerate().map(policy).collect::<Vec<_>>(),
    })
    .to_string()
}

fn event(number: usize, name: &str, request: &Value, reply: &Value) -> Event {
    let time = Timestamp::from_seconds(1_800_000_000 + number as i64);
    let record = json!({
        "eventVersion": "1.11", "eventTime": time.to_string(), "eventSource": "iam.amazonaws.com",
        "eventName": name, "awsRegion": "us-east-1", "recipientAccountId": ACCOUNT,
        "eventID": format!("00000000-0000-4000-8000-{number:012}"),
        "userIdentity": {"type": "IAMUser", "principalId": format!("AIDA{:012}", 7), "userName": "u7",
            "accountId": ACCOUNT, "arn": arn("user/u7")},
        "requestParameters": request, "responseElements": reply,
    });
    Event::decode(record.to_string().as_bytes()).unwrap()
}

/// A kind of change: its name, and its request and reply in each round. What reads the clock comes last:
/// whoever holds such a policy is judged at several times from then on.
type Kind = (&'static str, &'static str, fn(usize) -> (Value, Value));

/// A version of a policy that many share.
fn shared(policy: &str, document: &Value) -> (Value, Value) {
    let request = json!({"policyArn": arn(&format!("policy/{policy}")),
        "policyDocument": document.to_string(), "setAsDefault": true});
    (request, json!({"policyVersion": {"versionId": "v2"}}))
}

/// What is allowed from some day on, and until another: as many days as are looked at.
fn by_the_clock(round: usize) -> Value {
    let day = |year: usize| format!("{year}-01-01T00:00:00Z");
    let statement = |at: usize| {
        json!({"Effect": "Allow", "Action": "s3:GetObject",
            "Resource": format!("arn:aws:s3:::r{round}/*"), "Condition": {
                "DateGreaterThan": {"aws:CurrentTime": day(2040 + 4 * at)},
                "DateLessThan": {"aws:CurrentTime": day(2042 + 4 * at)}}})
    };
    json!({"Version": "2012-10-17", "Statement": (0..4).map(statement).collect::<Vec<_>>()})
}

const KINDS: [Kind; 10] = [
    ("one user's inline policy", "PutUserPolicy", |round| {
        let actions: &[&str] =
            if round % 2 == 0 { &["s3:GetObject"] } else { &["s3:*", "iam:PassRole"] };
        (
            json!({"userName": format!("u{}", round * 31), "policyName": "a",
            "policyDocument": allow(actions, "*").to_string()}),
            Value::Null,
        )
    }),
    ("one role becomes administrator", "AttachRolePolicy", |round| {
        (
            json!({"roleName": format!("r{round}"),
            "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
            Value::Null,
        )
    }),
    ("a policy that 25 hold", "CreatePolicyVersion", |round| {
        let document = allow(&["dynamodb:*"], &format!("arn:aws:dynamodb:*:*:table/n{round}"));
        (
            json!({"policyArn": arn(&format!("policy/p{round}")), "policyDocument": document.to_string(),
            "setAsDefault": true}),
            json!({"policyVersion": {"versionId": "v2"}}),
        )
    }),
    ("a group of 30", "PutGroupPolicy", |round| {
        (
            json!({"groupName": format!("g{round}"), "policyName": "a",
            "policyDocument": allow(&["ec2:StartInstances"], "*").to_string()}),
            Value::Null,
        )
    }),
    ("a rename", "UpdateUser", |round| {
        (
            json!({"userName": format!("u{round}"), "newUserName": format!("new{round}")}),
            Value::Null,
        )
    }),
    ("trust in the account", "UpdateAssumeRolePolicy", |round| {
        let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"AWS": arn("root")}, "Action": "sts:AssumeRole"}]});
        (json!({"roleName": format!("r{round}"), "policyDocument": trust.to_string()}), Value::Null)
    }),
    ("a policy that 400 users share", "CreatePolicyVersion", |round| {
        shared("of-users", &allow(&["dynamodb:*"], &format!("arn:aws:dynamodb:*:*:table/n{round}")))
    }),
    ("a policy that 1,000 roles share", "CreatePolicyVersion", |round| {
        shared("of-roles", &allow(&["dynamodb:*"], &format!("arn:aws:dynamodb:*:*:table/n{round}")))
    }),
    ("one user's, by the clock", "PutUserPolicy", |round| {
        let document = by_the_clock(round).to_string();
        let user = format!("u{}", 1_000 + round);
        (json!({"userName": user, "policyName": "a", "policyDocument": document}), Value::Null)
    }),
    ("of 400 users, by the clock", "CreatePolicyVersion", |round| {
        shared("of-users", &by_the_clock(round))
    }),
];

fn main() {
    let json = account();
    let baseline = authorization_details(json.as_bytes()).unwrap();
    let baseline = baseline.taken_at(Timestamp::from_seconds(1_790_000_000));
    let mut models = Models::from_baselines(&[baseline]);
    println!(
        "{:<34} {:>12} {:>12} {:>12} {:>8}",
        "one change", "median", "slowest", "first", "moved"
    );
    let mut number = 0;
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (title, name, parts) in KINDS {
        if !wanted.is_empty() && !wanted.iter().any(|word| title.contains(word.as_str())) {
            continue;
        }
        let mut times: Vec<Duration> = Vec::new();
        let mut moved = 0;
        for round in 0..ROUNDS {
            number += 1;
            let (request, reply) = parts(round);
            let event = event(number, name, &request, &reply);
            let change = models.apply(&event, order_of(&event), Place::default()).unwrap();
            let actor = Actor::of(&event);
            let clock = Clock::start();
            let effect = judge(World::of(&models), &change, actor.as_ref());
            times.push(clock.elapsed());
            moved = black_box(effect).moved.len();
        }
        let first = times[0];
        times.sort();
        println!(
            "{title:<34} {:>12.2?} {:>12.2?} {:>12.2?} {moved:>8}",
            times[ROUNDS / 2],
            times[ROUNDS - 1],
            first,
        );
    }
}
