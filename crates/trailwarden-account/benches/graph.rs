//! What the privilege graph of a large account costs: from a baseline's text to all edges, and
//! after a change to one policy.
//!
//! `cargo bench --package trailwarden-account --bench graph` prints CPU time; `-- group` of updates
//! those whose title holds that word.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks to a terminal and may stop at the first surprise"
)]

#[path = "kit/clock.rs"]
mod clock;

use clock::Clock;
use serde_json::{Value, json};
use trailwarden_account::baseline::authorization_details;
use trailwarden_account::entry::order_of;
use trailwarden_account::graph::{Graph, Node};
use trailwarden_account::{Effect, Models, World, judge};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::Place;

const ACCOUNT: &str = "111122223333";
const USERS: usize = 2_500;
const ROLES: usize = 2_500;
const STEPS: usize = 40;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;

fn main() {
    let text = details().to_string();
    println!("{:<52} {:>10.1} MB", "baseline", text.len() as f64 / 1e6);
    let started = Clock::start();
    let baseline = authorization_details(text.as_bytes()).unwrap();
    let baseline = baseline.taken_at(Timestamp::from_seconds(START));
    let mut models = Models::from_baselines(std::slice::from_ref(&baseline));
    println!("{:<52} {:>10.2} s", "read and import", started.elapsed().as_secs_f64());
    let drawing = Clock::start();
    let mut graph = Graph::of(World::of(&models));
    println!("{:<52} {:>10.2} s", "draw", drawing.elapsed().as_secs_f64());
    println!("{:<52} {:>10.2} s", "from text to graph", started.elapsed().as_secs_f64());
    let asking = Clock::start();
    let nodes = graph.nodes();
    let reach = nodes.iter().filter(|node| graph.reaches_administrator(node).is_some()).count();
    println!("{:<52} {:>10.3} s", "who reaches an administrator", asking.elapsed().as_secs_f64());
    println!("{:<52} {:>10}", "nodes", nodes.len());
    println!("{:<52} {:>10}", "edges", graph.len());
    println!(
        "{:<52} {:>10}",
        "certain edges",
        graph.edges().filter(|e| e.certainty.is_yes()).count()
    );
    println!("{:<52} {:>10}", "nodes that reach an administrator", reach);
    println!("{:<52} {:>10}", "truncated", graph.is_truncated());
    let top = Node::Administrator(AccountId::parse(ACCOUNT).unwrap());
    let asking = Clock::start();
    let path = nodes.iter().find_map(|node| graph.path(node, &top));
    println!("{:<52} {:>10.3} s", "one path", asking.elapsed().as_secs_f64());
    assert!(path.is_some());

    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (name, change) in [
        ("update: a user's inline policy", inline as fn(usize) -> Event),
        ("update: a role's trust policy", trust),
        ("update: a policy of many users", version),
        ("update: a policy of a group of hundreds", group),
    ] {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let mut took: Vec<f64> = (0..STEPS)
            .map(|at| {
                let event = change(at);
                let change = models.apply(&event, order_of(&event), Place::default()).unwrap();
                let started = Clock::start();
                graph.update(World::of(&models), &change);
                started.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        took.sort_by(f64::total_cmp);
        println!("{name:<52} {:>10.2} ms median, {:.2} ms worst", took[STEPS / 2], took[STEPS - 1]);
    }
    behind(&mut graph, &mut models);
}

/// What it takes to tell who stands behind one role that rises, and behind the members of a group.
fn behind(graph: &mut Graph, models: &mut Models) {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let events = [
        (
            "one role that nobody may enter rises",
            "AttachRolePolicy",
            json!({"roleName": "app-21", "policyArn": admin}),
        ),
        (
            "one role that some may enter rises",
            "AttachRolePolicy",
            json!({"roleName": "app-13", "policyArn": admin}),
        ),
        (
            "a group of hundreds rises",
            "AttachGroupPolicy",
            json!({"groupName": "group-1", "policyArn": admin}),
        ),
    ];
    for (at, (name, call, request)) in events.into_iter().enumerate() {
        let event = event(4 * STEPS + at, call, &request, &Value::Null);
        let change = models.apply(&event, order_of(&event), Place::default()).unwrap();
        let world = World::of(models);
        let mut effect = judge(world, &change, None);
        let delta = graph.update(world, &change);
        let asking = Clock::start();
        let some = moved_first(&effect);
        std::hint::black_box(some.map(|node| graph.reaches_administrator(&node)));
        println!(
            "{:<52} {:>10.2} ms",
            "  ways to an administrator",
            asking.elapsed().as_secs_f64() * 1e3
        );
        let asking = Clock::start();
        effect.add_paths(world, graph, (&change, &delta), None);
        let took = asking.elapsed().as_secs_f64() * 1e3;
        let (moved, behind) = (effect.moved.len(), effect.behind.len());
        println!("{name:<52} {took:>10.2} ms for the ways, {moved} gain, {behind} behind");
        let asking = Clock::start();
        for moved in &effect.moved {
            std::hint::black_box(graph.edges_to(&Node::Identity(moved.account, moved.id.clone())));
        }
        println!(
            "{:<52} {:>10.2} ms",
            "  a look at the graph for each",
            asking.elapsed().as_secs_f64() * 1e3
        );
    }
}

fn moved_first(effect: &Effect) -> Option<Node> {
    effect.moved.first().map(|moved| Node::Identity(moved.account, moved.id.clone()))
}

fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

fn document(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn allow(actions: &[&str], resource: &str) -> Value {
    document(&json!([{"Effect": "Allow", "Action": actions, "Resource": resource}]))
}

/// What principals of a company hold: mostly data of their own, some of them deploy, few manage IAM.
fn inline_of(n: usize, kind: &str) -> Vec<Value> {
    let data = allow(
        &["s3:GetObject", "s3:PutObject", "s3:ListBucket", "dynamodb:Query", "sqs:SendMessage"],
        &format!("arn:aws:s3:::bucket-{n}/*"),
    );
    let second = match n % 50 {
        0 => allow(&["iam:CreateAccessKey", "iam:ListAccessKeys"], &arn("user/team-1/*")),
        1 => allow(&["iam:PutUserPolicy"], &arn(&format!("user/team-{}/*", n % 10))),
        2 => allow(&["iam:UpdateAssumeRolePolicy"], &arn(&format!("role/app-{n}"))),
        3..=7 => allow(&["iam:PassRole"], &arn(&format!("role/app-{}", n * 7 % ROLES))),
        8..=12 => allow(&["sts:AssumeRole"], &arn(&format!("role/app-{}", n * 13 % ROLES))),
        13 => allow(&["sts:AssumeRole"], &arn("role/*")),
        14 => document(&json!([
            {"Effect": "Allow", "Action": ["lambda:*", "logs:*"], "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": arn("role/app-1*"),
             "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}},
        ])),
        17 => document(&json!([{"Effect": "Allow", "Action": "iam:*", "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}])),
        15 | 16 | 18..=20 => document(&json!([{"Effect": "Allow", "Action": ["iam:ChangePassword",
            "iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
            "Resource": [arn("user/${aws:username}"), arn("mfa/*")]}])),
        _ => allow(&["logs:*", "cloudwatch:*", "xray:*"], "*"),
    };
    vec![
        json!({"PolicyName": format!("{kind}-data"), "PolicyDocument": data}),
        json!({"PolicyName": format!("{kind}-work"), "PolicyDocument": second}),
    ]
}

fn trust_of(n: usize) -> Value {
    let principal = match n % 10 {
        0..=3 => json!({"Service": "lambda.amazonaws.com"}),
        4 | 5 => json!({"Service": "ec2.amazonaws.com"}),
        6 => json!({"Service": "ecs-tasks.amazonaws.com"}),
        7 | 8 => json!({"AWS": arn("root")}),
        _ => json!({"AWS": arn(&format!("user/team-{}/user-{}", n % USERS % 10, n % USERS))}),
    };
    document(&json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]))
}

fn attached(n: usize) -> Value {
    let shared = format!("shared-{}", n % 40);
    let managed = match n % 100 {
        0 => "arn:aws:iam::aws:policy/AdministratorAccess".to_owned(),
        1 => "arn:aws:iam::aws:policy/PowerUserAccess".to_owned(),
        2..=20 => "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess".to_owned(),
        _ => "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned(),
    };
    json!([{"PolicyName": shared, "PolicyArn": arn(&format!("policy/{shared}"))},
        {"PolicyName": "managed", "PolicyArn": managed}])
}

fn details() -> Value {
    let users: Vec<Value> = (0..USERS)
        .map(|n| {
            let path = format!("/team-{}/", n % 10);
            json!({"Path": path, "UserName": format!("user-{n}"), "UserId": format!("AIDA{n:017}"),
                "Arn": arn(&format!("user{path}user-{n}")), "CreateDate": "2025-01-01T00:00:00Z",
                "GroupList": [format!("group-{}", n % 8)], "UserPolicyList": inline_of(n, "user"),
                "AttachedManagedPolicies": attached(n), "Tags": []})
        })
        .collect();
    let roles: Vec<Value> = (0..ROLES)
        .map(|n| {
            json!({"Path": "/", "RoleName": format!("app-{n}"), "RoleId": format!("AROA{n:017}"),
                "Arn": arn(&format!("role/app-{n}")), "CreateDate": "2025-01-01T00:00:00Z",
                "AssumeRolePolicyDocument": trust_of(n), "RolePolicyList": inline_of(n, "role"),
                "AttachedManagedPolicies": attached(n), "InstanceProfileList": [], "Tags": []})
        })
        .collect();
    let groups: Vec<Value> = (0..8)
        .map(|n| {
            json!({"Path": "/", "GroupName": format!("group-{n}"), "GroupId": format!("AGPA{n:017}"),
                "Arn": arn(&format!("group/group-{n}")), "CreateDate": "2025-01-01T00:00:00Z",
                "GroupPolicyList": [{"PolicyName": "own",
                    "PolicyDocument": allow(&["iam:GetUser"], &arn("user/${aws:username}"))}],
                "AttachedManagedPolicies": []})
        })
        .collect();
    let policies: Vec<Value> = (0..40)
        .map(|n| {
            let name = format!("shared-{n}");
            json!({"PolicyName": name, "PolicyId": format!("ANPA{n:017}"),
                "Arn": arn(&format!("policy/{name}")), "DefaultVersionId": "v1",
                "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true,
                    "Document": allow(&["kms:Decrypt", "secretsmanager:GetSecretValue"],
                        &format!("arn:aws:kms:*:{ACCOUNT}:key/shared-{n}"))}]})
        })
        .collect();
    json!({"UserDetailList": users, "RoleDetailList": roles, "GroupDetailList": groups,
        "Policies": policies, "IsTruncated": false})
}

fn event(number: usize, name: &str, request: &Value, reply: &Value) -> Event {
    let record = json!({
        "eventVersion": "1.11",
        "userIdentity": {"type": "Root", "principalId": ACCOUNT, "accountId": ACCOUNT,
            "arn": arn("root"), "accessKeyId": "ASIAROOTEXAMPLE"},
        "eventTime": Timestamp::from_seconds(START + 10 + number as i64).to_string(),
        "eventSource": "iam.amazonaws.com", "eventName": name, "awsRegion": "us-east-1",
        "requestParameters": request, "responseElements": reply,
        "eventID": format!("00000000-0000-4000-8000-{number:012}"), "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    });
    Event::decode(record.to_string().as_bytes()).unwrap()
}

fn inline(at: usize) -> Event {
    let user = at * 37 % USERS;
    let policy = allow(&["iam:CreateAccessKey"], &arn(&format!("user/team-1/user-{at}")));
    let request = json!({"userName": format!("user-{user}"), "policyName": "new",
        "policyDocument": policy.to_string()});
    event(at, "PutUserPolicy", &request, &Value::Null)
}

fn trust(at: usize) -> Event {
    let request = json!({"roleName": format!("app-{}", at * 41 % ROLES),
        "policyDocument": trust_of(at + 7).to_string()});
    event(STEPS + at, "UpdateAssumeRolePolicy", &request, &Value::Null)
}

fn version(at: usize) -> Event {
    let policy = allow(&["sts:AssumeRole"], &arn(&format!("role/app-{at}")));
    let request = json!({"policyArn": arn(&format!("policy/shared-{}", at % 40)),
        "policyDocument": policy.to_string(), "setAsDefault": true});
    let id = format!("v{}", at / 40 + 2);
    let reply = json!({"policyVersion": {"versionId": id, "isDefaultVersion": true}});
    event(2 * STEPS + at, "CreatePolicyVersion", &request, &reply)
}

fn group(at: usize) -> Event {
    let policy = allow(&["sts:AssumeRole"], &arn(&format!("role/app-{at}")));
    let request = json!({"groupName": format!("group-{}", at % 8), "policyName": "new",
        "policyDocument": policy.to_string()});
    event(3 * STEPS + at, "PutGroupPolicy", &request, &Value::Null)
}
