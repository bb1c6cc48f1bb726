//! Trails, and what a change policy is told of their last call.

use serde_json::json;
use trailwarden_model::Severity;
use trailwarden_policy::reach::Grade;
use trailwarden_record::Event;
use trailwarden_record::row::Place;

use super::Asked;
use crate::access::World;
use crate::effect::tests::{Trail, admin, allow, to_lambda, trusting};
use crate::effect::{Actor, judge, judge_attempt};
use crate::entry::order_of;
use crate::trail::{arn, by_user, record};

/// A call that root makes after a trail, and what is told of it.
fn asked(trail: &mut Trail, name: &str, request: serde_json::Value) -> Result<Asked, Vec<String>> {
    asked_of(trail, &next(name, request, serde_json::Value::Null, serde_json::Value::Null))
}

fn next(
    name: &str,
    request: serde_json::Value,
    reply: serde_json::Value,
    extra: serde_json::Value,
) -> Event {
    record(1_000, 1_000, "iam", name, request, reply, extra)
}

fn asked_of(trail: &mut Trail, event: &Event) -> Result<Asked, Vec<String>> {
    let change = trail.models.apply(event, order_of(event), Place::default()).unwrap();
    let world = World::of(&trail.models);
    judge(world, &change, Actor::of(event).as_ref()).asked(world, Some(&change))
}

#[test]
fn a_gain_tells_grade_and_actions() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let request = json!({"roleName": "app", "policyName": "p",
        "policyDocument": allow(&["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*")});
    let asked = asked(&mut trail, "PutRolePolicy", request).unwrap();
    assert!(asked.is_moving);
    assert_eq!((asked.grade_before, asked.grade_after), (Grade::None, Grade::Write));
    assert_eq!(asked.gained, ["s3:GetObject", "s3:PutObject"]);
    assert_eq!(asked.gainers, [arn("role/app")]);
    assert_eq!(asked.is_within_boundary, Some(false));
    assert!(!asked.crosses_account && !asked.is_public && !asked.is_self_serving);
}

#[test]
fn everything_names_what_gives_permissions() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let request = json!({"roleName": "app", "policyName": "p", "policyDocument": admin()});
    let asked = asked(&mut trail, "PutRolePolicy", request).unwrap();
    assert_eq!(asked.grade_after, Grade::Admin);
    for name in ["*", "iam:PassRole", "iam:CreateUser", "cloudtrail:StopLogging", "sts:AssumeRole"]
    {
        assert!(asked.gained.iter().any(|gained| gained == name), "{name}");
    }
    assert!(!asked.gained.iter().any(|gained| gained == "s3:ListBucket"));
}

#[test]
fn a_whole_service_is_a_pattern_beside_what_manages_permissions() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let request =
        json!({"roleName": "app", "policyName": "p", "policyDocument": allow(&["s3:*"], "*")});
    let asked = asked(&mut trail, "PutRolePolicy", request).unwrap();
    assert!(asked.gained.iter().any(|gained| gained == "s3:*"));
    assert!(asked.gained.iter().any(|gained| gained == "s3:PutBucketPolicy"));
    assert!(!asked.gained.iter().any(|gained| gained == "s3:ListBucket"));
}

#[test]
fn an_action_that_no_table_knows_is_gained_by_its_name() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let document = allow(&["newservice:DoThings"], "*");
    let request = json!({"roleName": "app", "policyName": "p", "policyDocument": document});
    let asked = asked(&mut trail, "PutRolePolicy", request).unwrap();
    assert_eq!(asked.gained, ["newservice:dothings"]);
}

#[test]
fn what_was_never_seen_is_not_known() {
    let mut trail = Trail::new();
    let request = json!({"roleName": "old", "policyName": "p",
        "policyDocument": allow(&["s3:GetObject"], "*")});
    let why = asked(&mut trail, "PutRolePolicy", request).unwrap_err();
    assert!(!why.is_empty());
}

#[test]
fn parameters_that_were_left_out_leave_nothing_known() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    assert!(asked(&mut trail, "PutRolePolicy", crate::trail::omitted()).is_err());
}

