//! Ways under conditions: which are there, which depend on something, and which are none.

use crate::kit::{ACCOUNT, OTHER, Stage, allow, arn, document, trust, trust_account};
use serde_json::{Value, json};

/// Edges but for that of root.
fn edges(stage: &Stage) -> Vec<String> {
    let mut edges = stage.edges();
    edges.retain(|edge| !edge.starts_with("root/"));
    edges
}

/// `alice` and `bob`, neither with any permission, and a role `app` with that trust.
fn entering(statements: Vec<Value>) -> Vec<String> {
    let mut stage = Stage::default();
    stage.user("alice");
    stage.user("bob");
    stage.role("app", &document(statements));
    edges(&stage)
}

fn assume(effect: &str, whom: &Value, conditions: &Value) -> Value {
    let mut statement = json!({"Effect": effect, "Action": "sts:AssumeRole"});
    for (element, value) in whom.as_object().unwrap() {
        statement[element] = value.clone();
    }
    if !conditions.is_null() {
        statement["Condition"] = conditions.clone();
    }
    statement
}

fn everyone() -> Value {
    json!({"Principal": {"AWS": "*"}})
}

/// Whom a trust of everybody lets in under these conditions.
fn everyone_if(conditions: &Value) -> Vec<String> {
    entering(vec![assume("Allow", &everyone(), conditions)])
}

/// Ways that a policy of `mallory` gives.
fn of_mallory(statements: Vec<Value>) -> Vec<String> {
    let mut stage = Stage::default();
    stage.user("mallory");
    stage.inline("user/mallory", "own", &document(statements));
    edges(&stage)
}

fn on_everything(effect: &str, action: &str, conditions: &Value) -> Value {
    json!({"Effect": effect, "Action": action, "Resource": "*", "Condition": conditions})
}

const ADMINISTRATOR: &str = "user/mallory administrator administrator";

/// IAM User Guide, "AWS global condition context keys": what tells who asks is decided where the models
/// know him, and asked of all others.
#[test]
fn a_trust_of_everybody_asks_who_it_is() {
    let open = [
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}),
        json!({"StringEquals": {"sts:ExternalId": "k7"}}),
        json!({"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
        json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
    ];
    for conditions in open {
        assert_eq!(
            everyone_if(&conditions),
            ["* sts-001? role/app", "user/alice sts-001? role/app", "user/bob sts-001? role/app"],
            "{conditions}"
        );
    }
    let alice = json!({"ArnLike": {"aws:PrincipalArn": arn("user/al*")}});
    assert_eq!(everyone_if(&alice), ["user/alice sts-001 role/app"]);
    let but_alice = json!({"ArnNotEquals": {"aws:PrincipalArn": arn("user/alice")}});
    assert_eq!(everyone_if(&but_alice), ["* sts-001? role/app", "user/bob sts-001 role/app"]);
    let own = json!({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}});
    assert_eq!(everyone_if(&own), ["user/alice sts-001 role/app", "user/bob sts-001 role/app"]);
    let same = json!({"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}});
    assert_eq!(
        everyone_if(&same)[1..],
        ["user/alice sts-001 role/app", "user/bob sts-001 role/app"]
    );
    let other = json!({"StringEquals": {"aws:PrincipalAccount": OTHER}});
    assert_eq!(everyone_if(&other), ["* sts-001? role/app"]);
    // A path may hold colons: the account that is written here may be a stranger's path.
    let path = format!("arn:aws:iam:*:{}:role/ci", ACCOUNT);
    assert_eq!(
        everyone_if(&json!({"StringLike": {"aws:PrincipalArn": path}})),
        ["* sts-001? role/app"]
    );
    let stranger = format!("arn:aws:iam::{OTHER}:role/*/ci");
    assert_eq!(
        everyone_if(&json!({"StringEquals": {"aws:PrincipalArn": stranger}})),
        ["* sts-001? role/app"],
        "a path may hold an asterisk"
    );
    let any_role = json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}});
    assert_eq!(everyone_if(&any_role), ["* sts-001? role/app"]);
}

