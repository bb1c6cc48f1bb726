//! Service control policies and Identity Center.

use super::*;

fn organization(trail: &mut Trail, name: &str, request: Value, reply: Value) -> Effect {
    trail.call("organizations", name, request, reply, Value::Null)
}

#[test]
fn a_permission_set_is_graded_by_its_documents() {
    let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
    let mut trail = Trail::new();
    let mut sso = |name: &str, request: Value, reply: Value| {
        trail.call("sso", name, request, reply, Value::Null)
    };
    sso(
        "CreatePermissionSet",
        json!({"name": "Ops", "instanceArn": "i"}),
        json!({"permissionSet": {"permissionSetArn": set, "name": "Ops"}}),
    );
    let attached = sso(
        "AttachManagedPolicyToPermissionSet",
        json!({"permissionSetArn": set,
        "managedPolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        Value::Null,
    );
    assert_eq!((attached.severity(), attached.verdict()), (Some(Severity::High), Verdict::Latent));
    assert!(
        attached
            .sentence()
            .starts_with("whoever is assigned permission set Ops may do everything (admin)"),
        "{}",
        attached.sentence()
    );
    let assigned = sso(
        "CreateAccountAssignment",
        json!({"permissionSetArn": set, "principalType": "USER",
        "principalId": "u-1", "targetId": "444455556666", "targetType": "AWS_ACCOUNT"}),
        Value::Null,
    );
    assert_eq!(assigned.severity(), Some(Severity::Critical));
    let inline = sso(
        "PutInlinePolicyToPermissionSet",
        json!({"permissionSetArn": set,
        "inlinePolicy": allow(&["s3:GetObject"], "*")}),
        Value::Null,
    );
    assert!(inline.is_nothing(), "{}", inline.sentence());
    let detached = sso(
        "DetachManagedPolicyFromPermissionSet",
        json!({"permissionSetArn": set,
        "managedPolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        Value::Null,
    );
    assert!(detached.is_narrowing(), "{}", detached.sentence());
}

const MEMBER: &str = "444455556666";

fn in_member(trail: &mut Trail, name: &str, request: Value) -> Effect {
    trail.call("iam", name, request, Value::Null, json!({"recipientAccountId": MEMBER}))
}

fn deny(actions: &[&str]) -> String {
    policy_of(json!([{"Effect": "Deny", "Action": actions, "Resource": "*"}]))
}

/// A member account with an administrator, under a unit and a root whose policies are known.
fn member() -> Trail {
    let mut trail = Trail::new();
    for (child, parent) in [(MEMBER, "ou-1"), ("ou-1", "r-1")] {
        organization(
            &mut trail,
            "MoveAccount",
            json!({"accountId": child, "destinationParentId": parent}),
            Value::Null,
        );
    }
    for target in [MEMBER, "ou-1", "r-1"] {
        organization(
            &mut trail,
            "AttachPolicy",
            json!({"policyId": "p-FullAWSAccess", "targetId": target}),
            Value::Null,
        );
    }
    in_member(&mut trail, "CreateUser", json!({"userName": "bob"}));
    in_member(
        &mut trail,
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "p", "policyDocument": admin()}),
    );
    trail
}

fn scp(trail: &mut Trail, id: &str, content: &str) -> Effect {
    organization(
        trail,
        "CreatePolicy",
        json!({"type": "SERVICE_CONTROL_POLICY", "name": id, "content": content}),
        json!({"policy": {"policySummary": {"id": id, "name": id, "type": "SERVICE_CONTROL_POLICY"}, "content": content}}),
    )
}

#[test]
fn a_service_control_policy_moves_the_accounts_below() {
    let mut trail = member();
    assert!(scp(&mut trail, "p-1", &deny(&["iam:*"])).is_nothing());
    let target = json!({"policyId": "p-1", "targetId": "ou-1"});
    let attached = organization(&mut trail, "AttachPolicy", target.clone(), Value::Null);
    assert!(attached.is_narrowing(), "{}", attached.sentence());
    // Service control policies restrict the root user of a member account too.
    assert_eq!(who(&attached), ["user/bob", "root/root"]);
    let update = |trail: &mut Trail, content: &str| {
        organization(
            trail,
            "UpdatePolicy",
            json!({"policyId": "p-1", "content": content}),
            Value::Null,
        )
    };
    let eased = update(&mut trail, &deny(&["organizations:*"]));
    assert_eq!(eased.severity(), Some(Severity::Critical), "{}", eased.sentence());
    update(&mut trail, &deny(&["*"]));
    let capped = in_member(
        &mut trail,
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "q", "policyDocument": admin()}),
    );
    assert!(capped.is_nothing(), "{}", capped.sentence());
    in_member(&mut trail, "CreateUser", json!({"userName": "eve"}));
    let capped = in_member(
        &mut trail,
        "PutUserPolicy",
        json!({"userName": "eve", "policyName": "q", "policyDocument": admin()}),
    );
    assert_eq!((capped.verdict(), capped.severity()), (Verdict::Capped, Some(Severity::Medium)));
    assert_eq!(
        capped.sentence(),
        "inline policy q: nothing for eve: service control policy p-1 cuts it off; without it: admin"
    );
    let detached = organization(&mut trail, "DetachPolicy", target, Value::Null);
    assert_eq!(detached.severity(), Some(Severity::Critical));
    assert_eq!(who(&detached), ["user/bob", "user/eve", "root/root"]);
    assert_eq!(detached.reach(), (3, 1));
}

