//! Ways into roles, credentials, machines.

use super::*;
use crate::effect::{Entrant, Means};

fn trust(role: &str, document: &Value) -> Value {
    json!({"roleName": role, "policyDocument": document.to_string()})
}

fn admin_role(trail: &mut Trail, trusted: &Value) {
    trail.role("app", trusted);
    trail.iam(
        "PutRolePolicy",
        json!({"roleName": "app", "policyName": "p", "policyDocument": admin()}),
    );
}

fn entrants(effect: &Effect) -> Vec<String> {
    effect.entries.iter().map(crate::effect::Entrance::plain_name).collect()
}

#[test]
fn a_stranger_let_in_is_graded_by_what_the_role_can_do() {
    let mut trail = Trail::new();
    admin_role(&mut trail, &to_lambda());
    let opened = trail
        .iam("UpdateAssumeRolePolicy", trust("app", &trusting(json!({"AWS": "444455556666"}))));
    assert_eq!(entrants(&opened), ["account 444455556666"]);
    assert_eq!((opened.severity(), opened.verdict()), (Some(Severity::Critical), Verdict::Entry));
    assert_eq!(opened.sentence(), "account 444455556666 may now enter role app (admin)");
    let anyone = trail.iam("UpdateAssumeRolePolicy", trust("app", &trusting(json!("*"))));
    assert_eq!(anyone.entries[0].who, Entrant::Anyone);
    let shut = trail.iam("UpdateAssumeRolePolicy", trust("app", &to_lambda()));
    assert!(shut.is_narrowing() && shut.severity().is_none(), "{}", shut.sentence());
    trail.role("reader", &to_lambda());
    trail.iam("PutRolePolicy", json!({"roleName": "reader", "policyName": "p", "policyDocument": allow(&["s3:GetObject"], "*")}));
    let reader = trail
        .iam("UpdateAssumeRolePolicy", trust("reader", &trusting(json!({"AWS": "444455556666"}))));
    assert_eq!((reader.severity(), reader.verdict()), (None, Verdict::Entry));
}

#[test]
fn a_service_enters_for_whoever_passes_the_role() {
    let mut trail = Trail::new();
    admin_role(&mut trail, &trusting(json!({"Service": "ec2.amazonaws.com"})));
    let service = trail.iam("UpdateAssumeRolePolicy", trust("app", &to_lambda()));
    assert_eq!(service.severity(), None);
    assert_eq!(entrants(&service), ["service lambda.amazonaws.com"]);
}

#[test]
fn a_named_user_of_the_account_needs_no_policy() {
    let mut trail = Trail::new();
    trail.user("mallory");
    admin_role(&mut trail, &to_lambda());
    let named = trusting(json!({"AWS": arn("user/mallory")}));
    let opened = trail.by("mallory", "UpdateAssumeRolePolicy", trust("app", &named));
    assert!(opened.is_self_serving());
    assert_eq!(opened.severity(), Some(Severity::Critical));
    // A gain of the role is a gain of whoever may enter it.
    trail.iam("DeleteRolePolicy", json!({"roleName": "app", "policyName": "p"}));
    let gain = trail.by("mallory", "PutRolePolicy", json!({"roleName": "app", "policyName": "p", "policyDocument": allow(&["iam:CreatePolicyVersion"], "*")}));
    assert_eq!(only(&gain).through.as_deref(), Some("mallory may assume role app"));
    assert_eq!(gain.severity(), Some(Severity::Critical));
    let session = trail.by_role(
        "app",
        "PutRolePolicy",
        json!({"roleName": "app", "policyName": "q", "policyDocument": admin()}),
    );
    assert!(session.is_self_serving() && session.moved[0].through.is_none());
}

#[test]
fn trust_in_the_account_lets_in_those_whose_policies_say_so() {
    let mut trail = Trail::new();
    for user in ["ann", "bob", "eve"] {
        trail.user(user);
    }
    trail.put("ann", &allow(&["sts:AssumeRole"], &arn("role/app")));
    trail.put("bob", &allow(&["sts:AssumeRole"], &arn("role/other")));
    trail.put("eve", &admin());
    admin_role(&mut trail, &to_lambda());
    let opened =
        trail.iam("UpdateAssumeRolePolicy", trust("app", &trusting(json!({"AWS": arn("root")}))));
    assert_eq!(entrants(&opened), ["ann", "eve"]);
    assert!(opened.entries[1].has_already, "an administrator gains nothing");
    assert_eq!(opened.severity(), Some(Severity::Critical));
}

