//! What edges and paths say about accounts made by hand.

use crate::kit::trust_account;
use crate::kit::{ACCOUNT, ADMIN, OTHER, Stage, account, allow, arn, document, statement, trust};
use serde_json::{Value, json};
use trailwarden_account::graph::{Certainty, Node};

fn has(stage: &Stage, edge: &str) -> bool {
    stage.edges().iter().any(|one| one == edge)
}

#[track_caller]
fn check(stage: &Stage, expected: &[&str]) {
    assert_eq!(stage.edges(), expected);
}

fn admin(stage: &mut Stage, name: &str) {
    stage.user(name);
    stage.attach(&format!("user/{name}"), ADMIN);
}

#[test]
fn an_administrator_has_one_edge() {
    let mut stage = Stage::default();
    admin(&mut stage, "root-like");
    stage.user("alice");
    stage.role("app", &trust_account(ACCOUNT));
    check(
        &stage,
        &["root/root administrator administrator", "user/root-like administrator administrator"],
    );
}

#[test]
fn a_boundary_caps_what_one_gives_oneself() {
    let mut stage = Stage::default();
    stage.user("mallory");
    stage.inline("user/mallory", "own", &allow(&["iam:PutUserPolicy"], &arn("user/mallory")));
    assert!(has(&stage, "user/mallory iam-007 administrator"));
    stage.policy("fence", &allow(&["iam:PutUserPolicy", "s3:*"], "*"));
    stage.bound("user/mallory", "fence");
    assert!(!stage.edges().iter().any(|edge| edge.starts_with("user/mallory")));
    // The fence leaves a way to another user: what he writes for himself reaches that far.
    stage.user("alice");
    stage.policy("wider", &allow(&["iam:PutUserPolicy", "iam:CreateAccessKey"], "*"));
    stage.bound("user/mallory", "wider");
    assert!(has(&stage, "user/mallory iam-007 user/alice"), "{:#?}", stage.edges());
}

#[test]
fn moves_follow_on_each_other() {
    let mut stage = Stage::default();
    stage.user("mallory");
    let actions = ["iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"];
    stage.inline("user/mallory", "own", &allow(&actions, &arn("user/mallory")));
    stage.policy("fence", &allow(&["iam:*"], &arn("user/mallory")));
    stage.bound("user/mallory", "fence");
    let graph = stage.graph();
    let path = graph.path(&stage.node("user/mallory"), &Node::Administrator(account())).unwrap();
    let steps: Vec<&str> = path.edges[0].steps.iter().map(|step| step.action).collect();
    assert_eq!(path.edges.len(), 1);
    assert_eq!(steps.len(), 2, "{path:?}");
    assert!(steps.contains(&"iam:DeleteUserPermissionsBoundary"));
}

#[test]
fn only_strong_policies_that_may_be_attached_count() {
    let attach = |condition: Value| {
        let mut stage = Stage::default();
        stage.user("mallory");
        let mut one = statement("Allow", &["iam:AttachUserPolicy"], "*");
        one["Condition"] = condition;
        stage.inline("user/mallory", "own", &document(vec![one]));
        stage
    };
    let weak = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let stage = attach(json!({"ArnEquals": {"iam:PolicyARN": weak}}));
    assert!(!stage.edges().iter().any(|edge| edge.starts_with("user/mallory")));
    let mut stage = attach(json!({"ArnEquals": {"iam:PolicyARN": arn("policy/strong")}}));
    stage.policy("strong", &allow(&["*"], "*"));
    assert!(has(&stage, "user/mallory iam-008 administrator"), "{:#?}", stage.edges());
    let stage = attach(json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}));
    assert!(has(&stage, "user/mallory iam-008? administrator"));
    let graph = stage.graph();
    let certainty = graph.reaches_administrator(&stage.node("user/mallory"));
    assert_eq!(certainty, Some(Certainty::Conditional(vec!["MFA is present".to_owned()])));
}

