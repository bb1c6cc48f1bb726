//! Permission sets of IAM Identity Center.
//!
//! IAM Identity Center API Reference, `CreateAccountAssignment`: an assignment brings the set into its
//! account; what is edited later counts there only after `ProvisionPermissionSet`.

use super::*;

const SET: &str = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
const MEMBER: &str = "444455556666";
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn sso(trail: &mut Trail, name: &str, request: Value) -> Effect {
    let mut request = request;
    request["permissionSetArn"] = SET.into();
    trail.call("sso", name, request, Value::Null, Value::Null)
}

/// A set that was made in sight, without policies.
fn made() -> Trail {
    let mut trail = Trail::new();
    trail.call(
        "sso",
        "CreatePermissionSet",
        json!({"name": "Ops", "instanceArn": "i"}),
        json!({"permissionSet": {"permissionSetArn": SET, "name": "Ops"}}),
        Value::Null,
    );
    trail
}

fn assign(trail: &mut Trail, person: &str, account: &str) -> Effect {
    sso(
        trail,
        "CreateAccountAssignment",
        json!({"principalType": "USER", "principalId": person, "targetId": account,
            "targetType": "AWS_ACCOUNT"}),
    )
}

fn attach(trail: &mut Trail, policy: &str) -> Effect {
    sso(trail, "AttachManagedPolicyToPermissionSet", json!({"managedPolicyArn": policy}))
}

fn provision(trail: &mut Trail, account: Option<&str>) -> Effect {
    let request = match account {
        Some(account) => json!({"targetId": account, "targetType": "AWS_ACCOUNT"}),
        None => json!({"targetType": "ALL_PROVISIONED_ACCOUNTS"}),
    };
    sso(trail, "ProvisionPermissionSet", request)
}

#[test]
fn a_permission_set_is_graded_by_its_documents() {
    let mut trail = made();
    let attached = attach(&mut trail, ADMINISTRATOR);
    assert_eq!((attached.severity(), attached.verdict()), (Some(Severity::High), Verdict::Latent));
    assert_eq!(
        attached.sentence(),
        "whoever is assigned permission set Ops may do everything (admin); nobody is yet"
    );
    let assigned = assign(&mut trail, "u-1", MEMBER);
    assert_eq!(assigned.severity(), Some(Severity::Critical));
    assert!(assigned.sentence().contains("in account 444455556666"), "{}", assigned.sentence());
}

#[test]
fn an_edit_counts_only_once_the_set_is_provisioned() {
    let mut trail = made();
    assign(&mut trail, "u-1", MEMBER);
    assign(&mut trail, "u-1", "222233334444");
    let attached = attach(&mut trail, ADMINISTRATOR);
    assert_eq!((attached.severity(), attached.verdict()), (Some(Severity::High), Verdict::Latent));
    assert_eq!(
        attached.sentence(),
        "whoever has permission set Ops may do everything (admin); it is not provisioned yet"
    );
    // One account takes the edit over, the other does not.
    let brought = provision(&mut trail, Some(MEMBER));
    assert_eq!(brought.severity(), Some(Severity::Critical));
    assert_eq!(
        brought.sentence(),
        "whoever has permission set Ops in account 444455556666 becomes administrator (none -> admin)"
    );
    assert_eq!(brought.moved[0].account.to_string(), MEMBER);
    assert!(provision(&mut trail, Some(MEMBER)).is_nothing(), "it is there already");
    let rest = provision(&mut trail, None);
    assert_eq!(who(&rest), ["permission set Ops in account 222233334444"]);
    let detached = sso(
        &mut trail,
        "DetachManagedPolicyFromPermissionSet",
        json!({"managedPolicyArn": ADMINISTRATOR}),
    );
    assert!(detached.is_narrowing(), "{}", detached.sentence());
    assert_eq!(
        detached.sentence(),
        "once permission set Ops is provisioned again, whoever has it may no longer do anything"
    );
    assert!(provision(&mut trail, None).is_narrowing());
}

/// Whoever is assigned it anew brings it up to date for all who have it in that account.
#[test]
fn an_assignment_provisions_the_set_for_others_too() {
    let mut trail = made();
    assign(&mut trail, "u-1", MEMBER);
    attach(&mut trail, ADMINISTRATOR);
    let assigned = assign(&mut trail, "u-2", MEMBER);
    let mut moved = who(&assigned);
    moved.sort_unstable();
    assert_eq!(
        moved,
        [
            "permission set Ops in account 444455556666",
            "person u-2 of Identity Center in account 444455556666"
        ]
    );
}

#[test]
fn a_failed_provisioning_changes_nothing() {
    let mut trail = made();
    assign(&mut trail, "u-1", MEMBER);
    attach(&mut trail, ADMINISTRATOR);
    let reply = json!({"permissionSetProvisioningStatus": {"status": "FAILED"}});
    let request = json!({"permissionSetArn": SET, "targetId": MEMBER});
    let failed = trail.call("sso", "ProvisionPermissionSet", request, reply, Value::Null);
    assert!(failed.is_nothing(), "{}", failed.sentence());
    assert_eq!(provision(&mut trail, None).severity(), Some(Severity::Critical));
}

