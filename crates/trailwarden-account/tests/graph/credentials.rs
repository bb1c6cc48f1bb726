//! Ways that depend on what a credential report, a boundary, a name or a device tells.

use crate::kit::{ACCOUNT, ADMIN, Stage, allow, arn, document, statement, trust, trust_account};
use serde_json::{Value, json};
use trailwarden_account::baseline::{authorization_details, credential_report};
use trailwarden_account::graph::Edge;
use trailwarden_account::{Models, World};

const MADE: &str = "2025-06-01T10:00:00+00:00";

/// Alice and what Mallory may do to her, with a row about Alice: made, password, MFA, keys.
fn reported(actions: &[&str], made: &str, password: bool, mfa: bool, keys: [&str; 2]) -> Stage {
    let user = |name: &str, policies: Value| {
        json!({"UserName": name, "UserId": format!("AIDA{name}EXAMPLE"), "Path": "/",
            "Arn": arn(&format!("user/{name}")), "CreateDate": MADE, "UserPolicyList": policies})
    };
    let own = json!([{"PolicyName": "own", "PolicyDocument": allow(actions, &arn("user/alice"))}]);
    let details = json!({"UserDetailList": [user("alice", json!([])), user("mallory", own)],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": [], "IsTruncated": false});
    let [first, second] = keys.map(|key| match key {
        "none" => "false,N/A".to_owned(),
        "active" => format!("true,{MADE}"),
        _ => format!("false,{MADE}"),
    });
    let csv = format!(
        "user,user_creation_time,password_enabled,mfa_active,access_key_1_active,\
         access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n\
         alice,{made},{password},{mfa},{first},{second}\n"
    );
    let report = credential_report(csv.as_bytes()).unwrap();
    let baseline = authorization_details(details.to_string().as_bytes()).unwrap();
    let mut stage = Stage::default();
    stage.models = Models::from_baselines(&[baseline.with_report(report)]);
    stage
}

/// The edges of Mallory.
fn ways(stage: &Stage) -> Vec<String> {
    let edges = stage.edges().into_iter();
    let own = edges.filter_map(|edge| edge.strip_prefix("user/mallory ").map(str::to_owned));
    own.collect()
}

fn key(stage: &mut Stage, call: &str, id: &str) {
    let request = json!({"userName": "alice", "accessKeyId": id, "status": "Active"});
    let reply = json!({"accessKey": {"userName": "alice", "accessKeyId": id, "status": "Active"}});
    match call {
        "CreateAccessKey" => stage.call("iam", call, json!({"userName": "alice"}), reply),
        _ => stage.iam(call, request),
    };
}

/// IAM User Guide, "IAM and AWS STS quotas": two access keys, inactive ones included; "Generate
/// credential reports for your AWS account".
#[test]
fn two_reported_keys_leave_no_room_for_a_third() {
    let create = &["iam:CreateAccessKey"];
    for (keys, expected) in [
        (["none", "none"], &["iam-002 user/alice"][..]),
        (["active", "none"], &["iam-002 user/alice"]),
        (["none", "inactive"], &["iam-002 user/alice"]),
        (["active", "active"], &[]),
        (["active", "inactive"], &[]),
    ] {
        assert_eq!(ways(&reported(create, MADE, true, true, keys)), expected, "{keys:?}");
    }
    let both = &["iam:CreateAccessKey", "iam:DeleteAccessKey"];
    let full = reported(both, MADE, true, true, ["active", "active"]);
    assert_eq!(ways(&full), ["iam-003 user/alice"]);
}

#[test]
fn what_happened_since_the_report_counts_on_top() {
    let create = &["iam:CreateAccessKey"];
    let mut stage = reported(create, MADE, true, true, ["active", "none"]);
    key(&mut stage, "CreateAccessKey", "AKIANEW");
    assert_eq!(ways(&stage), [""; 0], "one reported and one made since");
    key(&mut stage, "DeleteAccessKey", "AKIANEW");
    assert_eq!(ways(&stage), ["iam-002 user/alice"]);
    let mut stage = reported(create, MADE, true, true, ["active", "active"]);
    key(&mut stage, "UpdateAccessKey", "AKIAOLD");
    assert_eq!(ways(&stage), [""; 0], "one of the two that were reported");
    key(&mut stage, "DeleteAccessKey", "AKIAOLD");
    assert_eq!(ways(&stage), ["iam-002 user/alice"]);
    key(&mut stage, "CreateAccessKey", "AKIANEW");
    assert_eq!(ways(&stage), [""; 0], "one was left, and one was made");
    // The one that is gone was reported, or made and deleted where nobody looked.
    let mut stage = reported(create, MADE, true, true, ["active", "none"]);
    key(&mut stage, "DeleteAccessKey", "AKIAOLD");
    key(&mut stage, "CreateAccessKey", "AKIANEW");
    assert_eq!(ways(&stage), ["iam-002? user/alice"]);
}

/// AWS makes a report every four hours at most, so it may be older than the details, and tell of
/// another user of that name.
#[test]
fn a_row_about_a_namesake_tells_nothing() {
    let create = &["iam:CreateAccessKey"];
    let before = "2024-01-01T10:00:00+00:00";
    let stage = reported(create, before, true, true, ["active", "active"]);
    assert_eq!(ways(&stage), ["iam-002? user/alice"]);
}

#[test]
fn an_inactive_key_can_be_woken_by_who_has_its_secret() {
    let update = &["iam:UpdateAccessKey"];
    let of = |keys| ways(&reported(update, MADE, true, true, keys));
    assert_eq!(of(["active", "inactive"]), ["x-iam-25? user/alice"]);
    assert_eq!(of(["active", "active"]), [""; 0]);
    assert_eq!(of(["none", "none"]), [""; 0]);
    let mut stage = reported(update, MADE, true, true, ["inactive", "none"]);
    key(&mut stage, "UpdateAccessKey", "AKIAOLD");
    assert_eq!(ways(&stage), ["x-iam-25? user/alice"], "perhaps it was another one");
    // Nobody told how many keys there are.
    let unknown = reported(update, "2024-01-01T10:00:00+00:00", true, true, ["active", "active"]);
    assert_eq!(ways(&unknown), ["x-iam-25? user/alice"]);
}

/// IAM User Guide, "AWS Multi-factor authentication in IAM".
#[test]
fn a_reported_device_stands_in_the_way_of_a_password() {
    let update = &["iam:UpdateLoginProfile"];
    let none = ["none", "none"];
    assert_eq!(ways(&reported(update, MADE, true, true, none)), [""; 0]);
    assert_eq!(ways(&reported(update, MADE, true, false, none)), ["iam-006 user/alice"]);
    assert_eq!(ways(&reported(update, MADE, false, false, none)), [""; 0]);
    let both = &["iam:UpdateLoginProfile", "iam:DeactivateMFADevice"];
    let ways_of_both = ways(&reported(both, MADE, true, true, none));
    assert_eq!(ways_of_both, ["iam-006 user/alice", "x-iam-07? user/alice"]);
    let mut stage = reported(update, MADE, true, true, none);
    let request = json!({"userName": "alice", "serialNumber": arn("mfa/alice")});
    stage.iam("DeactivateMFADevice", request);
    assert_eq!(ways(&stage), ["iam-006? user/alice"], "up to eight devices, one is gone");
}

/// IAM User Guide, "Permissions boundaries for IAM entities".
#[test]
fn who_may_rewrite_his_boundary_has_none() {
    let stage = |policy: &str| {
        let mut stage = Stage::default();
        stage.user("mallory");
        stage.attach("user/mallory", ADMIN);
        let actions = ["iam:CreatePolicyVersion", "iam:GetPolicy"];
        stage.policy("fence", &allow(&actions, &arn(&format!("policy/{policy}"))));
        stage.policy("other", &allow(&["s3:*"], "*"));
        stage.bound("user/mallory", "fence");
        stage
    };
    assert_eq!(ways(&stage("fence")), ["iam-001 administrator"]);
    assert_eq!(ways(&stage("other")), [""; 0]);
}

/// IAM User Guide, "Rename an IAM user or change its path".
#[test]
fn a_user_takes_the_name_that_a_policy_waits_for() {
    let stage = |key: &str, value: &str, on: &str| {
        let mut stage = Stage::default();
        stage.user("mallory");
        let mut all = statement("Allow", &["*"], "*");
        all["Condition"] = json!({"StringLike": {key: value}});
        stage.inline("user/mallory", "waiting", &document(vec![all]));
        stage.inline("user/mallory", "own", &allow(&["iam:UpdateUser"], &arn(on)));
        stage
    };
    let arn_of_glass = arn("user/glass/break-glass");
    for (key, value) in [
        ("aws:username", "break-glass"),
        ("aws:username", "break-*"),
        ("aws:PrincipalArn", arn_of_glass.as_str()),
    ] {
        let open = stage(key, value, "user/*");
        // Nobody listed the users, so the name may be taken.
        assert_eq!(ways(&open), ["x-iam-29? administrator"], "{key} {value}");
        assert_eq!(ways(&stage(key, value, "user/mallory")), [""; 0], "{key} {value}");
    }
    let mut taken = stage("aws:username", "break-glass", "user/*");
    taken.user("break-glass");
    assert_eq!(ways(&taken), [""; 0]);
}

/// A trust policy that lets in whoever has a name, by a condition, lets in whoever takes it. IAM User
/// Guide, "AWS JSON policy elements: Principal": a principal that it names is another matter.
#[test]
fn who_may_take_a_name_enters_what_a_trust_keeps_for_it() {
    let stage = |condition: Value, on: &str| {
        let mut stage = Stage::default();
        stage.user("mallory");
        let mut waiting = trust(&json!({"AWS": "*"}));
        waiting["Statement"][0]["Condition"] = condition;
        stage.role("power", &waiting);
        stage.attach("role/power", ADMIN);
        let own = allow(&["iam:UpdateUser"], &arn(on));
        stage.inline("user/mallory", "own", &own);
        stage
    };
    let like = |name: &str| json!({"ArnLike": {"aws:PrincipalArn": arn(name)}});
    assert_eq!(ways(&stage(like("user/ci-*"), "user/*")), ["x-iam-29? role/power"]);
    assert_eq!(ways(&stage(like("user/ci-*"), "user/mallory")), [""; 0], "not onto the name");
    assert_eq!(ways(&stage(like("role/ci-*"), "user/*")), [""; 0], "no user is a role");
}

/// IAM User Guide, "Secure API access with MFA": the trust policy asks, and the user may bind a
/// device of his own first.
#[test]
fn who_may_bind_a_device_comes_past_a_trust_that_asks_for_one() {
    let stage = |actions: &[&str]| {
        let mut stage = Stage::default();
        stage.user("mallory");
        let mut trust = trust_account(ACCOUNT);
        trust["Statement"][0]["Condition"] =
            json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
        stage.role("power", &trust);
        stage.attach("role/power", ADMIN);
        let own = [arn("user/mallory"), arn("mfa/*"), arn("role/power")];
        let mut policy = statement("Allow", actions, "*");
        policy["Resource"] = json!(own);
        stage.inline("user/mallory", "own", &document(vec![policy]));
        stage
    };
    let all = ["sts:AssumeRole", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice"];
    let open = stage(&all);
    assert_eq!(ways(&open), ["sts-001? role/power", "x-iam-06 role/power"]);
    let graph = open.graph();
    let edges = graph.edges_from(&open.node("user/mallory"));
    let way = edges.iter().find(|edge| edge.technique == "x-iam-06").unwrap();
    let steps: Vec<&str> = way.steps.iter().map(|step| step.action).collect();
    assert_eq!(steps, ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "sts:AssumeRole"]);
    for missing in 1..all.len() {
        let some: Vec<&str> =
            all.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, one)| *one).collect();
        assert_eq!(ways(&stage(&some)), ["sts-001? role/power"], "{some:?}");
    }
}

