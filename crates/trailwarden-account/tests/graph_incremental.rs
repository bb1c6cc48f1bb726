//! After every event of any trail, the updated graph is the one drawn anew.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "graph/kit.rs"]
mod kit;

use kit::{ADMIN, OTHER, Stage, allow, arn, document, trust, trust_account};
use proptest::prelude::*;
use serde_json::{Value, json};
use trailwarden_account::graph::{Delta, Edge, Graph};
use trailwarden_account::{Change, World};

const USERS: [&str; 3] = ["ann", "bob", "eve"];
const ROLES: [&str; 3] = ["app", "ops", "top"];
const GROUPS: [&str; 2] = ["crew", "guild"];

/// One call with small numbers for its parts.
#[derive(Clone, Copy, Debug)]
struct Act {
    call: u8,
    who: u8,
    what: u8,
    is_elsewhere: bool,
}

fn act() -> impl Strategy<Value = Act> {
    (0..22_u8, any::<u8>(), any::<u8>(), prop::bool::weighted(0.1))
        .prop_map(|(call, who, what, is_elsewhere)| Act { call, who, what, is_elsewhere })
}

fn pick<'a>(all: &[&'a str], at: u8) -> &'a str {
    all[usize::from(at) % all.len()]
}

/// Documents that matter to techniques.
fn policy(what: u8) -> Value {
    let name = pick(&USERS, what / 16);
    let role = pick(&ROLES, what / 16);
    match what % 16 {
        0 => allow(&["iam:CreateAccessKey"], &arn(&format!("user/{name}"))),
        1 => allow(&["iam:PutUserPolicy", "iam:AttachUserPolicy"], &arn(&format!("user/{name}"))),
        2 => allow(&["sts:AssumeRole"], "*"),
        3 => allow(&["iam:UpdateAssumeRolePolicy"], &arn(&format!("role/{role}"))),
        4 => allow(&["iam:PassRole", "lambda:*"], "*"),
        5 => allow(&["iam:PassRole", "ec2:RunInstances"], "*"),
        6 => allow(&["*"], "*"),
        7 => document(vec![json!({"Effect": "Deny", "Action": "iam:*", "Resource": "*"})]),
        8 => allow(&["iam:AddUserToGroup", "iam:RemoveUserFromGroup"], "*"),
        9 => allow(&["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"], "*"),
        10 => allow(&["iam:DeleteUserPermissionsBoundary", "iam:PutRolePolicy"], "*"),
        11 => document(vec![json!({"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "ops"}}})]),
        12 => allow(&["iam:TagUser", "iam:DeleteUserPolicy", "iam:DetachUserPolicy"], "*"),
        13 => allow(&["iam:UpdateSAMLProvider", "iam:UpdateLoginProfile"], "*"),
        14 => allow(&["iam:AttachGroupPolicy", "iam:CreateLoginProfile"], "*"),
        _ => allow(&["s3:GetObject", "codecommit:GitPush"], "*"),
    }
}

fn trust_of(what: u8) -> Value {
    match what % 8 {
        0 => trust_account(kit::ACCOUNT),
        1 => trust_account(OTHER),
        2 => trust(&json!({"Service": "lambda.amazonaws.com"})),
        3 => trust(&json!({"Service": "ec2.amazonaws.com"})),
        4 => trust(&json!({"AWS": arn(&format!("user/{}", pick(&USERS, what / 8)))})),
        5 => trust(&json!({"AWS": "*"})),
        6 => document(vec![json!({"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
            "Principal": {"Federated": arn("saml-provider/idp")}})]),
        _ => trust(&json!({"AWS": "arn:aws:iam::777788889999:root"})),
    }
}

fn perform(stage: &mut Stage, act: Act) -> Option<Change> {
    let Act { call, who, what, is_elsewhere } = act;
    stage.account = is_elsewhere.then_some(OTHER);
    let (user, role, group) = (pick(&USERS, who), pick(&ROLES, who), pick(&GROUPS, who));
    let named = ["one", "two"][usize::from(what / 128)];
    match call {
        0 => stage.user(user),
        1 => stage.role(role, &trust_of(what)),
        2 => stage.group(group),
        3 => stage.join(user, pick(&GROUPS, what)),
        4 => stage.iam(
            "RemoveUserFromGroup",
            json!({"userName": user, "groupName": pick(&GROUPS, what)}),
        ),
        5 | 6 => stage.inline(&format!("user/{user}"), named, &policy(what)),
        7 | 8 => stage.inline(&format!("role/{role}"), named, &policy(what)),
        9 => stage.inline(&format!("group/{group}"), named, &policy(what)),
        10 => stage.iam("DeleteUserPolicy", json!({"userName": user, "policyName": named})),
        11 => stage.policy("shared", &policy(what)),
        12 => {
            let reply = json!({"policyVersion": {"versionId": format!("v{}", who % 5 + 2)}});
            let request = json!({"policyArn": arn("policy/shared"), "setAsDefault": what > 99,
                "policyDocument": policy(what).to_string()});
            stage.call("iam", "CreatePolicyVersion", request, reply)
        }
        13 => {
            let policy = if what % 3 == 0 { ADMIN.to_owned() } else { arn("policy/shared") };
            let target = [format!("user/{user}"), format!("role/{role}"), format!("group/{group}")];
            stage.attach(&target[usize::from(what) % 3], &policy)
        }
        14 => stage.bound(&format!("user/{user}"), "shared"),
        15 => stage.iam("DeleteUserPermissionsBoundary", json!({"userName": user})),
        16 => stage.iam(
            "UpdateAssumeRolePolicy",
            json!({"roleName": role, "policyDocument": trust_of(what).to_string()}),
        ),
        17 => {
            let tags = json!([{"key": "team", "value": pick(&["ops", "web"], what)}]);
            stage.iam("TagUser", json!({"userName": user, "tags": tags}))
        }
        18 => stage.iam("CreateLoginProfile", json!({"userName": user})),
        19 => {
            let id = format!("AKIA{who}");
            let reply = json!({"accessKey": {"userName": user, "accessKeyId": id,
                "status": "Active"}});
            stage.call("iam", "CreateAccessKey", json!({"userName": user}), reply)
        }
        20 => match what % 4 {
            0 => stage.iam("DeleteRole", json!({"roleName": role})),
            1 => stage.iam("DeleteUser", json!({"userName": user})),
            2 => stage.iam(
                "UpdateUser",
                json!({"userName": user, "newUserName": pick(&USERS, what / 4)}),
            ),
            _ => stage.iam("DeleteGroup", json!({"groupName": group})),
        },
        _ => match what % 3 {
            0 => {
                stage.iam("CreateInstanceProfile", json!({"instanceProfileName": "p"}));
                let request = json!({"instanceProfileName": "p", "roleName": role});
                stage.iam("AddRoleToInstanceProfile", request)
            }
            1 => {
                let reply = json!({"sAMLProviderArn": arn("saml-provider/idp")});
                let request = json!({"name": "idp", "sAMLMetadataDocument": "<x/>"});
                stage.call("iam", "CreateSAMLProvider", request, reply)
            }
            _ => {
                let request = json!({"accountId": OTHER, "destinationParentId": "r-1"});
                stage.call("organizations", "MoveAccount", request, Value::Null)
            }
        },
    }
}

fn edges(graph: &Graph) -> Vec<Edge> {
    graph.edges().cloned().collect()
}

/// What opened was not there, and is; what closed was there, and is not.
fn check(delta: &Delta, before: &[Edge], after: &[Edge]) {
    let is_in = |edge: &Edge, all: &[Edge]| {
        all.iter().any(|other| {
            (&other.from, &other.to, other.technique) == (&edge.from, &edge.to, edge.technique)
                && other.certainty.is_yes() >= edge.certainty.is_yes()
        })
    };
    for edge in &delta.opened {
        assert!(is_in(edge, after) && !is_in(edge, before), "opened {edge:?}");
    }
    for edge in &delta.closed {
        assert!(is_in(edge, before) && !is_in(edge, after), "closed {edge:?}");
    }
    for edge in after.iter().filter(|edge| !is_in(edge, before)) {
        assert!(is_in(edge, &delta.opened), "not told: opened {edge:?}");
    }
    for edge in before.iter().filter(|edge| !is_in(edge, after)) {
        assert!(is_in(edge, &delta.closed), "not told: closed {edge:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn an_updated_graph_is_a_new_one(acts in prop::collection::vec(act(), 1..40)) {
        let mut stage = Stage::default();
        let mut graph = Graph::of(World::of(&stage.models));
        for (at, act) in acts.into_iter().enumerate() {
            let Some(change) = perform(&mut stage, act) else { continue };
            let before = edges(&graph);
            let world = World::of(&stage.models);
            let delta = graph.update(world, &change);
            let now = edges(&graph);
            prop_assert_eq!(&now, &edges(&Graph::of(world)), "after {} {:?}", at, act);
            check(&delta, &before, &now);
        }
    }
}