/// IAM Identity Center User Guide, "Custom permissions": a customer managed policy is named, and each
/// account has its own of that name and path.
#[test]
fn a_customer_managed_policy_is_the_one_of_the_account() {
    let mut trail = made();
    let arn = format!("arn:aws:iam::{MEMBER}:policy/team/Ops");
    trail.call(
        "iam",
        "CreatePolicy",
        json!({"policyName": "Ops", "path": "/team/", "policyDocument": admin()}),
        json!({"policy": {"policyName": "Ops", "policyId": "ANPAOPS", "arn": arn,
            "path": "/team/", "defaultVersionId": "v1"}}),
        json!({"recipientAccountId": MEMBER}),
    );
    let reference = json!({"customerManagedPolicyReference": {"name": "Ops", "path": "/team/"}});
    let named = sso(&mut trail, "AttachCustomerManagedPolicyReferenceToPermissionSet", reference);
    assert_eq!(named.verdict(), Verdict::Unknown, "{}", named.sentence());
    assert!(
        named.unknown_lines().iter().any(|line| line.contains("policy /team/Ops of each account")),
        "{:?}",
        named.unknown_lines()
    );
    let there = assign(&mut trail, "u-1", MEMBER);
    assert_eq!(there.severity(), Some(Severity::Critical), "{}", there.sentence());
    let elsewhere = assign(&mut trail, "u-1", "222233334444");
    assert_ne!(elsewhere.severity(), Some(Severity::Critical), "{}", elsewhere.sentence());
}

#[test]
fn the_boundary_of_a_set_caps_it() {
    let mut trail = made();
    attach(&mut trail, ADMINISTRATOR);
    let boundary = json!({"permissionsBoundary":
        {"managedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}});
    let put = sso(&mut trail, "PutPermissionsBoundaryToPermissionSet", boundary);
    assert!(put.is_narrowing(), "{}", put.sentence());
    let assigned = assign(&mut trail, "u-1", MEMBER);
    assert!(assigned.severity() < Some(Severity::High), "{}", assigned.sentence());
    let freed = sso(&mut trail, "DeletePermissionsBoundaryFromPermissionSet", json!({}));
    assert_eq!(freed.verdict(), Verdict::Latent, "{}", freed.sentence());
    assert_eq!(provision(&mut trail, None).severity(), Some(Severity::Critical));
}

/// IAM Identity Center User Guide, "Permission sets".
#[test]
fn a_permission_set_that_nobody_saw_is_unknown() {
    let mut trail = Trail::new();
    let deleted = sso(&mut trail, "DeleteInlinePolicyFromPermissionSet", json!({}));
    assert_eq!(deleted.verdict(), Verdict::Unknown, "{}", deleted.sentence());
    let brought = provision(&mut trail, None);
    assert_eq!(brought.verdict(), Verdict::Unknown, "{}", brought.sentence());
}

/// A set that names policies of the account where a person has it.
fn referring(call: &str, reference: Value) -> Trail {
    let mut trail = made();
    trail.policy("Big", &allow(&["s3:GetObject"], "*"));
    if call.contains("Boundary") {
        attach(&mut trail, ADMINISTRATOR);
    }
    sso(&mut trail, call, reference);
    assign(&mut trail, "u-1", "111122223333");
    trail
}

/// IAM Identity Center User Guide, "Use IAM policies in permission sets": the set's role has the policy
/// of the account attached, or as its boundary, so another version counts without provisioning.
#[test]
fn a_new_version_of_a_policy_that_a_set_names_counts_at_once() {
    let by_name = json!({"customerManagedPolicyReference": {"name": "Big", "path": "/"}});
    let boundary = json!({"permissionsBoundary": by_name});
    for (call, reference) in [
        ("AttachCustomerManagedPolicyReferenceToPermissionSet", by_name),
        ("PutPermissionsBoundaryToPermissionSet", boundary),
    ] {
        let mut trail = referring(call, reference);
        let widened = trail.version("Big", "v2", &admin(), true);
        assert_eq!(widened.severity(), Some(Severity::Critical), "{call}: {}", widened.sentence());
        assert!(
            widened.sentence().contains(
                "whoever has permission set Ops in account 111122223333 becomes administrator"
            ),
            "{}",
            widened.sentence()
        );
    }
}

#[test]
fn a_policy_that_a_set_holds_is_held() {
    let by_name = json!({"customerManagedPolicyReference": {"name": "Big", "path": "/"}});
    let mut trail = referring("AttachCustomerManagedPolicyReferenceToPermissionSet", by_name);
    let widened = trail.version("Big", "v2", &admin(), true);
    assert_eq!(who(&widened), ["permission set Ops in account 111122223333"]);
    let narrowed = trail.version("Big", "v3", &allow(&["s3:GetObject"], "*"), true);
    assert!(narrowed.is_narrowing(), "{}", narrowed.sentence());
    assert!(
        narrowed.sentence().contains("whoever has permission set Ops"),
        "{}",
        narrowed.sentence()
    );
}

/// IAM Identity Center API Reference, `CreateAccountAssignment`: the set is provisioned as it is now.
#[test]
fn an_assignment_tells_what_earlier_assignees_lose() {
    let mut trail = made();
    attach(&mut trail, "arn:aws:iam::aws:policy/ReadOnlyAccess");
    attach(&mut trail, ADMINISTRATOR);
    assign(&mut trail, "u-1", MEMBER);
    sso(
        &mut trail,
        "DetachManagedPolicyFromPermissionSet",
        json!({"managedPolicyArn": ADMINISTRATOR}),
    );
    let assigned = assign(&mut trail, "u-2", MEMBER);
    let said = assigned.sentence();
    assert!(said.starts_with("person u-2 of Identity Center"), "{said}");
    assert!(
        said.contains("whoever has permission set Ops in account 444455556666 may no longer"),
        "{said}"
    );
}
