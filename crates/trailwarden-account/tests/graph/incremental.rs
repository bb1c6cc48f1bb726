//! After every event of any trail, the updated graph is the one drawn anew.

use crate::kit::{ACCOUNT, ADMIN, OTHER, Stage, allow, arn, document, trust, trust_account};
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
    match what % 24 {
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
        15 => allow(&["sts:AssumeRole", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice"], "*"),
        16 => allow(&["iam:PassRole", "elasticmapreduce:RunJobFlow"], "*"),
        17 => allow(&["iam:PassRole", "cognito-identity:*", "iam:UpdateAccessKey"], "*"),
        18 => {
            let waiting = json!({"Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": {"StringEquals": {"aws:username": name}}});
            let rename = json!({"Effect": "Allow", "Action": "iam:UpdateUser", "Resource": "*"});
            document(vec![waiting, rename])
        }
        19 => allow(&["sts:AssumeRole", "iam:PassRole"], &arn(&format!("role/{role}"))),
        20 => allow(&["iam:CreateAccessKey", "iam:UpdateLoginProfile"], &arn("user/e*")),
        21 => allow(&["iam:PassRole"], &arn("role/*p*")),
        22 => allow(&["lambda:*", "glue:*"], "*"),
        _ => allow(&["s3:GetObject", "codecommit:GitPush"], "*"),
    }
}

fn trust_of(what: u8) -> Value {
    match what % 14 {
        0 => trust_account(ACCOUNT),
        1 => trust_account(OTHER),
        2 => trust(&json!({"Service": "lambda.amazonaws.com"})),
        3 => trust(&json!({"Service": "ec2.amazonaws.com"})),
        4 => trust(&json!({"AWS": arn(&format!("user/{}", pick(&USERS, what / 14)))})),
        5 => trust(&json!({"AWS": "*"})),
        6 => document(vec![json!({"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
            "Principal": {"Federated": arn("saml-provider/idp")}})]),
        7 => {
            let mut asking = trust_account(ACCOUNT);
            asking["Statement"][0]["Condition"] =
                json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
            asking
        }
        8 => trust(&json!({"Service": "elasticmapreduce.amazonaws.com"})),
        9 => document(vec![json!({"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"}})]),
        10 => trust(&json!({"AWS": format!("AROA{}app", ACCOUNT)})),
        11 => {
            let mut waiting = trust(&json!({"AWS": "*"}));
            let name = format!("user/{}*", pick(&USERS, what / 14));
            waiting["Statement"][0]["Condition"] =
                json!({"ArnLike": {"aws:PrincipalArn": arn(&name)}});
            waiting
        }
        12 => trust(&json!({"AWS": format!(
            "arn:aws:sts::{}:assumed-role/{}/s", ACCOUNT, pick(&ROLES, what / 14))})),
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

/// Takes in a change and checks that the graph is what a new one is, and the difference what it says.
fn take_in(stage: &Stage, graph: &mut Graph, change: &Change, what: &str) {
    let before = edges(graph);
    let world = World::of(&stage.models);
    let delta = graph.update(world, change);
    let now = edges(graph);
    let new = Graph::of(world);
    let anew = edges(&new);
    let first = now.iter().zip(&anew).find(|(now, anew)| now != anew);
    assert!(now == anew, "after {what}: {} edges, anew {}: {first:?}", now.len(), anew.len());
    check(&delta, &before, &now);
    for node in new.nodes() {
        assert_eq!(graph.way(&node), new.way(&node), "the way from {node:?} after {what}");
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
            take_in(&stage, &mut graph, &change, &format!("{at} {act:?}"));
        }
    }
}

/// Each of these moves hundreds at once: a policy of their group, one that the group holds, and one
/// that each of them holds; by named targets, by wildcards, by moves on themselves, and by a Deny.
#[test]
fn a_group_of_hundreds_is_kept_up() {
    let mut stage = Stage::default();
    stage.group("all");
    stage.group("few");
    for at in 0..300 {
        stage.user(&format!("u{at}"));
        stage.join(&format!("u{at}"), "all");
    }
    stage.role("plain", &trust_account(ACCOUNT));
    stage.role("lambda", &trust(&json!({"Service": "lambda.amazonaws.com"})));
    stage.role("u7s", &trust(&json!({"AWS": arn("user/u7")})));
    stage.policy("shared", &allow(&["s3:GetObject"], "*"));
    stage.policy("each", &allow(&["s3:GetObject"], "*"));
    stage.attach("group/all", &arn("policy/shared"));
    for at in 0..40 {
        stage.attach(&format!("user/u{at}"), &arn("policy/each"));
    }
    stage.inline("user/u1", "own", &allow(&["iam:PutUserPolicy"], &arn("user/u1")));
    stage.inline("user/u2", "own", &allow(&["iam:AddUserToGroup"], "*"));
    stage.inline("role/plain", "own", &allow(&["iam:CreateAccessKey"], &arn("user/u2*")));
    let mut graph = Graph::of(World::of(&stage.models));
    let documents = [
        allow(&["sts:AssumeRole"], &arn("role/plain")),
        allow(&["iam:CreateAccessKey", "codecommit:GitPush"], &arn("user/u29*")),
        document(vec![json!({"Effect": "Deny", "Action": "iam:*", "Resource": arn("user/u29*")})]),
    ];
    for (at, policy) in documents.iter().enumerate() {
        let group = stage.inline("group/all", "own", policy).unwrap();
        take_in(&stage, &mut graph, &group, &format!("the group's {at}"));
        let of_each = if at == 0 { &["shared", "each"][..] } else { &["shared"] };
        for name in of_each {
            let reply = json!({"policyVersion": {"versionId": format!("v{}", at + 2)}});
            let request = json!({"policyArn": arn(&format!("policy/{name}")), "setAsDefault": true,
                "policyDocument": documents[(at + 1) % documents.len()].to_string()});
            let change = stage.call("iam", "CreatePolicyVersion", request, reply).unwrap();
            take_in(&stage, &mut graph, &change, &format!("{name} {at}"));
        }
    }
    let left = stage.iam("RemoveUserFromGroup", json!({"userName": "u7", "groupName": "all"}));
    take_in(&stage, &mut graph, &left.unwrap(), "u7 left");
}

/// A version that does not count yet counts for whoever may set the default.
#[test]
fn versions_set_aside_are_kept_up() {
    let mut stage = Stage::default();
    stage.user("ann");
    stage.role("ops", &trust_account(ACCOUNT));
    stage.policy("shared", &allow(&["s3:GetObject"], "*"));
    stage.attach("role/ops", &arn("policy/shared"));
    let policy = allow(&["iam:SetDefaultPolicyVersion", "sts:AssumeRole"], "*");
    stage.inline("user/ann", "own", &policy);
    let mut graph = Graph::of(World::of(&stage.models));
    let few = graph.len();
    let reply = json!({"policyVersion": {"versionId": "v2"}});
    let request = json!({"policyArn": arn("policy/shared"), "setAsDefault": false,
        "policyDocument": allow(&["*"], "*").to_string()});
    let change = stage.call("iam", "CreatePolicyVersion", request, reply).unwrap();
    take_in(&stage, &mut graph, &change, "a version set aside");
    assert!(graph.len() > few);
}

/// Accounts that nobody saw before join the graph, and what was outside is inside.
#[test]
fn new_accounts_are_kept_up() {
    const ACCOUNTS: [&str; 3] = ["444455556666", "555566667777", "666677778888"];
    let mut stage = Stage::default();
    stage.user("ann");
    stage.inline("user/ann", "own", &allow(&["sts:AssumeRole"], "*"));
    for account in ACCOUNTS {
        let trust = trust(&json!({"AWS": [format!("arn:aws:iam::{account}:root"),
            format!("arn:aws:iam::{account}:user/bob")]}));
        stage.role(&format!("for-{account}"), &trust);
    }
    stage.role("open", &trust(&json!({"AWS": "*"})));
    let mut graph = Graph::of(World::of(&stage.models));
    for account in ACCOUNTS {
        stage.account = Some(account);
        let made = stage.user("bob").unwrap();
        take_in(&stage, &mut graph, &made, account);
        let change = stage.inline("user/bob", "own", &allow(&["sts:AssumeRole"], "*")).unwrap();
        take_in(&stage, &mut graph, &change, account);
        let change = stage.role("open", &trust_account(ACCOUNT)).unwrap();
        take_in(&stage, &mut graph, &change, account);
    }
    stage.account = Some("777788889999");
    let request = json!({"accountId": ACCOUNT, "destinationParentId": "r-1"});
    let moved = stage.call("organizations", "MoveAccount", request, Value::Null).unwrap();
    take_in(&stage, &mut graph, &moved, "an account that tells of the organization");
    // Whoever manages the members may be root in one that nobody saw before.
    stage.user("clerk");
    stage.inline("user/clerk", "own", &allow(&["sts:AssumeRoot"], "*"));
    let request = json!({"accountId": "888899990000", "destinationParentId": "r-1"});
    let moved = stage.call("organizations", "MoveAccount", request, Value::Null).unwrap();
    take_in(&stage, &mut graph, &moved, "a member that nobody saw");
    let roots = |graph: &Graph| graph.edges().filter(|edge| edge.technique == "x-sts-01").count();
    let before = roots(&graph);
    stage.account = Some("888899990000");
    let made = stage.user("bob").unwrap();
    take_in(&stage, &mut graph, &made, "the member");
    assert_eq!(roots(&graph), before + 1);
}

/// A trust policy that names somebody by unique id lets nobody in once he is gone.
#[test]
fn names_of_the_deleted_are_kept_up() {
    let mut stage = Stage::default();
    stage.user("ann");
    stage.user("bob");
    stage.inline("user/bob", "own", &allow(&["sts:AssumeRole"], "*"));
    let id = format!("AIDA{}bob", ACCOUNT);
    stage.role("ops", &trust(&json!({"AWS": [id, arn("user/ann")]})));
    let mut graph = Graph::of(World::of(&stage.models));
    let gone = stage.iam("DeleteUser", json!({"userName": "bob"})).unwrap();
    take_in(&stage, &mut graph, &gone, "bob is gone");
}