/// IAM User Guide, "Policy evaluation logic": a trust policy that names the account leaves it to
/// identity policies; one that names a principal needs none within the account.
#[test]
fn trust_is_asked_from_both_sides() {
    let mut stage = Stage::default();
    stage.user("alice");
    stage.user("bob");
    stage.role("open", &trust_account(ACCOUNT));
    stage.role("named", &trust(&json!({"AWS": arn("user/alice")})));
    stage.inline("user/bob", "own", &allow(&["sts:AssumeRole"], "*"));
    check(
        &stage,
        &[
            "root/root administrator administrator",
            "user/alice sts-001 role/named",
            "user/bob sts-001 role/open",
        ],
    );
}

#[test]
fn accounts_need_both_sides() {
    let mut stage = Stage::default();
    stage.role("app", &trust_account(OTHER));
    stage.attach("role/app", ADMIN);
    // What they may do over there nobody saw.
    assert!(has(&stage, "444455556666 sts-001? role/app"));
    stage.account = Some(OTHER);
    stage.user("carol");
    stage.user("dave");
    stage.inline("user/carol", "own", &allow(&["sts:AssumeRole"], "*"));
    let edges = stage.edges();
    assert!(
        edges.contains(&"user/carol of 444455556666 sts-001 role/app".to_owned()),
        "{edges:#?}"
    );
    assert!(!edges.iter().any(|edge| edge.contains("dave") || edge.starts_with(OTHER)));
    let graph = stage.graph();
    let carol = stage.node_in(OTHER, "user/carol");
    let path = graph.way(&carol).unwrap();
    assert_eq!(path.techniques(), ["sts-001", "administrator"]);
    assert_eq!(path.edges[1].to, Node::Administrator(account()));
}

#[test]
fn what_is_not_known_makes_an_edge_conditional() {
    let mut stage = Stage::default();
    // Never created in sight: there may be other policies.
    stage.inline("user/mallory", "own", &allow(&["iam:PutUserPolicy"], "*"));
    let graph = stage.graph();
    let edges = graph.edges_from(&stage.node("user/mallory"));
    let own = edges.iter().find(|edge| edge.technique == "iam-007").unwrap();
    assert!(own.certainty.reasons().iter().any(|one| one.contains("unseen policy")), "{own:?}");
    // Nobody who is only seen in passing leads anywhere.
    let mut stage = Stage::default();
    stage.inline("user/mallory", "own", &allow(&["s3:GetObject"], "*"));
    stage.role("app", &trust_account(ACCOUNT));
    assert!(!stage.edges().iter().any(|edge| edge.starts_with("user/mallory")));
}

#[test]
fn groups_add_up_with_own_policies() {
    let mut stage = Stage::default();
    stage.user("mallory");
    stage.group("crew");
    stage.join("mallory", "crew");
    stage.role("app", &trust(&json!({"Service": "lambda.amazonaws.com"})));
    stage.inline("user/mallory", "own", &allow(&["iam:PassRole"], &arn("role/app")));
    assert!(!stage.edges().iter().any(|edge| edge.starts_with("user/mallory")));
    let actions = ["lambda:CreateFunction", "lambda:InvokeFunction"];
    stage.inline("group/crew", "ours", &allow(&actions, "*"));
    assert!(has(&stage, "user/mallory x-lambda-01 role/app"), "{:#?}", stage.edges());
    // Only functions of a name, which is enough; only of another account, which is not.
    let named = format!("arn:aws:lambda:*:{ACCOUNT}:function:crew-*");
    stage.inline("group/crew", "ours", &allow(&actions, &named));
    assert!(has(&stage, "user/mallory x-lambda-01 role/app"), "{:#?}", stage.edges());
    let foreign = format!("arn:aws:lambda:*:{OTHER}:function:*");
    stage.inline("group/crew", "ours", &allow(&actions, &foreign));
    assert!(!has(&stage, "user/mallory x-lambda-01 role/app"));
}

