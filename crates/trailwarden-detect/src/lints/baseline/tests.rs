//! Documents of baselines: which are checked, how they merge, and how grave they are.

use serde_json::{Value, json};
use trailwarden_account::baseline::authorization_details;
use trailwarden_model::finding::Kind as Produced;
use trailwarden_model::{AccountId, Finding, Severity};
use trailwarden_record::row::Actions;

use super::*;
use crate::Settings;
use crate::conclude::{Records, Sources};

fn allow(actions: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }] })
}

/// An identity as `aws iam get-account-authorization-details` prints it.
fn identity(kind: &str, name: &str, policies: Value, over: Value) -> Value {
    let mut identity = json!({
        "Path": "/", format!("{kind}Name"): name, format!("{kind}Id"): format!("ID{name}"),
        "Arn": format!("arn:aws:iam::111122223333:{}/{name}", kind.to_lowercase()),
        "CreateDate": "2025-01-01T00:00:00Z", "AttachedManagedPolicies": [],
        format!("{kind}PolicyList"): policies,
    });
    identity.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
    identity
}

fn inline(document: &Value) -> Value {
    json!([{ "PolicyName": "own", "PolicyDocument": document }])
}

fn group(name: &str, document: &Value) -> Value {
    identity("Group", name, inline(document), json!({}))
}

fn baseline(users: Value, groups: Value, roles: Value, policies: Value) -> Baseline {
    let details = json!({
        "UserDetailList": users, "GroupDetailList": groups, "RoleDetailList": roles, "Policies": policies
    });
    authorization_details(details.to_string().as_bytes()).unwrap()
}

fn found(baseline: &Baseline, accounts: &[AccountId]) -> Vec<Finding> {
    let baselines = std::slice::from_ref(baseline);
    let engine = Engine::new(&[], Settings::default()).with_lint_of(baselines, accounts);
    let (records, actions) = (Records::default(), Actions::default());
    engine.conclude(&Sources { records: &records, files: &[], actions: &actions, sigma: &[] })
}

#[test]
fn alike_flaws_of_an_account_are_one_finding_that_counts_them() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let groups: Vec<Value> = names.iter().map(|name| group(name, &allow("s3:GetObjct"))).collect();
    let baseline = baseline(json!([]), json!(groups), json!([]), json!([]));
    let all = found(&baseline, &[]);
    let [one] = &all[..] else { panic!("{all:#?}") };
    assert_eq!(
        (one.rule.as_str(), one.kind, one.severity),
        ("unknown-action", Produced::Lint, Severity::Low)
    );
    assert_eq!((one.account.as_deref(), one.outcome), (Some("111122223333"), None));
    assert_eq!((one.evidence.len(), one.evidence_total), (0, 0));
    assert!(
        one.explanation.starts_with("In the baseline, the inline policy `own` of group a"),
        "{}",
        one.explanation
    );
    assert!(one.explanation.contains("s3:GetObjct"), "{}", one.explanation);
    assert!(one.explanation.contains("So have 7 more documents"), "{}", one.explanation);
    assert!(one.explanation.ends_with("group f and 2 more."), "{}", one.explanation);
    assert_eq!(one.target.name.as_deref(), Some("a"));
    let other = AccountId::parse("444455556666").unwrap();
    assert_eq!(found(&baseline, &[other]), [], "an account that nobody asked for");
    let ours = AccountId::parse("111122223333").unwrap();
    assert_eq!(found(&baseline, &[ours]).len(), 1);
}

#[test]
fn every_place_of_a_document_is_looked_at_as_its_kind_but_not_what_aws_wrote() {
    let wrong = allow("s3:GetObjct");
    let version = |id: &str, is_default: bool, document: &Value| json!({ "VersionId": id, "IsDefaultVersion": is_default, "Document": document, "CreateDate": "2025-01-01T00:00:00Z" });
    let policy = |arn: &str, versions: Value| {
        json!({ "PolicyName": "p", "PolicyId": format!("ANPA{}", arn.len()), "Arn": arn, "Path": "/",
                "DefaultVersionId": "v2", "PolicyVersionList": versions })
    };
    let trust = json!({ "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumRole" }]
    }});
    let linked = json!({ "Path": "/aws-service-role/x.amazonaws.com/",
        "Arn": "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/linked" });
    let roles = json!([
        identity("Role", "app", json!([]), trust),
        identity("Role", "linked", inline(&wrong), linked),
    ]);
    let users = json!([identity("User", "bob", inline(&wrong), json!({}))]);
    let policies = json!([
        policy(
            "arn:aws:iam::111122223333:policy/now",
            json!([version("v1", false, &allow("s3:*")), version("v2", true, &wrong)])
        ),
        policy(
            "arn:aws:iam::111122223333:policy/before",
            json!([version("v1", false, &wrong), version("v2", true, &allow("s3:*"))])
        ),
        policy("arn:aws:iam::aws:policy/theirs", json!([version("v2", true, &wrong)])),
    ]);
    let all = found(&baseline(users, json!([]), roles, policies), &[]);
    let said: Vec<&str> = all.iter().map(|finding| finding.explanation.as_str()).collect();
    let said = said.join("\n");
    for told in ["user bob", "trust policy of role app", "policy/now"] {
        assert!(said.contains(told), "{told} in\n{said}");
    }
    for silent in ["linked", "policy/before", "theirs"] {
        assert!(!said.contains(silent), "{silent} in\n{said}");
    }
}

/// An Allow on a condition that asks for nothing is as grave as what its holders may do by it.
#[test]
fn what_gives_more_than_meant_is_as_grave_as_what_its_holders_may_do() {
    let passed = |action: &str| {
        json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": action, "Resource": "*",
            "Condition": { "IpAddress": { "aws:SourceIp": "0.0.0.0/0" } }
        }]})
    };
    let of = |users: Value, groups: Value| {
        let all = found(&baseline(users, groups, json!([]), json!([])), &[]);
        let rule = "condition-always-true";
        all.iter().find(|finding| finding.rule == rule).map(|finding| finding.severity)
    };
    let user = |name: &str, action: &str, over: Value| {
        identity("User", name, inline(&passed(action)), over)
    };
    let bounded = json!({ "PermissionsBoundary": {
        "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"
    }});
    let own = of(json!([user("bob", "s3:GetObject", json!({}))]), json!([]));
    assert_eq!(own, Some(Severity::High), "the check's own");
    assert_eq!(of(json!([user("bob", "*", json!({}))]), json!([])), Some(Severity::Critical));
    assert_eq!(of(json!([user("bob", "*", bounded)]), json!([])), own, "a boundary caps it");
    // Of a group its members have it; one without members gives it to nobody.
    let member = identity("User", "bob", json!([]), json!({ "GroupList": ["devs"] }));
    let devs = json!([group("devs", &passed("*"))]);
    assert_eq!(of(json!([member]), devs.clone()), Some(Severity::Critical));
    assert_eq!(of(json!([]), devs), own);
}