#[test]
fn a_new_role_is_graded_when_it_gets_its_policies() {
    let mut trail = Trail::new();
    let made = trail.role("app", &trusting(json!({"AWS": "444455556666"})));
    assert_eq!(made.severity(), None);
    let given = trail.iam(
        "AttachRolePolicy",
        json!({"roleName": "app", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    );
    assert_eq!(given.severity(), Some(Severity::Critical));
    assert_eq!(given.moved[0].label, "role/app");
}

#[test]
fn a_key_for_somebody_stronger_is_a_way_in() {
    let mut trail = Trail::new();
    for user in ["ann", "mallory", "boss"] {
        trail.user(user);
    }
    trail.put("ann", &admin());
    trail.put("boss", &admin());
    trail.put("mallory", &allow(&["iam:CreateAccessKey"], "*"));
    let key = |trail: &mut Trail, by: &str, of: &str, id: &str| {
        let caller = by_user(by, &format!("AIDA{}", by.to_uppercase()));
        let reply = json!({"accessKey": {"accessKeyId": id, "status": "Active", "userName": of}});
        trail.call("iam", "CreateAccessKey", json!({"userName": of}), reply, caller)
    };
    let given = key(&mut trail, "mallory", "ann", "AKIA1");
    assert_eq!(
        (given.credentials[0].means, given.credentials[0].grade),
        (Means::AccessKey, Some(Grade::Admin))
    );
    assert_eq!((given.severity(), given.verdict()), (Some(Severity::Critical), Verdict::Entry));
    assert!(given.is_self_serving());
    assert_eq!(given.sentence(), "ann has an access key more (admin)");
    let own = key(&mut trail, "ann", "ann", "AKIA2");
    assert_eq!((own.severity(), own.is_self_serving()), (None, false));
    let joiner = key(&mut trail, "boss", "mallory", "AKIA3");
    assert_eq!(joiner.severity(), None);
    let off = trail.iam(
        "UpdateAccessKey",
        json!({"userName": "ann", "accessKeyId": "AKIA1", "status": "Inactive"}),
    );
    assert!(off.credentials.is_empty());
    let on = trail.by(
        "mallory",
        "UpdateAccessKey",
        json!({"userName": "ann", "accessKeyId": "AKIA1", "status": "Active"}),
    );
    assert_eq!(on.severity(), Some(Severity::Critical));
    let password = trail.by("mallory", "UpdateLoginProfile", json!({"userName": "boss"}));
    assert_eq!(
        (password.credentials[0].means, password.severity()),
        (Means::Password, Some(Severity::Critical))
    );
    let unseen = trail.by("mallory", "CreateLoginProfile", json!({"userName": "zoe"}));
    assert_eq!(unseen.severity(), Some(Severity::Medium));
    assert!(unseen.unknowns.contains(&"what user/zoe may do".to_owned()), "{:?}", unseen.unknowns);
}

#[test]
fn machines_get_the_role_of_their_profile() {
    let mut trail = Trail::new();
    admin_role(&mut trail, &trusting(json!({"Service": "ec2.amazonaws.com"})));
    trail.role("small", &trusting(json!({"Service": "ec2.amazonaws.com"})));
    trail.iam("CreateInstanceProfile", json!({"instanceProfileName": "ip"}));
    let put = |trail: &mut Trail, name: &str, role: &str| {
        trail.iam(name, json!({"instanceProfileName": "ip", "roleName": role}))
    };
    let first = put(&mut trail, "AddRoleToInstanceProfile", "app");
    assert_eq!(first.severity(), None);
    assert_eq!(first.sentence(), "machines with profile ip act as role app (admin)");
    put(&mut trail, "RemoveRoleFromInstanceProfile", "app");
    put(&mut trail, "AddRoleToInstanceProfile", "small");
    let swapped = put(&mut trail, "AddRoleToInstanceProfile", "app");
    assert_eq!(swapped.severity(), Some(Severity::Critical));
}

#[test]
fn a_providers_new_keys_open_the_roles_that_trust_it() {
    let mut trail = Trail::new();
    let provider = arn("saml-provider/idp");
    let saml = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithSAML"}]});
    admin_role(&mut trail, &saml);
    let made = trail.iam(
        "UpdateSAMLProvider",
        json!({"sAMLProviderArn": provider, "sAMLMetadataDocument": "<x/>"}),
    );
    assert_eq!(entrants(&made), ["people of idp"]);
    assert_eq!(made.severity(), Some(Severity::Critical));
    assert_eq!(made.confidence(), trailwarden_model::Confidence::Medium);
}

/// Of ways that are as grave, the one that lets in most is told by name; a key that must be absent is said
/// to be (IAM User Guide, "Condition operators", to check existence of condition keys).
#[test]
fn the_widest_way_is_told_and_a_key_that_must_be_absent() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.role("app", &to_lambda());
    trail.iam(
        "PutRolePolicy",
        json!({"roleName": "app", "policyName": "p", "policyDocument": admin()}),
    );
    let both = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": [arn("user/bob"), "*"]}, "Action": "sts:AssumeRole",
        "Condition": {"Null": {"aws:PrincipalOrgID": "true"}}}]});
    let opened = trail.iam(
        "UpdateAssumeRolePolicy",
        json!({"roleName": "app", "policyDocument": both.to_string()}),
    );
    assert!(
        opened.sentence().starts_with(
            "anyone may now enter role app (admin) if `aws:PrincipalOrgID` is not given"
        ),
        "{}",
        opened.sentence()
    );
    let bob = opened.entries.iter().find(|one| one.who.id().is_some()).unwrap();
    assert_eq!(bob.doubts, ["`aws:principalorgid` is not given"]);
}