#[test]
fn the_first_policy_that_is_seen_at_a_level_takes_only_what_it_denies() {
    let mut trail = Trail::new();
    organization(
        &mut trail,
        "MoveAccount",
        json!({"accountId": MEMBER, "destinationParentId": "r-1"}),
        Value::Null,
    );
    in_member(&mut trail, "CreateUser", json!({"userName": "bob"}));
    in_member(
        &mut trail,
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "p", "policyDocument": admin()}),
    );
    scp(&mut trail, "p-1", &deny(&["s3:*"]));
    let target = json!({"policyId": "p-1", "targetId": MEMBER});
    let attached = organization(&mut trail, "AttachPolicy", target.clone(), Value::Null);
    assert!(attached.is_narrowing());
    assert_eq!(attached.moved[0].lost, ["full control of S3"]);
    assert_eq!(
        attached.sentence(),
        format!("attached to {MEMBER}: bob and root may no longer have full control of S3")
    );
    let detached = organization(&mut trail, "DetachPolicy", target, Value::Null);
    assert_eq!(detached.moved[0].gained, ["full control of S3"]);
    assert_eq!(detached.confidence(), trailwarden_model::Confidence::Medium);
}

/// AWS Organizations User Guide, "Service control policies", "Disabling a policy type" and "Moving
/// accounts to an organizational unit": each of these may lift what nobody saw.
#[test]
fn policies_of_the_organization_that_nobody_saw_may_have_held_back_anything() {
    let mut trail = Trail::new();
    in_member(&mut trail, "CreateUser", json!({"userName": "bob"}));
    let seen = |trail: &mut Trail, name: &str, request: Value| {
        let effect = organization(trail, name, request, Value::Null);
        (effect.verdict(), effect.sentence())
    };
    let target = |id: &str, target: &str| json!({"policyId": id, "targetId": target});
    let kind = |kind: &str| json!({"rootId": "r-1", "policyType": kind});
    let unknown = |cause: &str, what: &str| (Verdict::Unknown, format!("{cause}; unknown: {what}"));
    let over = format!("service control policies over account {MEMBER}");
    assert_eq!(
        seen(&mut trail, "DetachPolicy", target("p-9", MEMBER)),
        unknown(&format!("detached from {MEMBER}"), &over)
    );
    assert_eq!(
        seen(&mut trail, "DetachPolicy", target("p-9", "222233334444")),
        unknown("detached from 222233334444", "what account 222233334444 may do")
    );
    assert_eq!(
        seen(&mut trail, "AttachPolicy", target("p-9", "ou-9")),
        unknown("attached to ou-9", "what accounts below ou-9 may do")
    );
    assert_eq!(
        seen(&mut trail, "DisablePolicyType", kind("SERVICE_CONTROL_POLICY")),
        unknown("SERVICE_CONTROL_POLICY switched off", "what accounts below r-1 may do")
    );
    let moved = json!({"accountId": MEMBER, "destinationParentId": "ou-2"});
    assert_eq!(seen(&mut trail, "MoveAccount", moved), unknown("moved to ou-2", &over));
    // What restricts nobody by its nature.
    let nothing = |cause: &str| (Verdict::Nothing, format!("{cause}: nobody's permissions change"));
    assert_eq!(
        seen(&mut trail, "DisablePolicyType", kind("TAG_POLICY")),
        nothing("TAG_POLICY switched off")
    );
    assert_eq!(
        seen(&mut trail, "EnablePolicyType", kind("SERVICE_CONTROL_POLICY")),
        nothing("SERVICE_CONTROL_POLICY switched on")
    );
    assert_eq!(
        seen(&mut trail, "AttachPolicy", target("p-9", "111122223333")),
        (
            Verdict::Nothing,
            "attached to 111122223333: service control policies do not restrict the management \
             account"
                .to_owned()
        )
    );
    assert_eq!(scp(&mut trail, "p-8", &deny(&["*"])).sentence(), "made: it is attached nowhere");
}

/// IAM Identity Center User Guide, "Permission sets".
#[test]
fn a_permission_set_that_nobody_saw_is_unknown() {
    let mut trail = Trail::new();
    let set = json!({"permissionSetArn": "arn:aws:sso:::permissionSet/ssoins-1/ps-9"});
    let deleted =
        trail.call("sso", "DeleteInlinePolicyFromPermissionSet", set, Value::Null, Value::Null);
    assert_eq!(deleted.verdict(), Verdict::Unknown, "{}", deleted.sentence());
}