#[test]
fn paths_prefer_what_is_certain() {
    let mut stage = Stage::default();
    for name in ["mallory", "first", "second"] {
        stage.user(name);
    }
    admin(&mut stage, "top");
    stage.iam("CreateLoginProfile", json!({"userName": "top"}));
    let request = json!({"userName": "top", "serialNumber": arn("mfa/top")});
    stage.iam("EnableMFADevice", request);
    let detach = allow(&["iam:DeactivateMFADevice"], &arn("user/top"));
    stage.inline("user/mallory", "short", &detach);
    let key = |name: &str| allow(&["iam:CreateAccessKey"], &arn(&format!("user/{name}")));
    stage.inline("user/mallory", "long", &key("first"));
    stage.inline("user/first", "long", &key("second"));
    stage.inline("user/second", "long", &key("top"));
    let graph = stage.graph();
    let mallory = stage.node("user/mallory");
    let path = graph.path(&mallory, &Node::Administrator(account())).unwrap();
    assert_eq!(path.techniques(), ["iam-002", "iam-002", "iam-002", "administrator"]);
    assert_eq!(path.certainty(), Certainty::Yes);
    assert_eq!(graph.reaches_administrator(&mallory), Some(Certainty::Yes));
    let all = graph.paths_to_administrator(&mallory);
    let techniques: Vec<&str> = all.iter().map(|path| path.edges[0].technique).collect();
    assert_eq!(techniques, ["iam-002", "x-iam-07"]);
    assert_eq!(graph.path(&stage.node("user/top"), &mallory), None);
    assert!(!graph.is_truncated());
    assert!(graph.nodes().contains(&mallory));
}

#[test]
fn outsiders_come_in_by_trust() {
    let mut stage = Stage::default();
    stage.role("open", &trust(&json!({"AWS": "*"})));
    stage.role("partner", &trust(&json!({"AWS": "arn:aws:iam::777788889999:role/ci"})));
    let federated = json!({"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": arn("oidc-provider/ci.example.com")},
        "Condition": {"StringEquals": {"ci.example.com:sub": "main"}}});
    stage.role("build", &document(vec![federated]));
    let edges = stage.edges();
    for edge in [
        "* sts-001 role/open",
        "arn:aws:iam::777788889999:role/ci sts-001? role/partner",
        "arn:aws:iam::111122223333:oidc-provider/ci.example.com sts:AssumeRoleWithWebIdentity? role/build",
    ] {
        assert!(edges.contains(&edge.to_owned()), "{edge}: {edges:#?}");
    }
    let graph = stage.graph();
    assert_eq!(graph.edges_from(&Node::External("*".into())).len(), 1);
    let partner = Node::External("arn:aws:iam::777788889999:role/ci".into());
    let edge = graph.edges_from(&partner)[0].clone();
    let leave = "policies of account 777788889999, which were not seen, allow it";
    assert_eq!(edge.certainty.reasons(), [leave]);
    assert_eq!(edge.steps[0].allowed_by, ["trust policy".into()]);
}

/// IAM User Guide, "AWS JSON policy elements: Principal": the id stands for a principal that is gone,
/// also where somebody's own id was never seen.
#[test]
fn trust_in_a_deleted_principal_lets_nobody_in() {
    let mut stage = Stage::default();
    stage.user("alice");
    stage.role("app", &trust(&json!({"AWS": "AIDAWASDELETEDXXXXXXX"})));
    stage.role("other", &trust(&json!({"AWS": "AROAWASDELETEDXXXXXXX"})));
    stage.inline("user/alice", "own", &allow(&["sts:AssumeRole"], "*"));
    stage.role("helper", &trust(&json!({"Service": "ec2.amazonaws.com"})));
    stage.inline("role/helper", "own", &allow(&["sts:AssumeRole"], "*"));
    let edges = stage.edges();
    assert!(!edges.iter().any(|edge| edge.contains("sts-001")), "{edges:#?}");
}

