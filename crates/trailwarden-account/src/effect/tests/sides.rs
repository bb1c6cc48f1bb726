//! Before and after are compared with the same knowledge: what a record shows is no doing of its call.

use super::sentences::{drawn, drawn_call};
use super::*;

const MEMBER: &str = "444455556666";
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn in_member() -> Value {
    json!({"recipientAccountId": MEMBER})
}

/// In the member account `bob` may enter role `r`, an administrator.
fn stage() -> Trail {
    let mut trail = Trail::new();
    let mut call = |name: &str, request: Value| {
        trail.call("iam", name, request, Value::Null, in_member());
    };
    call("CreateUser", json!({"userName": "bob"}));
    let trust = trusting(json!({"AWS": format!("arn:aws:iam::{MEMBER}:user/bob")}));
    let trust = trust.to_string();
    call("CreateRole", json!({"roleName": "r", "assumeRolePolicyDocument": trust}));
    call("AttachRolePolicy", json!({"roleName": "r", "policyArn": ADMIN}));
    trail
}

fn organization(trail: &mut Trail, name: &str, request: Value, reply: Value) -> Effect {
    drawn_call(trail, "organizations", name, (request, reply, Value::Null))
}

fn made(trail: &mut Trail, kind: &str, content: &str) -> Effect {
    let request = json!({"type": kind, "name": "p", "content": content});
    let reply = json!({"policy": {"policySummary": {"id": "p-1", "type": kind}}});
    organization(trail, "CreatePolicy", request, reply)
}

fn deny(actions: &[&str]) -> String {
    policy_of(json!([{"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*"}]))
}

/// AWS Organizations User Guide, "Service control policies" and "Resource control policies": attached
/// nowhere, they restrict nobody. That there is an organization was so before the call.
#[test]
fn a_policy_that_is_only_made_closes_nothing() {
    for (kind, told) in [
        ("SERVICE_CONTROL_POLICY", "service control policy made: it is attached nowhere"),
        ("RESOURCE_CONTROL_POLICY", "resource control policy made: it is attached nowhere"),
    ] {
        let mut trail = stage();
        let made = made(&mut trail, kind, &deny(&["sts:AssumeRole"]));
        assert_eq!((made.sentence().as_str(), made.verdict()), (told, Verdict::Nothing));
        assert!(made.closed.is_empty() && made.opened.is_empty());
    }
}

/// The same of a policy that is attached to an account and says nothing about the way.
#[test]
fn a_policy_closes_only_what_it_denies() {
    let mut trail = stage();
    made(&mut trail, "SERVICE_CONTROL_POLICY", &deny(&["organizations:LeaveOrganization"]));
    let target = json!({"policyId": "p-1", "targetId": MEMBER});
    let attached = organization(&mut trail, "AttachPolicy", target, Value::Null);
    assert!(attached.closed.is_empty(), "{}", attached.sentence());
    let moved = json!({"accountId": MEMBER, "destinationParentId": "ou-1"});
    let mut trail = stage();
    let moved = organization(&mut trail, "MoveAccount", moved, Value::Null);
    assert!(moved.closed.is_empty(), "{}", moved.sentence());
}

/// What is taken off was there, for the graph too.
#[test]
fn what_a_detachment_proves_counts_for_ways_too() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("eve");
    trail.role("boss", &trusting(json!({"AWS": arn("root")})));
    trail.iam("AttachRolePolicy", json!({"roleName": "boss", "policyArn": ADMIN}));
    trail.policy("enter", &allow(&["sts:AssumeRole"], &arn("role/boss")));
    // Eve holds it, of Bob nobody saw that.
    trail.iam("AttachUserPolicy", json!({"userName": "eve", "policyArn": arn("policy/enter")}));
    trail.iam("UpdateUser", json!({"userName": "ghost", "newUserName": "ghost2"}));
    let off = json!({"userName": "ghost2", "policyArn": arn("policy/enter")});
    let detached = drawn(&mut trail, "nina", "DetachUserPolicy", off);
    assert!(detached.closed.iter().any(|path| path.to == "role/boss"), "{}", detached.sentence());
}

/// Of an administrator no lesser ways are drawn, so none is lost to whoever becomes one.
#[test]
fn whoever_is_administrator_loses_no_way() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("x");
    trail.iam("AttachUserPolicy", json!({"userName": "x", "policyArn": ADMIN}));
    let who = arn("user/${aws:PrincipalTag/who}");
    let but = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": who}]);
    trail.put("bob", &policy_of(but));
    let now = json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalTag/who": "x"}}}]);
    let put = json!({"userName": "bob", "policyName": "p", "policyDocument": policy_of(now)});
    let effect = drawn(&mut trail, "nina", "PutUserPolicy", put);
    assert!(!effect.sentence().contains("close"), "{}", effect.sentence());
    assert_eq!(effect.verdict(), Verdict::Nothing, "{}", effect.sentence());
}

/// Whoever comes from an account that is named now was one of "anyone" before.
#[test]
fn a_trust_that_names_some_of_whom_it_let_in_opens_nothing() {
    let mut trail = Trail::new();
    for user in ["bob", "carl"] {
        trail.user(user);
    }
    let trust = |principal: &str, who: Value| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", principal: {"AWS": who}, "Action": "sts:AssumeRole"}]})
    };
    trail.role("r", &trust("NotPrincipal", json!(arn("user/bob"))));
    trail.iam("AttachRolePolicy", json!({"roleName": "r", "policyArn": ADMIN}));
    let mut put = |trust: Value| {
        let request = json!({"roleName": "r", "policyDocument": trust.to_string()});
        drawn(&mut trail, "nina", "UpdateAssumeRolePolicy", request)
    };
    let narrower = put(trust("Principal", json!(MEMBER)));
    assert_eq!(
        narrower.sentence(),
        "only account 444455556666 may still enter role r, before anyone but bob"
    );
    assert!(narrower.opened.is_empty() && narrower.is_narrowing());
    assert_eq!(narrower.severity(), None);
    // Whoever was left out and is named now is let in.
    put(trust("NotPrincipal", json!(format!("arn:aws:iam::{MEMBER}:root"))));
    let wider = put(trust("Principal", json!(MEMBER)));
    assert_eq!(wider.severity(), Some(Severity::Critical), "{}", wider.sentence());
}

/// What a resource control policy denies is known, also where nobody knows on whose resources.
#[test]
fn what_a_policy_at_a_root_denies_is_told_of_whoever_is_below() {
    let mut trail = stage();
    made(&mut trail, "RESOURCE_CONTROL_POLICY", &deny(&["sts:AssumeRole"]));
    let target = json!({"policyId": "p-1", "targetId": "r-ab12"});
    let attached = organization(&mut trail, "AttachPolicy", target.clone(), Value::Null);
    assert_eq!(
        attached.sentence(),
        "resource control policy attached to r-ab12: all callers, on resources of accounts below \
         r-ab12, may no longer assume any role"
    );
    assert!(attached.is_narrowing());
    let detached = organization(&mut trail, "DetachPolicy", target, Value::Null);
    assert_eq!(
        detached.sentence(),
        "resource control policy detached from r-ab12: all callers, on resources of accounts below \
         r-ab12, may now assume any role, if a policy that was not seen allows it"
    );
    assert_eq!(
        (detached.verdict(), detached.severity()),
        (Verdict::Released, Some(Severity::Medium))
    );
    assert_eq!(detached.confidence(), trailwarden_model::Confidence::Medium);
    assert!(detached.unknowns.is_empty(), "{:?}", detached.unknowns);
}
