//! That nothing happened, or the same as before, is said only when before and after are known.
//!
//! Sources: IAM User Guide, "Policy evaluation logic"; CloudTrail User Guide, "CloudTrail record
//! contents".

use super::*;

fn admin_policy() -> &'static str {
    "arn:aws:iam::aws:policy/AdministratorAccess"
}

fn with(user: &str, key: &str, value: &str) -> Value {
    json!({"userName": user, key: value})
}

/// What it says, and what it comes to.
fn told(effect: &Effect) -> (Verdict, String) {
    (effect.verdict(), effect.sentence())
}

#[test]
fn what_was_taken_off_was_there() {
    let mut trail = Trail::new();
    trail.put("bob", &allow(&["s3:PutObject"], "*"));
    let detached = trail.iam("DetachUserPolicy", with("bob", "policyArn", admin_policy()));
    assert_eq!(
        told(&detached),
        (
            Verdict::Narrower,
            "policy AdministratorAccess detached: bob may no longer do most things, as far as is known"
                .to_owned()
        )
    );
    // Somebody whom nobody saw before.
    let detached = trail.iam("DetachUserPolicy", with("eve", "policyArn", admin_policy()));
    assert!(detached.is_narrowing(), "{}", detached.sentence());
    let left = trail.iam("RemoveUserFromGroup", with("bob", "groupName", "devs"));
    assert_eq!(left.verdict(), Verdict::Unknown, "{}", left.sentence());
}

/// The IAM API says of none of these what the policy held: it may have been an Allow or a Deny.
#[test]
fn a_policy_that_nobody_saw_may_have_been_anything() {
    let mut trail = Trail::new();
    trail.user("known");
    for user in ["bob", "known"] {
        let deleted = trail.iam("DeleteUserPolicy", with(user, "policyName", "never-seen"));
        let unpublished = "arn:aws:iam::aws:policy/NoSuchPolicyOfToday";
        let detached = trail.iam("DetachUserPolicy", with(user, "policyArn", unpublished));
        for effect in [deleted, detached] {
            assert_eq!(effect.verdict(), Verdict::Unknown, "{}", effect.sentence());
            assert_eq!(effect.severity(), None);
        }
    }
    trail.user("ann");
    let mut deleted = trail.iam("PutUserPolicy", with("ann", "policyName", "p"));
    assert_eq!(deleted.verdict(), Verdict::Unknown, "{}", deleted.sentence());
    deleted = trail.iam("DeleteUserPolicy", with("ann", "policyName", "p"));
    assert_eq!(deleted.verdict(), Verdict::Unknown, "{}", deleted.sentence());
}

/// CloudTrail hides or cuts off values; what cannot be read is no policy that gives the same.
#[test]
fn a_document_that_cannot_be_read_is_unknown() {
    for text in ["{not json", "HIDDEN_DUE_TO_SECURITY_REASONS", r#"{"Statement":[{"Effect":"Al"#] {
        for is_known in [true, false] {
            let mut trail = Trail::new();
            if is_known {
                trail.user("bob");
                trail.put("bob", &allow(&["s3:GetObject"], "*"));
            }
            let put = trail.put("bob", text);
            assert_eq!(
                told(&put),
                (
                    Verdict::Unknown,
                    "inline policy p; unknown: what inline policy p gives user/bob: its text cannot be read"
                        .to_owned()
                )
            );
            assert!(put.moved.is_empty());
            // Another that cannot be read in its place is no more known to be the same.
            assert_eq!(trail.put("bob", &format!("{text} ")).verdict(), Verdict::Unknown);
            assert_eq!(trail.policy("m", text).verdict(), Verdict::Unknown);
        }
    }
}