/// IAM User Guide, "AWS Multi-factor authentication in IAM": a password alone signs in nobody who
/// has a device.
#[test]
fn a_password_is_not_enough_against_mfa() {
    let mut stage = Stage::default();
    stage.user("mallory");
    stage.user("alice");
    stage.inline("user/mallory", "own", &allow(&["iam:CreateLoginProfile"], "*"));
    assert!(has(&stage, "user/mallory iam-004 user/alice"));
    let request = json!({"userName": "alice", "serialNumber": arn("mfa/alice")});
    stage.iam("EnableMFADevice", request);
    assert!(!has(&stage, "user/mallory iam-004 user/alice"));
    let both = ["iam:CreateLoginProfile", "iam:DeactivateMFADevice"];
    stage.inline("user/mallory", "own", &allow(&both, "*"));
    assert!(has(&stage, "user/mallory iam-004 user/alice"));
    stage.iam("CreateLoginProfile", json!({"userName": "alice"}));
    assert!(!has(&stage, "user/mallory iam-004 user/alice"));
}

/// AWS Organizations User Guide, "SCP evaluation": an SCP over the account caps every way.
#[test]
fn an_scp_caps_every_way() {
    let mut stage = Stage::default();
    stage.account = Some(OTHER);
    stage.user("mallory");
    let own = format!("arn:aws:iam::{OTHER}:user/mallory");
    stage.inline("user/mallory", "own", &allow(&["iam:PutUserPolicy"], &own));
    let leads = |stage: &Stage| {
        let mallory = stage.node_in(OTHER, "user/mallory");
        stage.graph().reaches_administrator(&mallory)
    };
    assert_eq!(leads(&stage), Some(Certainty::Yes));
    stage.account = None;
    let parent = json!({"accountId": OTHER, "destinationParentId": "r-1"});
    stage.call("organizations", "MoveAccount", parent, Value::Null);
    for (id, content) in [
        ("p-FullAWSAccess", allow(&["*"], "*")),
        ("p-1", document(vec![statement("Deny", &["iam:Put*"], "*")])),
    ] {
        let summary = json!({"policy": {"policySummary": {"id": id, "name": id,
            "type": "SERVICE_CONTROL_POLICY"}}});
        let request = json!({"name": id, "type": "SERVICE_CONTROL_POLICY",
            "content": content.to_string()});
        stage.call("organizations", "CreatePolicy", request, summary);
        for target in ["r-1", OTHER] {
            let request = json!({"policyId": id, "targetId": target});
            stage.call("organizations", "AttachPolicy", request, Value::Null);
        }
    }
    assert_eq!(leads(&stage), None);
}

/// Names that overlap in more ways than anybody works out, none of which denies a name of the test.
fn overlapping(actions: &[&str]) -> Value {
    let statement = |at: usize| {
        let patterns = (0..40).map(|one| format!("arn:aws:*:*:*:*z{one}*{at}*"));
        let patterns: Vec<String> = patterns.collect();
        match at.is_multiple_of(2) {
            true => json!({"Effect": "Deny", "Action": actions, "Resource": patterns}),
            false => json!({"Effect": "Allow", "Action": actions, "NotResource": patterns}),
        }
    };
    let statements: Vec<Value> = (0..60).map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What the limit of work leaves open is an edge that depends on it, not none.
#[test]
fn policies_too_complex_to_work_out_leave_edges_open() {
    const DOUBT: &str = "the policies of user/mallory, too complex to work out, allow it";
    let mut stage = Stage::default();
    stage.user("mallory");
    stage.role("app", &trust(&json!({"Service": "lambda.amazonaws.com"})));
    let to_administrator = Node::Administrator(account());
    let open = |stage: &Stage, to: &Node| {
        let graph = stage.graph();
        let edges = graph.edges_from(&stage.node("user/mallory"));
        let edges: Vec<_> = edges.into_iter().filter(|edge| edge.to == *to).collect();
        !edges.is_empty()
            && edges.iter().all(|edge| edge.certainty.reasons().iter().any(|one| one == DOUBT))
    };
    stage.inline("user/mallory", "own", &overlapping(trailwarden_policy::reach::CONTROL_OF_IAM));
    assert!(open(&stage, &to_administrator), "{:#?}", stage.edges());
    let making = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"];
    stage.inline("user/mallory", "own", &overlapping(&making));
    assert!(open(&stage, &stage.node("role/app")), "{:#?}", stage.edges());
    assert!(!open(&stage, &to_administrator));
}
