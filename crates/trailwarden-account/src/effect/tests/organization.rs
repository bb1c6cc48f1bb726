//! Policies of the organization.

use super::*;

fn organization(trail: &mut Trail, name: &str, request: Value, reply: Value) -> Effect {
    trail.call("organizations", name, request, reply, Value::Null)
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
    assert!(
        eased.sentence().starts_with("service control policy changed: "),
        "{}",
        eased.sentence()
    );
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

/// AWS Organizations User Guide, "SCP effects on permissions": nobody of a member account goes beyond them.
#[test]
fn a_policy_that_nobody_holds_is_judged_within_them() {
    let mut trail = member();
    scp(&mut trail, "p-1", &deny(&["iam:*"]));
    let target = json!({"policyId": "p-1", "targetId": "ou-1"});
    organization(&mut trail, "AttachPolicy", target, Value::Null);
    let made = |trail: &mut Trail, name: &str, text: &str| {
        let arn = format!("arn:aws:iam::{MEMBER}:policy/{name}");
        trail.call(
            "iam",
            "CreatePolicy",
            json!({"policyName": name, "policyDocument": text}),
            json!({"policy": {"policyName": name, "policyId": format!("ANPA{name}"), "arn": arn,
                "path": "/", "defaultVersionId": "v1", "attachmentCount": 0}}),
            json!({"recipientAccountId": MEMBER}),
        )
    };
    let iam = made(&mut trail, "all-of-iam", &allow(&["iam:*"], "*"));
    assert_eq!((iam.verdict(), iam.severity()), (Verdict::Capped, Some(Severity::Low)));
    assert_eq!(
        iam.sentence(),
        "nothing for whoever gets policy all-of-iam: service control policy p-1 cuts it off; \
         without it: admin"
    );
    let storage = made(&mut trail, "storage", &allow(&["iam:*", "s3:GetObject"], "*"));
    assert_eq!(only(&storage).gain, Some(Grade::Data), "{}", storage.sentence());
    assert_eq!(storage.severity(), None, "{}", storage.sentence());
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
        format!(
            "service control policy attached to {MEMBER}: bob and root may no longer have full control of S3"
        )
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
        unknown(&format!("policy detached from {MEMBER}"), &over)
    );
    assert_eq!(
        seen(&mut trail, "DetachPolicy", target("p-9", "222233334444")),
        unknown("policy detached from 222233334444", "what account 222233334444 may do")
    );
    assert_eq!(
        seen(&mut trail, "AttachPolicy", target("p-9", "ou-9")),
        unknown("policy attached to ou-9", "what accounts below ou-9 may do")
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
            "policy attached to 111122223333: service control policies do not restrict the \
             management account"
                .to_owned()
        )
    );
    assert_eq!(
        scp(&mut trail, "p-8", &deny(&["*"])).sentence(),
        "service control policy made: it is attached nowhere"
    );
}

fn rcp(trail: &mut Trail, id: &str, content: &str) -> Effect {
    organization(
        trail,
        "CreatePolicy",
        json!({"type": "RESOURCE_CONTROL_POLICY", "name": id, "content": content}),
        json!({"policy": {"policySummary": {"id": id}}}),
    )
}

fn denies(actions: &[&str], condition: Value) -> String {
    let mut statement =
        json!({"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*"});
    if condition != Value::Null {
        statement["Condition"] = condition;
    }
    policy_of(json!([statement]))
}