/// A Deny takes away whatever allows; taking it off gives nothing by itself.
#[test]
fn of_a_deny_the_direction_is_known() {
    let revoke = json!([{"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}}]);
    let mut trail = Trail::new();
    let request = json!({"roleName": "app", "policyName": "AWSRevokeOlderSessions",
        "policyDocument": policy_of(revoke)});
    let revoked = trail.iam("PutRolePolicy", request);
    assert_eq!(
        told(&revoked),
        (
            Verdict::Narrower,
            "inline policy AWSRevokeOlderSessions: role app may no longer do anything, \
             where the session began before `2026-01-01T00:00:00Z`"
                .to_owned()
        )
    );
    let quarantine = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3";
    let attached = trail.iam("AttachUserPolicy", with("eve", "policyArn", quarantine));
    assert_eq!(attached.verdict(), Verdict::Narrower, "{}", attached.sentence());
    let detached = trail.iam("DetachUserPolicy", with("carol", "policyArn", quarantine));
    assert_eq!(detached.verdict(), Verdict::Released, "{}", detached.sentence());
    assert_eq!(detached.severity(), Some(Severity::Medium));
    assert_eq!(detached.confidence(), trailwarden_model::Confidence::Medium);
    assert!(detached.sentence().contains("carol may now "), "{}", detached.sentence());
    assert!(
        detached.sentence().ends_with(", if a policy that was not seen allows it"),
        "{}",
        detached.sentence()
    );
    // The same beside an Allow that is known and lost.
    let both = policy_of(json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]));
    trail.put("dora", &both);
    let deleted = trail.iam("DeleteUserPolicy", with("dora", "policyName", "p"));
    assert_eq!(deleted.verdict(), Verdict::Released, "{}", deleted.sentence());
    assert_eq!(deleted.moved[0].lost, ["read objects in any bucket"]);
    // Nothing says that she may: no gain is listed.
    assert!(detached.to_finding().principals.iter().all(|one| one.gained.is_empty()));
    // Of whom all is known, nothing is in doubt.
    trail.user("bob");
    trail.put("bob", &allow(&["s3:GetObject"], "*"));
    let attached = trail.iam("AttachUserPolicy", with("bob", "policyArn", quarantine));
    assert!(attached.is_narrowing() || attached.is_nothing(), "{}", attached.sentence());
    trail.user("dan");
    let attached = trail.iam("AttachUserPolicy", with("dan", "policyArn", quarantine));
    assert_eq!(
        told(&attached),
        (
            Verdict::Nothing,
            "policy AWSCompromisedKeyQuarantineV3 attached: it takes nothing away".to_owned()
        )
    );
    let detached = trail.iam("DetachUserPolicy", with("dan", "policyArn", quarantine));
    assert_eq!(
        told(&detached),
        (
            Verdict::Nothing,
            "policy AWSCompromisedKeyQuarantineV3 detached: it held nothing back".to_owned()
        )
    );
}

#[test]
fn where_all_is_known_nothing_is_said_to_be_nothing() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.iam("AttachUserPolicy", with("bob", "policyArn", admin_policy()));
    let put = trail.put("bob", &allow(&["s3:GetObject"], "*"));
    assert_eq!(put.sentence(), "inline policy p: it gives nothing new");
    let again = trail.put("bob", &allow(&["s3:GetObject"], "*"));
    assert_eq!(again.sentence(), "inline policy p: the same text as before");
    let deleted = trail.iam("DeleteUserPolicy", with("bob", "policyName", "p"));
    assert_eq!(deleted.sentence(), "inline policy p deleted: nothing is lost by it");
    let setting = trail.iam("UpdateAccountPasswordPolicy", json!({"minimumPasswordLength": 8}));
    assert_eq!(setting.sentence(), "nobody's permissions change");
}

/// A group may give more than was seen of it.
#[test]
fn a_group_that_nobody_saw_gives_the_unknown() {
    let mut trail = Trail::new();
    trail.user("bob");
    let member = with("bob", "groupName", "unseen");
    let joined = trail.iam("AddUserToGroup", member.clone());
    assert_eq!(joined.verdict(), Verdict::Unknown, "{}", joined.sentence());
    let left = trail.iam("RemoveUserFromGroup", member);
    assert_eq!(left.verdict(), Verdict::Unknown, "{}", left.sentence());
}

