//! Who gains by what a role gained, because he may act as it already.

use super::sentences::{drawn, drawn_call};
use super::*;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// Bob may assume `big`, and ann may by way of `mid`.
fn stage() -> Trail {
    let mut trail = Trail::new();
    for user in ["ann", "bob", "nina", "zoe"] {
        trail.user(user);
    }
    trail.put("ann", &allow(&["sts:AssumeRole"], &arn("role/mid")));
    trail.role("mid", &trusting(json!({"AWS": arn("root")})));
    let hop = allow(&["sts:AssumeRole"], &arn("role/big"));
    trail.iam(
        "PutRolePolicy",
        json!({"roleName": "mid", "policyName": "hop", "policyDocument": hop}),
    );
    trail.role("big", &trusting(json!({"AWS": [arn("user/bob"), arn("role/mid")]})));
    trail
}

pub(super) fn attach() -> Value {
    json!({"roleName": "big", "policyArn": ADMIN})
}

fn ends(effect: &Effect) -> Vec<(String, String, String)> {
    let paths = effect.to_finding().paths_opened.into_iter();
    let mut ends: Vec<_> = paths.map(|path| (path.from, path.to, path.technique)).collect();
    ends.sort();
    ends
}

#[test]
fn whoever_may_assume_it_already_is_named() {
    let mut trail = stage();
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert_eq!(
        effect.sentence(),
        "policy AdministratorAccess attached: role big becomes administrator (none -> admin); bob, \
         role mid and ann may act as it"
    );
    let way = |from: &str, to: &str| (arn(from), arn(to), "sts-001".to_owned());
    assert_eq!(
        ends(&effect),
        [way("role/mid", "role/big"), way("user/ann", "role/mid"), way("user/bob", "role/big"),]
    );
    assert_eq!(effect.severity(), Some(Severity::Critical));
    assert!(!effect.is_self_serving());
}

#[test]
fn whoever_did_it_gains_himself_by_way_of_others_too() {
    for user in ["ann", "bob"] {
        let mut trail = stage();
        let version = allow(&["iam:CreatePolicyVersion"], "*");
        let put = json!({"roleName": "big", "policyName": "p", "policyDocument": version});
        let effect = drawn(&mut trail, user, "PutRolePolicy", put);
        assert!(effect.is_self_serving(), "{}", effect.sentence());
        // The table of severities: whoever gains privesc himself, critical; others, high.
        assert_eq!(effect.severity(), Some(Severity::Critical));
        let named = format!("{user} (who did it)");
        assert!(effect.sentence().contains(&named), "{}", effect.sentence());
    }
}

/// Somebody who could rise as far by a way of his own has gained nothing.
#[test]
fn whoever_could_get_as_far_before_is_not_told() {
    let mut trail = stage();
    trail.put("bob", &allow(&["iam:PutUserPolicy"], &arn("user/bob")));
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert!(!effect.sentence().contains("bob"), "{}", effect.sentence());
    assert!(effect.behind.iter().all(|path| path.from != "user/bob"));
    assert_eq!(effect.behind.len(), 2);
}

/// A way that asks for something is told as one that may be.
#[test]
fn what_depends_on_something_is_perhaps() {
    let mut trail = stage();
    let mut trust = trusting(json!({"AWS": arn("user/bob")}));
    trust["Statement"][0]["Condition"] = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    trail.iam(
        "UpdateAssumeRolePolicy",
        json!({"roleName": "big", "policyDocument": trust.to_string()}),
    );
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert!(effect.sentence().ends_with("; perhaps bob may act as it"), "{}", effect.sentence());
    let paths = effect.to_finding().paths_opened;
    assert_eq!(paths[0].conditions, ["MFA is present"]);
}

/// Whoever stands behind two who gained is told once.
#[test]
fn whoever_stands_behind_several_is_told_once() {
    let mut trail = stage();
    trail.role("twin", &trusting(json!({"AWS": arn("user/bob")})));
    trail.policy("shared", &allow(&["s3:GetObject"], "*"));
    for role in ["big", "twin"] {
        trail.iam("AttachRolePolicy", json!({"roleName": role, "policyArn": arn("policy/shared")}));
    }
    trail.version("shared", "v2", &allow(&["iam:PutUserPolicy"], "*"), false);
    let request = json!({"policyArn": arn("policy/shared"), "versionId": "v2"});
    let effect = drawn(&mut trail, "nina", "SetDefaultPolicyVersion", request);
    assert_eq!(effect.moved.len(), 2, "{}", effect.sentence());
    let mut from: Vec<&str> = effect.behind.iter().map(|path| path.from.as_str()).collect();
    from.sort_unstable();
    assert_eq!(from, ["role/mid", "user/ann", "user/bob"]);
}