/// A member account with a role that lets a stranger's account in.
fn open_member() -> Trail {
    let mut trail = member();
    let role = |name: &str| {
        json!({"role": {"roleName": name, "roleId": "AROADOOR", "path": "/",
            "arn": format!("arn:aws:iam::{MEMBER}:role/{name}")}})
    };
    let trust = trusting(json!({"AWS": "arn:aws:iam::999988887777:root"}));
    let request = json!({"roleName": "door", "assumeRolePolicyDocument": trust.to_string()});
    let extra = json!({"recipientAccountId": MEMBER});
    trail.call("iam", "CreateRole", request, role("door"), extra);
    let attached = json!({"roleName": "door",
        "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    in_member(&mut trail, "AttachRolePolicy", attached);
    trail
}

/// AWS Organizations User Guide, "Resource control policies": they bind whoever comes from outside the
/// organization too.
#[test]
fn a_resource_control_policy_closes_a_door_to_strangers_and_opens_it_again() {
    let mut trail = open_member();
    let made = rcp(&mut trail, "p-rcp", &denies(&["sts:AssumeRole"], Value::Null));
    assert_eq!(made.sentence(), "resource control policy made: it is attached nowhere");
    let target = json!({"policyId": "p-rcp", "targetId": "ou-1"});
    let attached = organization(&mut trail, "AttachPolicy", target.clone(), Value::Null);
    assert!(attached.is_narrowing(), "{:?} {}", attached.unknowns, attached.sentence());
    let shut: Vec<&str> = attached.shut.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(shut, ["role/door"]);
    assert!(!attached.sentence().contains("service control"), "{}", attached.sentence());
    // Under it, nobody from outside is let into a new role either.
    let trust = trusting(json!({"AWS": "arn:aws:iam::999988887777:root"}));
    let request = json!({"roleName": "late", "assumeRolePolicyDocument": trust.to_string()});
    let late = in_member(&mut trail, "CreateRole", request);
    assert!(late.entries.is_empty(), "{}", late.sentence());
    let detached = organization(&mut trail, "DetachPolicy", target, Value::Null);
    assert_eq!(detached.severity(), Some(Severity::Critical), "{}", detached.sentence());
    assert!(detached.entries.iter().any(|one| one.label == "role/door"));
}

#[test]
fn a_resource_control_policy_says_what_it_denies_and_on_what() {
    let mut trail = member();
    rcp(&mut trail, "p-rcp", &denies(&["s3:GetObject"], Value::Null));
    let target = json!({"policyId": "p-rcp", "targetId": MEMBER});
    let attached = organization(&mut trail, "AttachPolicy", target.clone(), Value::Null);
    assert!(attached.is_narrowing(), "{:?}", attached.unknowns);
    assert_eq!(
        attached.sentence(),
        "resource control policy attached to 444455556666: all callers, on resources of account \
         444455556666, may no longer read objects in any bucket"
    );
    let detached = organization(&mut trail, "DetachPolicy", target, Value::Null);
    assert_eq!(detached.verdict(), Verdict::Released, "{}", detached.sentence());
    let managing = json!({"policyId": "p-rcp", "targetId": "111122223333"});
    let nothing = organization(&mut trail, "AttachPolicy", managing, Value::Null);
    assert_eq!(
        nothing.sentence(),
        "resource control policy attached to 111122223333: resource control policies do not \
         restrict what the management account owns"
    );
}

/// The condition of the Deny is what is left to ask of whoever enters.
#[test]
fn a_resource_control_policy_for_strangers_alone_leaves_the_organization_in() {
    let mut trail = open_member();
    let outside = json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-own"}});
    rcp(&mut trail, "p-rcp", &denies(&["sts:AssumeRole"], outside));
    let target = json!({"policyId": "p-rcp", "targetId": MEMBER});
    let attached = organization(&mut trail, "AttachPolicy", target, Value::Null);
    assert!(attached.is_narrowing(), "{}", attached.sentence());
    assert_eq!(attached.shut.len(), 1, "{}", attached.sentence());
}

/// One whose document was never seen may deny anything.
#[test]
fn a_resource_control_policy_that_nobody_saw_is_unknown() {
    let mut trail = open_member();
    organization(
        &mut trail,
        "UpdatePolicy",
        json!({"policyId": "p-rcp", "name": "x"}),
        json!({"policy": {"policySummary": {"id": "p-rcp", "type": "RESOURCE_CONTROL_POLICY"}}}),
    );
    let target = json!({"policyId": "p-rcp", "targetId": MEMBER});
    let attached = organization(&mut trail, "AttachPolicy", target, Value::Null);
    assert_eq!(attached.verdict(), Verdict::Unknown, "{}", attached.sentence());
    let line = attached.unknowns.first().unwrap();
    assert!(line.starts_with("resource control polic"), "{:?}", attached.unknowns);
}

/// AWS Organizations User Guide, "Resource control policies": what keeps strangers out spares services,
/// and whoever is no service has nothing of that.
#[test]
fn a_perimeter_that_spares_services_leaves_only_the_organization_in() {
    let mut trail = open_member();
    let outside = json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-own"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}});
    rcp(&mut trail, "p-rcp", &denies(&["sts:AssumeRole"], outside));
    let target = json!({"policyId": "p-rcp", "targetId": MEMBER});
    organization(&mut trail, "AttachPolicy", target, Value::Null);
    let everyone = trusting(json!({"AWS": "*"})).to_string();
    let request = json!({"roleName": "door", "policyDocument": everyone});
    let opened = in_member(&mut trail, "UpdateAssumeRolePolicy", request);
    assert!(
        opened.sentence().starts_with("principals of organization o-own may now enter role door"),
        "{}",
        opened.sentence()
    );
}