/// CloudTrail's times have one second: whoever is put into a group and taken out in the same one may
/// be in it or not (CloudTrail User Guide, "CloudTrail record contents", `eventTime`).
#[test]
fn the_order_within_a_second_is_not_known() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.group("admins", &["bob"]);
    let request = json!({"groupName": "admins", "policyArn": admin_policy()});
    trail.iam("AttachGroupPolicy", request);
    trail.second += 1;
    let member = with("bob", "groupName", "admins");
    let mut at_once = |number: usize, name: &str| {
        let event =
            record(trail.second, number, "iam", name, member.clone(), Value::Null, Value::Null);
        trail.fold(&event)
    };
    let added = at_once(101, "AddUserToGroup");
    assert_eq!(added.sentence(), "bob joined group admins: it gives nothing new");
    let removed = at_once(102, "RemoveUserFromGroup");
    assert_eq!(
        told(&removed),
        (
            Verdict::Unknown,
            "bob left group admins; unknown: groups of user/bob: \
             a call of the same second did the opposite, and which came last is not known"
                .to_owned()
        )
    );
    let twice = [
        ("AttachUserPolicy", "DetachUserPolicy", with("bob", "policyArn", admin_policy())),
        (
            "PutUserPolicy",
            "DeleteUserPolicy",
            json!({"userName": "bob", "policyName": "p", "policyDocument": admin()}),
        ),
    ];
    for (put, take, request) in twice {
        trail.iam("RemoveUserFromGroup", with("bob", "groupName", "admins"));
        trail.iam(put, request.clone());
        trail.second += 1;
        let calls = [(201, put), (202, take)].map(|(number, name)| {
            let event = record(
                trail.second,
                number,
                "iam",
                name,
                request.clone(),
                Value::Null,
                Value::Null,
            );
            trail.fold(&event)
        });
        let [_, taken] = calls;
        assert_eq!(taken.verdict(), Verdict::Unknown, "{}", taken.sentence());
        assert!(taken.sentence().contains("of the same second"), "{}", taken.sentence());
        trail.iam(take, request);
    }
}

/// A call without parameters concerns somebody (`requestParameters` may be null or left out).
#[test]
fn whoever_is_not_named_is_somebody() {
    for name in ["UpdateLoginProfile", "UpdateUser", "PutUserPolicy", "DeleteUserPolicy"] {
        let mut trail = Trail::new();
        trail.user("bob");
        let effect = trail.iam(name, Value::Null);
        assert_eq!(effect.verdict(), Verdict::Unknown, "{name}: {}", effect.sentence());
    }
}

#[test]
fn a_version_that_nobody_saw_is_said_to_be_unseen() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.policy("p", &allow(&["s3:GetObject"], "*"));
    trail.iam("AttachUserPolicy", with("bob", "policyArn", &arn("policy/p")));
    let v9 = json!({"policyArn": arn("policy/p"), "versionId": "v9"});
    assert_eq!(
        told(&trail.iam("SetDefaultPolicyVersion", v9)),
        (
            Verdict::Unknown,
            "version v9 is in force; unknown: what policy p gives user/bob: \
             no record or baseline has shown it"
                .to_owned()
        )
    );
}

/// Nobody knows who holds a policy that was there before the trail.
#[test]
fn a_policy_of_before_the_trail_may_have_holders() {
    let mut trail = Trail::new();
    let version = trail.version("p", "v2", &admin(), true);
    assert_eq!(version.severity(), Some(Severity::Critical), "{}", version.sentence());
    assert_eq!(
        version.sentence(),
        "version v2 is in force: whoever holds policy p becomes administrator (unknown -> admin)"
    );
    let narrower = trail.version("q", "v2", &policy_of(json!([])), true);
    assert_eq!(narrower.verdict(), Verdict::Unknown, "{}", narrower.sentence());
}

/// IAM User Guide, "Managing access keys for IAM users": who makes a key for another can use it.
#[test]
fn a_key_of_somebody_unknown_is_no_trifle() {
    let reply = |user: &str| json!({"accessKey": {"accessKeyId": "AKIA1", "status": "Active", "userName": user}});
    for (actions, severity) in [
        (None, Some(Severity::Medium)),
        (Some("*"), Some(Severity::Medium)),
        (Some("s3:GetObject"), None),
    ] {
        let mut trail = Trail::new();
        trail.user("ann");
        trail.iam("AttachUserPolicy", with("ann", "policyArn", admin_policy()));
        if let Some(actions) = actions {
            trail.user("bob");
            trail.put("bob", &allow(&[actions], "*"));
        }
        let caller = by_user("ann", "AIDAANN");
        let request = json!({"userName": "bob"});
        let given = trail.call("iam", "CreateAccessKey", request, reply("bob"), caller);
        assert_eq!(given.severity(), severity, "{actions:?}: {}", given.sentence());
    }
}