/// IAM User Guide, "AWS JSON policy elements: Principal" (unique ids of what was deleted) and "IAM
/// policy elements: Variables and tags" (`aws:userid` of a session is `AROA...:name`).
#[test]
fn the_id_of_a_role_is_known_without_its_session() {
    let stage = |who: &str| {
        let mut stage = Stage::default();
        stage.role("mallory", &trust_account(ACCOUNT));
        stage.inline("role/mallory", "own", &allow(&["sts:AssumeRole"], "*"));
        let mut trust = trust_account(ACCOUNT);
        trust["Statement"][0]["Principal"] = json!({"AWS": who});
        stage.role("power", &trust);
        let edges = stage.edges().into_iter();
        edges.filter(|edge| edge.starts_with("role/mallory")).collect::<Vec<_>>()
    };
    assert_eq!(stage("AIDAI3GHOSTUSEREXAMPLE"), [""; 0]);
    assert_eq!(stage("AROAI3GHOSTROLEEXAMPLE"), [""; 0]);
    // As a condition, of a trust that lets the whole account in.
    let under = |pattern: &str| {
        let mut stage = Stage::default();
        stage.role("mallory", &trust_account(ACCOUNT));
        let mut one = statement("Allow", &["iam:PutRolePolicy"], &arn("role/mallory"));
        one["Condition"] = json!({"StringLike": {"aws:userid": pattern}});
        stage.inline("role/mallory", "own", &document(vec![one]));
        let edges = stage.edges().into_iter();
        edges.filter(|edge| edge.starts_with("role/mallory")).collect::<Vec<_>>()
    };
    let id = format!("AROA{ACCOUNT}mallory");
    assert_eq!(under(&format!("{id}:*")), ["role/mallory iam-005 administrator"]);
    assert_eq!(under(&format!("{id}:ops-*")), ["role/mallory iam-005? administrator"]);
    assert_eq!(under("AROAOTHEREXAMPLE:*"), [""; 0]);
}