#[test]
fn a_deny_unless_asks_the_same() {
    let unless = |conditions: &Value| {
        entering(vec![
            assume("Allow", &everyone(), &Value::Null),
            assume("Deny", &json!({"Principal": "*"}), conditions),
        ])
    };
    let own = json!({"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}});
    assert_eq!(unless(&own), ["user/alice sts-001 role/app", "user/bob sts-001 role/app"]);
    let organization = json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abc"}});
    assert_eq!(
        unless(&organization),
        ["* sts-001? role/app", "user/alice sts-001? role/app", "user/bob sts-001? role/app"]
    );
}

/// IAM User Guide, "AWS JSON policy elements: NotPrincipal".
#[test]
fn not_principal_lets_in_and_leaves_out() {
    let allowed = |whom: &[String]| {
        entering(vec![assume("Allow", &json!({"NotPrincipal": {"AWS": whom}}), &Value::Null)])
    };
    assert_eq!(allowed(&[arn("user/alice")]), ["* sts-001 role/app", "user/bob sts-001 role/app"]);
    assert_eq!(allowed(&[arn("root")]), ["* sts-001 role/app"]);
    let spared = |who: &Value, whom: &[String]| {
        entering(vec![
            assume("Allow", who, &Value::Null),
            assume("Deny", &json!({"NotPrincipal": {"AWS": whom}}), &Value::Null),
        ])
    };
    let nobody: [&str; 0] = [];
    let alice = [arn("user/alice"), arn("root")];
    assert_eq!(spared(&everyone(), &alice), ["user/alice sts-001 role/app"]);
    assert_eq!(spared(&everyone(), &alice[..1]), ["user/alice sts-001? role/app"]);
    assert_eq!(spared(&everyone(), &[arn("root")]), nobody);
    let named = json!({"Principal": {"AWS": arn("user/bob")}});
    assert_eq!(spared(&named, &alice), nobody);
    let partner = format!("arn:aws:iam::{OTHER}:user/ci");
    let strangers = [partner.clone(), format!("arn:aws:iam::{OTHER}:root")];
    assert_eq!(spared(&everyone(), &strangers), [format!("{partner} sts-001? role/app")]);
    let account = json!({"Principal": {"AWS": OTHER}});
    assert_eq!(spared(&account, &strangers), [format!("{partner} sts-001? role/app")]);
    assert_eq!(spared(&account, &alice), nobody);
}

/// The same page: one with a permissions boundary is denied, whoever is listed; and of a role any session
/// may be meant.
#[test]
fn not_principal_and_boundaries_and_sessions() {
    let mut stage = Stage::default();
    stage.user("alice");
    stage.role("job", &trust(&json!({"Service": "ec2.amazonaws.com"})));
    let spare = |whom: &[String]| {
        document(vec![
            assume("Allow", &everyone(), &Value::Null),
            assume("Deny", &json!({"NotPrincipal": {"AWS": whom}}), &Value::Null),
        ])
    };
    stage.role("app", &spare(&[arn("user/alice"), arn("role/job"), arn("root")]));
    let told = edges(&stage);
    for edge in ["user/alice sts-001 role/app", "role/job sts-001? role/app"] {
        assert!(told.iter().any(|one| one == edge), "{edge}: {told:#?}");
    }
    stage.policy("wide", &allow(&["*"], "*"));
    stage.bound("user/alice", "wide");
    assert!(!edges(&stage).iter().any(|edge| edge.starts_with("user/alice")));
}

/// IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount`.
#[test]
fn whose_resource_it_is_decides() {
    let nothing: [&str; 0] = [];
    let owned = |effect: &str, operator: &str, account: &str| {
        on_everything(effect, "iam:*", &json!({operator: {"aws:ResourceAccount": account}}))
    };
    for own in [ACCOUNT, "${aws:PrincipalAccount}"] {
        assert_eq!(of_mallory(vec![owned("Allow", "StringEquals", own)]), [ADMINISTRATOR]);
        assert_eq!(of_mallory(vec![owned("Allow", "StringNotEquals", own)]), nothing);
    }
    assert_eq!(of_mallory(vec![owned("Allow", "StringEquals", OTHER)]), nothing);
    let all = json!({"Effect": "Allow", "Action": "iam:*", "Resource": "*"});
    let denied = |operator: &str, account: &str| {
        of_mallory(vec![all.clone(), owned("Deny", operator, account)])
    };
    assert_eq!(denied("StringNotEquals", ACCOUNT), [ADMINISTRATOR]);
    assert_eq!(denied("StringNotEquals", OTHER), nothing);
    // A role over there is another's.
    let mut stage = Stage::default();
    stage.user("mallory");
    let condition = json!({"StringEquals": {"aws:ResourceAccount": OTHER}});
    let one = on_everything("Allow", "sts:AssumeRole", &condition);
    stage.inline("user/mallory", "own", &document(vec![one]));
    stage.role("here", &trust_account(ACCOUNT));
    stage.account = Some(OTHER);
    stage.role("there", &trust_account(ACCOUNT));
    let told = edges(&stage);
    assert!(
        told.iter().any(|edge| edge == "user/mallory sts-001 role/there of 444455556666"),
        "{told:#?}"
    );
    assert!(!told.iter().any(|edge| edge.contains("role/here")), "{told:#?}");
}

/// IAM User Guide, "AWS global condition context keys", `aws:TokenIssueTime`. The trail is of 2026.
#[test]
fn sessions_that_are_long_over_go_nowhere() {
    let begun = |effect: &str, operator: &str, time: &str| {
        on_everything(effect, "iam:*", &json!({operator: {"aws:TokenIssueTime": time}}))
    };
    let all = json!({"Effect": "Allow", "Action": "iam:*", "Resource": "*"});
    let nothing: [&str; 0] = [];
    assert_eq!(of_mallory(vec![begun("Allow", "DateLessThan", "2020-01-01")]), nothing);
    let old = vec![all.clone(), begun("Deny", "DateLessThan", "2020-01-01")];
    assert_eq!(of_mallory(old.clone()), [ADMINISTRATOR]);
    let today = vec![all, begun("Deny", "DateLessThan", "2026-01-01T00:00:00Z")];
    let conditional = "user/mallory administrator? administrator";
    assert_eq!(of_mallory(today.clone())[0], conditional);
    let role = |statements: Vec<Value>| {
        let mut stage = Stage::default();
        stage.role("app", &trust(&json!({"Service": "ec2.amazonaws.com"})));
        stage.inline("role/app", "own", &document(statements));
        edges(&stage)
    };
    assert_eq!(role(old), ["role/app administrator administrator"]);
    assert_eq!(role(today)[0], "role/app administrator? administrator");
    let since = vec![begun("Allow", "DateGreaterThan", "2020-01-01")];
    assert_eq!(role(since.clone()), ["role/app administrator administrator"]);
    assert_eq!(of_mallory(since)[0], conditional);
}

/// IAM User Guide, "IAM JSON policy elements: Condition operators" (`StringEquals` takes no wildcards) and
/// "AWS JSON policy elements: Principal" (no wildcard within an ARN).
#[test]
fn a_wildcard_that_is_a_character_leads_nowhere() {
    let nothing: [&str; 0] = [];
    for conditions in [
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-*"}}),
        json!({"StringEquals": {"sts:ExternalId": "*"}}),
        json!({"StringEquals": {"aws:PrincipalArn": arn("user/*")}}),
        json!({"StringEquals": {"aws:SourceIp": "*"}}),
    ] {
        assert_eq!(everyone_if(&conditions), nothing, "{conditions}");
    }
    let some = json!({"StringEquals": {"aws:PrincipalArn": ["*", arn("user/alice")]}});
    assert_eq!(everyone_if(&some), ["user/alice sts-001 role/app"]);
    let like = json!({"ArnEquals": {"aws:PrincipalArn": arn("user/*")}});
    assert_eq!(everyone_if(&like).len(), 2);
    for partial in
        [arn("user/*"), format!("arn:aws:iam::{OTHER}:user/*"), "arn:aws:iam::*:root".into()]
    {
        let named = json!({"Principal": {"AWS": partial}});
        assert_eq!(entering(vec![assume("Allow", &named, &Value::Null)]), nothing, "{named}");
    }
    let beside = json!({"Principal": {"AWS": ["*", arn("user/alice")]}});
    assert_eq!(entering(vec![assume("Allow", &beside, &Value::Null)]).len(), 3);
    let star = on_everything("Allow", "iam:*", &json!({"StringEquals": {"aws:SourceIp": "*"}}));
    assert_eq!(of_mallory(vec![star]), nothing);
}