#[test]
fn what_a_role_gains_whoever_is_let_in_from_outside_gains() {
    let attach = |who: Value| {
        let mut trail = Trail::new();
        trail.role("app", &trusting(who));
        let request = json!({"roleName": "app", "policyArn": admin_policy()});
        trail.iam("AttachRolePolicy", request).sentence()
    };
    let gained =
        "policy AdministratorAccess attached: role app becomes administrator (none -> admin)";
    assert_eq!(
        attach(json!({"AWS": "arn:aws:iam::444455556666:user/deploy"})),
        format!("{gained}; deploy of account 444455556666 may enter it")
    );
    assert_eq!(attach(json!("*")), format!("{gained}; anyone may enter it"));
    for own in [json!({"AWS": arn("root")}), json!({"Service": "ec2.amazonaws.com"})] {
        assert_eq!(attach(own), gained);
    }
}

/// IAM User Guide, "Create a role for OpenID Connect federation": roles trust a provider by its ARN.
#[test]
fn a_provider_may_be_trusted_by_roles_that_nobody_saw() {
    let mut trail = Trail::new();
    let provider = arn("saml-provider/idp");
    let of = |text: &str| json!({"name": "idp", "sAMLMetadataDocument": text, "sAMLProviderArn": provider});
    let reply = json!({"sAMLProviderArn": provider});
    let made = trail.call("iam", "CreateSAMLProvider", of("one"), reply, Value::Null);
    assert_eq!(made.sentence(), "no role that was seen trusts it");
    let other = trail.iam("UpdateSAMLProvider", of("two"));
    assert_eq!(
        told(&other),
        (
            Verdict::Unknown,
            "what proves sign-ins of provider idp was replaced; unknown: which roles trust it"
                .to_owned()
        )
    );
}

/// What is allowed under both conditions was neither gained nor lost.
#[test]
fn another_condition_is_said_once() {
    let under = |condition: Value| {
        policy_of(json!([{"Effect": "Allow", "Action": "sqs:DeleteQueue", "Resource": "*",
            "Condition": condition}]))
    };
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &under(json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}})));
    let other = trail.put("bob", &under(json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})));
    assert_eq!(
        other.sentence(),
        "inline policy p: bob may now call sqs:DeleteQueue, where `aws:SourceIp` is within \
         `192.0.2.0/24`, no longer where `aws:MultiFactorAuthPresent` is `true` (write)"
    );
}

#[test]
fn a_boundary_that_nobody_saw_held_back_nobody_knows_what() {
    let mut trail = Trail::new();
    let removed = trail.iam("DeleteUserPermissionsBoundary", json!({"userName": "bob"}));
    assert_eq!(
        told(&removed),
        (
            Verdict::Unknown,
            "boundary removed; unknown: what the boundary of user/bob held back".to_owned()
        )
    );
    trail.policy("cap", &allow(&["s3:*"], "*"));
    let set = trail
        .iam("PutUserPermissionsBoundary", with("eve", "permissionsBoundary", &arn("policy/cap")));
    assert!(set.is_narrowing(), "{}", set.sentence());
    assert!(
        set.sentence().starts_with("boundary cap set: eve may no longer do anything outside S3"),
        "{}",
        set.sentence()
    );
}

/// A call that failed proves nothing.
#[test]
fn what_was_not_there_could_not_be_taken_off() {
    let mut trail = Trail::new();
    trail.user("bob");
    let mut extra = by_user("bob", "AIDABOB");
    extra["errorCode"] = json!("NoSuchEntityException");
    let request = with("bob", "policyArn", admin_policy());
    let event = trail.next("iam", "DetachUserPolicy", request, Value::Null, extra);
    let world = World::of(&trail.models);
    let tried = crate::effect::judge_attempt(world, &event, order_of(&event), Place::default());
    assert!(tried.is_none_or(|tried| tried.moved.is_empty()));
}