#[test]
fn many_are_counted() {
    let mut trail = stage();
    let names: Vec<String> = (0..5).map(|at| format!("u{at}")).collect();
    for name in &names {
        trail.user(name);
    }
    let arns: Vec<String> = names.iter().map(|name| arn(&format!("user/{name}"))).collect();
    let trust = trusting(json!({"AWS": arns}));
    trail.iam(
        "UpdateAssumeRolePolicy",
        json!({"roleName": "big", "policyDocument": trust.to_string()}),
    );
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert!(
        effect.sentence().ends_with("; u0, u1, u2 and 2 more may act as it"),
        "{}",
        effect.sentence()
    );
    assert_eq!(effect.to_finding().paths_opened.len(), 5);
}

/// AWS IAM User Guide, "AWS JSON policy elements: Principal": AWS accepts no name of nobody, so whoever a
/// trust policy names was there when it was written, seen or not.
#[test]
fn whoever_is_named_and_never_seen_may_stand_behind() {
    let mut trail = Trail::new();
    for user in ["nina", "carl"] {
        trail.user(user);
    }
    let unseen = json!({"AWS": [arn("user/ghost"), arn("role/ghostly"), arn("user/carl")]});
    trail.role("big", &trusting(unseen));
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert_eq!(
        effect.sentence(),
        "policy AdministratorAccess attached: role big becomes administrator (none -> admin); ghost \
         (no record shows it) and role ghostly (no record shows it) may enter it; carl may act as it"
    );
    let doubts: Vec<&String> =
        effect.unknowns.iter().filter(|line| line.starts_with("whether ")).collect();
    assert_eq!(doubts.len(), 2, "{:?}", effect.unknowns);
    assert_eq!(effect.severity(), Some(Severity::Critical));
    // Whoever was deleted in sight is not there.
    trail.iam("DetachRolePolicy", attach());
    trail.iam("DeleteUser", json!({"userName": "ghost"}));
    let effect = drawn(&mut trail, "nina", "AttachRolePolicy", attach());
    assert!(!effect.sentence().contains("ghost (never"), "{}", effect.sentence());
}

/// Of an administrator no lesser ways are drawn, and yet they led bob as far before.
#[test]
fn a_way_that_went_with_the_change_counts_for_before() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("nina");
    let put =
        |document: &str| json!({"roleName": "mid", "policyName": "p", "policyDocument": document});
    trail.role("big", &trusting(json!({"AWS": arn("root")})));
    trail.iam("AttachRolePolicy", attach());
    trail.role("mid", &trusting(json!({"AWS": arn("user/bob")})));
    trail.iam("PutRolePolicy", put(&allow(&["sts:AssumeRole"], &arn("role/big"))));
    let effect = drawn(&mut trail, "nina", "PutRolePolicy", put(&admin()));
    assert!(effect.sentence().contains("role mid becomes administrator"), "{}", effect.sentence());
    assert!(effect.behind.is_empty(), "{}", effect.sentence());
}

/// What moves nobody far opens nothing to those behind.
#[test]
fn reading_makes_nobody_more() {
    let mut trail = stage();
    let put = json!({"roleName": "big", "policyName": "p",
        "policyDocument": allow(&["s3:GetObject"], "*")});
    let effect = drawn(&mut trail, "bob", "PutRolePolicy", put);
    assert!(effect.behind.is_empty() && !effect.is_self_serving(), "{}", effect.sentence());
}

/// One version of a policy may take from one role what it gives to another.
#[test]
fn whoever_had_it_by_another_role_that_lost_it_gains_nothing() {
    let mut trail = Trail::new();
    trail.user("carl");
    trail.user("dora");
    let version = |team: &str| {
        // No role lets those in who may assume any, so no edge of the graph tells how far they are.
        policy_of(json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": team}}}]))
    };
    trail.policy("tool", &version("red"));
    for (role, team, who) in [
        ("a", "red", json!([arn("user/carl")])),
        ("b", "blue", json!([arn("user/carl"), arn("user/dora")])),
    ] {
        trail.role(role, &trusting(json!({"AWS": who})));
        trail.iam("TagRole", json!({"roleName": role, "tags": [{"key": "team", "value": team}]}));
        trail.iam("AttachRolePolicy", json!({"roleName": role, "policyArn": arn("policy/tool")}));
    }
    let request = json!({"policyArn": arn("policy/tool"), "policyDocument": version("blue"), "setAsDefault": true});
    let reply = json!({"policyVersion": {"versionId": "v2", "isDefaultVersion": true}});
    let swapped =
        drawn_call(&mut trail, "iam", "CreatePolicyVersion", (request, reply, Value::Null));
    let grades: Vec<_> =
        swapped.moved.iter().map(|one| (one.label.as_str(), one.grade_after)).collect();
    assert!(grades.contains(&("role/b", Some(Grade::Privesc))), "{grades:?}");
    assert!(grades.contains(&("role/a", Some(Grade::None))), "{grades:?}");
    // Carl was as far by the other role; Dora was not.
    let behind: Vec<&str> = swapped.behind.iter().map(|path| path.from.as_str()).collect();
    assert_eq!(behind, ["user/dora"], "{}", swapped.sentence());
}

/// Who is an administrator no more could go all lesser ways before, which were not drawn for him.
#[test]
fn who_only_loses_is_given_no_way() {
    let with_mfa = policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]));
    for action in ["iam:CreateAccessKey", "sts:AssumeRole", "iam:UpdateAssumeRolePolicy"] {
        let mut trail = Trail::new();
        trail.user("boss");
        trail.put("boss", &admin());
        trail.role("app", &trusting(json!({"AWS": arn("root")})));
        trail.iam(
            "PutRolePolicy",
            json!({"roleName": "app", "policyName": "p", "policyDocument": admin()}),
        );
        trail.user("dave");
        trail.put("dave", &allow(&[action], "*"));
        trail.iam(
            "PutUserPolicy",
            json!({"userName": "dave", "policyName": "mfa", "policyDocument": with_mfa}),
        );
        let gone = json!({"userName": "dave", "policyName": "mfa"});
        let effect = drawn(&mut trail, "boss", "DeleteUserPolicy", gone);
        assert_eq!(effect.opened, [], "{action}: {}", effect.sentence());
        assert_eq!(effect.severity(), None, "{action}");
    }
}