#[test]
fn whoever_is_let_into_a_role_gains_all_that_it_may() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    trail.iam(
        "PutRolePolicy",
        json!({"roleName": "app", "policyName": "p", "policyDocument": admin()}),
    );
    let trust = trusting(json!({"AWS": "arn:aws:iam::999988887777:root"})).to_string();
    let asked = asked(
        &mut trail,
        "UpdateAssumeRolePolicy",
        json!({"roleName": "app", "policyDocument": trust}),
    )
    .unwrap();
    assert_eq!((asked.grade_before, asked.grade_after), (Grade::None, Grade::Admin));
    assert!(asked.crosses_account && !asked.is_public);
    for name in ["sts:AssumeRole", "*", "iam:PassRole"] {
        assert!(asked.gained.iter().any(|gained| gained == name), "{name}");
    }
}

#[test]
fn a_door_for_everybody_is_public() {
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let trust = trusting(json!({"AWS": "*"})).to_string();
    let request = json!({"roleName": "app", "policyDocument": trust});
    let asked = asked(&mut trail, "UpdateAssumeRolePolicy", request).unwrap();
    assert!(asked.is_public && asked.crosses_account);
    assert_eq!(asked.gained, ["sts:AssumeRole"]);
}

#[test]
fn a_credential_of_an_administrator_goes_as_far_as_he() {
    let mut trail = Trail::new();
    trail.user("mallory");
    trail.user("bob");
    trail.put("bob", &admin());
    let reply =
        json!({"accessKey": {"userName": "bob", "accessKeyId": "AKIABOB", "status": "Active"}});
    let event = next(
        "CreateAccessKey",
        json!({"userName": "bob"}),
        reply,
        by_user("mallory", "AIDAMALLORY"),
    );
    let asked = asked_of(&mut trail, &event).unwrap();
    assert_eq!((asked.grade_before, asked.grade_after), (Grade::None, Grade::Admin));
    assert!(asked.is_self_serving && asked.is_moving);
    assert!(asked.gained.iter().any(|gained| gained == "*"));
}

#[test]
fn a_boundary_is_that_of_afterwards() {
    let cap = || json!({"roleName": "app", "permissionsBoundary": arn("policy/cap")});
    let trail = |is_capped: bool| {
        let mut trail = Trail::new();
        trail.policy("cap", &allow(&["s3:*"], "*"));
        trail.role("app", &to_lambda());
        if is_capped {
            trail.iam("PutRolePermissionsBoundary", cap());
        }
        trail
    };
    let set = asked(&mut trail(false), "PutRolePermissionsBoundary", cap()).unwrap();
    assert_eq!(set.is_within_boundary, Some(true));
    let request =
        json!({"roleName": "app", "policyName": "p", "policyDocument": allow(&["s3:*"], "*")});
    let put = asked(&mut trail(true), "PutRolePolicy", request).unwrap();
    assert_eq!(put.is_within_boundary, Some(true));
    let taken = json!({"roleName": "app"});
    let taken = asked(&mut trail(true), "DeleteRolePermissionsBoundary", taken).unwrap();
    assert_eq!(taken.is_within_boundary, Some(false));
}

#[test]
fn a_failed_call_weighs_as_if_it_had_worked() {
    let mut trail = Trail::new();
    trail.user("bob");
    let request = json!({"userName": "bob", "policyName": "p", "policyDocument": admin()});
    let extra = json!({"errorCode": "LimitExceededException", "errorMessage": "no"});
    let event = next("PutUserPolicy", request, serde_json::Value::Null, extra);
    let world = World::of(&trail.models);
    let effect = judge_attempt(world, &event, order_of(&event), Place::default()).unwrap();
    let asked = effect.asked(world, None).unwrap();
    assert_eq!(asked.grade_after, Grade::Admin);
    assert_eq!(asked.severity, Some(Severity::Critical));
    assert!(effect.severity() < asked.severity);
    assert_eq!(asked.is_within_boundary, None);
}