/// Amazon Cognito Developer Guide, "IAM roles": an identity pool enters as a provider.
#[test]
fn a_role_of_an_identity_pool_names_it_as_a_provider() {
    let stage = |principal: Value, action: &str| {
        let mut stage = Stage::default();
        stage.user("mallory");
        let mut one = json!({"Effect": "Allow", "Action": action, "Principal": principal});
        one["Condition"] = json!({"StringEquals":
            {"cognito-identity.amazonaws.com:aud": "eu-central-1:pool"}});
        stage.role("power", &document(vec![one]));
        let actions = ["cognito-identity:SetIdentityPoolRoles", "iam:PassRole"];
        stage.inline("user/mallory", "own", &allow(&actions, "*"));
        ways(&stage)
    };
    let cognito = "cognito-identity.amazonaws.com";
    let federated = json!({"Federated": cognito});
    let found = stage(federated.clone(), "sts:AssumeRoleWithWebIdentity");
    assert_eq!(found, ["x-cognito-identity-01? role/power"]);
    assert_eq!(stage(federated, "sts:AssumeRole"), [""; 0]);
    assert_eq!(stage(json!({"Service": cognito}), "sts:AssumeRole"), [""; 0]);
}

#[test]
fn a_name_that_is_taken_or_given_up_closes_or_opens_the_way_to_it() {
    let mut stage = Stage::default();
    stage.user("mallory");
    let mut all = statement("Allow", &["*"], "*");
    all["Condition"] = json!({"StringEquals": {"aws:username": "break-glass"}});
    let rename = statement("Allow", &["iam:UpdateUser"], "*");
    stage.inline("user/mallory", "own", &document(vec![all, rename]));
    let mut graph = stage.graph();
    let away = json!({"userName": "break-glass", "newUserName": "glass"});
    for (call, request, is_open) in [
        ("CreateUser", json!({"userName": "break-glass"}), false),
        ("UpdateUser", away, true),
        ("UpdateUser", json!({"userName": "glass", "newUserName": "break-glass"}), false),
        ("DeleteUser", json!({"userName": "break-glass"}), true),
    ] {
        let change = stage.iam(call, request.clone()).unwrap();
        graph.update(World::of(&stage.models), &change);
        let edges: Vec<Edge> = graph.edges().cloned().collect();
        assert_eq!(edges, stage.graph().edges().cloned().collect::<Vec<_>>(), "{call} {request}");
        assert_eq!(graph.edges_from(&stage.node("user/mallory")).len(), usize::from(is_open));
    }
}