/// A way to whoever gains by the same change is new to him who loses.
#[test]
fn who_loses_may_still_get_a_way_to_another() {
    let with_mfa = policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"},
            "StringEquals": {"aws:username": "dave"}}}]));
    let other = policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:username": "erin"}}}]));
    let mut trail = Trail::new();
    trail.user("dave");
    trail.user("erin");
    trail.put("dave", &allow(&["iam:CreateAccessKey"], &arn("user/erin")));
    trail.policy("turn", &with_mfa);
    for user in ["dave", "erin"] {
        let attach = json!({"userName": user, "policyArn": arn("policy/turn")});
        trail.iam("AttachUserPolicy", attach);
    }
    let version = json!({"policyArn": arn("policy/turn"), "policyDocument": other,
        "setAsDefault": true});
    let reply = json!({"policyVersion": {"versionId": "v2", "isDefaultVersion": true}});
    let effect =
        drawn_call(&mut trail, "iam", "CreatePolicyVersion", (version, reply, Value::Null));
    let ways: Vec<(&str, &str)> =
        effect.opened.iter().map(|path| (path.from.as_str(), path.to.as_str())).collect();
    assert_eq!(ways, [("user/dave", "user/erin")], "{}", effect.sentence());
}

/// A list that ends says how much it leaves out.
#[test]
fn ways_that_are_not_listed_are_counted() {
    let mut trail = Trail::new();
    trail.user("mallory");
    for number in 0..230 {
        trail.user(&format!("u{number}"));
    }
    let put = json!({"userName": "mallory", "policyName": "p",
        "policyDocument": allow(&["iam:UpdateLoginProfile", "iam:CreateLoginProfile"], "*")});
    let effect = drawn(&mut trail, "u0", "PutUserPolicy", put);
    assert_eq!((effect.opened.len(), effect.more_opened), (200, 30));
    assert!(effect.sentence().contains(", and 30 more ways"), "{}", effect.sentence());
    let gone = json!({"userName": "mallory", "policyName": "p"});
    let effect = drawn(&mut trail, "u0", "DeleteUserPolicy", gone);
    assert_eq!((effect.closed.len(), effect.more_closed), (200, 30));
}

/// However many ways open, the one to an administrator counts.
#[test]
fn a_way_to_an_administrator_is_told_among_hundreds() {
    let mut trail = Trail::new();
    trail.user("mallory");
    for number in 0..230 {
        trail.user(&format!("u{number}"));
    }
    trail.user("zoe");
    trail.put("zoe", &admin());
    let put = json!({"userName": "mallory", "policyName": "p",
        "policyDocument": allow(&["iam:CreateLoginProfile"], "*")});
    let effect = drawn(&mut trail, "u0", "PutUserPolicy", put);
    assert_eq!((effect.opened.len(), effect.more_opened), (200, 31));
    let first = &effect.opened[0];
    assert_eq!((first.to.as_str(), first.grade), ("user/zoe", Some(Grade::Admin)));
    assert_eq!(effect.severity(), Some(Severity::Critical), "{}", effect.sentence());
}

/// That a device nobody saw is taken off makes nobody safer.
#[test]
fn a_device_that_nobody_saw_closes_no_way_when_it_goes() {
    let mut trail = Trail::new();
    trail.user("boss");
    trail.put("boss", &admin());
    trail.user("mallory");
    trail.put("mallory", &allow(&["iam:CreateLoginProfile"], "*"));
    let device = json!({"userName": "boss", "serialNumber": arn("mfa/boss")});
    let effect = drawn(&mut trail, "boss", "DeactivateMFADevice", device);
    assert_eq!(effect.closed, [], "{}", effect.sentence());
    assert!(!effect.is_narrowing(), "{}", effect.sentence());
}
