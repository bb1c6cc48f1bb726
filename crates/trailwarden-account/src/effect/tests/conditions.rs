//! Conditions that say less, or more, than they seem to.

use super::*;

fn asking(effect: &str, action: &str, conditions: &Value) -> Value {
    json!({"Effect": effect, "Action": action, "Resource": "*", "Condition": conditions})
}

fn of_bob(statements: Value) -> Effect {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &policy_of(statements))
}

fn everything() -> Value {
    json!({"Effect": "Allow", "Action": "*", "Resource": "*"})
}

/// IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount`; "AWS services that work
/// with IAM": IAM has no policies of resources that could let him in over there.
#[test]
fn what_is_meant_for_another_account_is_nothing_in_this_one() {
    let owned = |operator: &str, account: &str| json!({operator: {"aws:ResourceAccount": account}});
    for (conditions, grade) in [
        (owned("StringEquals", "444455556666"), None),
        (owned("StringNotEquals", "111122223333"), None),
        (owned("StringNotEquals", "${aws:PrincipalAccount}"), None),
        (owned("StringEquals", "${aws:PrincipalAccount}"), Some(Grade::Admin)),
        (owned("StringEquals", "111122223333"), Some(Grade::Admin)),
    ] {
        let effect = of_bob(json!([asking("Allow", "iam:*", &conditions)]));
        let gain = effect.moved.iter().filter_map(|moved| moved.gain).max();
        assert_eq!(gain, grade, "{conditions}: {}", effect.sentence());
        let unless = of_bob(json!([everything(), asking("Deny", "*", &conditions)]));
        let left = only(&unless).grade_after == Some(Grade::Admin);
        assert_eq!(left, grade.is_none(), "{conditions}: {}", unless.sentence());
    }
    // Other services have policies of resources, and roles let strangers in.
    let all = of_bob(json!([asking("Allow", "*", &owned("StringEquals", "444455556666"))]));
    assert_eq!(only(&all).grade_after, Some(Grade::Privesc), "{}", all.sentence());
    // Nor is a policy that nobody holds yet.
    let mut trail = Trail::new();
    let far = asking("Allow", "iam:*", &owned("StringEquals", "444455556666"));
    let made = trail.policy("far", &policy_of(json!([far])));
    assert!(made.moved.is_empty() && made.severity().is_none(), "{}", made.sentence());
    // A boundary or cap that asks for the own account takes nothing away here.
    let mut trail = Trail::new();
    trail.user("bob");
    let cap = asking("Allow", "*", &owned("StringEquals", "111122223333"));
    trail.policy("cap", &policy_of(json!([cap])));
    trail.iam(
        "PutUserPermissionsBoundary",
        json!({"userName": "bob", "permissionsBoundary": arn("policy/cap")}),
    );
    let effect = trail.put("bob", &allow(&["iam:*"], "*"));
    assert_eq!(
        effect.sentence(),
        "inline policy p: bob may now have full control of IAM (none -> admin)"
    );
}

/// IAM User Guide, "AWS global condition context keys", `aws:TokenIssueTime`: sessions that are long over
/// ask for nothing, and credentials of a user's own have no such key.
#[test]
fn sessions_that_are_long_over_ask_for_nothing() {
    let begun = |operator: &str, time: &str| json!({operator: {"aws:TokenIssueTime": time}});
    let past = begun("DateLessThan", "2020-01-01T00:00:00Z");
    let effect = of_bob(json!([asking("Allow", "*", &past)]));
    assert!(effect.moved.is_empty() && effect.severity().is_none(), "{}", effect.sentence());
    let spared = of_bob(json!([everything(), asking("Deny", "*", &past)]));
    assert_eq!(spared.sentence(), of_bob(json!([everything()])).sentence());
    // One of today binds sessions that still last.
    let today = begun("DateLessThan", "2026-01-01T00:00:00Z");
    let bound = of_bob(json!([everything(), asking("Deny", "*", &today)]));
    assert_eq!(
        bound.sentence(),
        "inline policy p: bob may now do everything, unless the session began before \
         `2026-01-01T00:00:00Z` (none -> admin)"
    );
    let only_old = of_bob(json!([asking("Allow", "*", &today)]));
    assert_eq!(
        only_old.sentence(),
        "inline policy p: bob may now do everything, where the session began before \
         `2026-01-01T00:00:00Z` (none -> admin)"
    );
    // A role has nothing but sessions, a user may come without one.
    let since = json!([asking("Allow", "*", &begun("DateGreaterThan", "2020-01-01T00:00:00Z"))]);
    assert!(of_bob(since.clone()).sentence().contains("where the session began after"));
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let request = json!({"roleName": "app", "policyName": "p", "policyDocument": policy_of(since)});
    let role = trail.iam("PutRolePolicy", request);
    assert!(role.sentence().ends_with("role app becomes administrator (none -> admin)"));
}

/// IAM User Guide, "IAM JSON policy elements: Condition operators": `StringEquals` takes no wildcards.
#[test]
fn a_wildcard_that_is_a_character_gives_nothing() {
    for conditions in [
        json!({"StringEquals": {"aws:SourceIp": "*"}}),
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-*"}}),
        json!({"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": ["*", "ops-?"]}}),
        json!({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-abc/*"}}),
    ] {
        let effect = of_bob(json!([asking("Allow", "*", &conditions)]));
        assert!(effect.moved.is_empty(), "{conditions}: {}", effect.sentence());
        let unless = of_bob(json!([everything(), asking("Deny", "*", &conditions)]));
        assert_eq!(unless.sentence(), of_bob(json!([everything()])).sentence(), "{conditions}");
    }
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let admin = json!({"roleName": "app", "policyName": "p", "policyDocument": admin()});
    trail.iam("PutRolePolicy", admin);
    let mut trust = trusting(json!({"AWS": "444455556666"}));
    trust["Statement"][0]["Condition"] = json!({"StringEquals": {"sts:ExternalId": "*"}});
    let request = |trust: &Value| json!({"roleName": "app", "policyDocument": trust.to_string()});
    let effect = trail.iam("UpdateAssumeRolePolicy", request(&trust));
    assert!(effect.severity().is_none() && effect.opened.is_empty(), "{}", effect.sentence());
    trust["Statement"][0]["Condition"] = json!({"StringEquals": {"sts:ExternalId": ["*", "k7"]}});
    let effect = trail.iam("UpdateAssumeRolePolicy", request(&trust));
    assert_eq!(
        effect.sentence(),
        "account 444455556666 may now enter role app (admin) if it gives the external id"
    );
}

/// IAM User Guide, "AWS global condition context keys", `aws:MultiFactorAuthPresent`: it is true or false
/// where it is there at all.
#[test]
fn a_guard_by_mfa_in_other_words_gives_nothing() {
    const KEY: &str = "aws:MultiFactorAuthPresent";
    let mut trail = Trail::new();
    trail.user("bob");
    let asked = |value: &str, operator: &str| {
        policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {operator: {KEY: value}}}]))
    };
    let denied = policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"BoolIfExists": {KEY: "false"}}}]));
    trail.put("bob", &asked("true", "BoolIfExists"));
    let narrowed = trail.put("bob", &denied);
    assert!(narrowed.is_narrowing(), "{}", narrowed.sentence());
    assert_eq!(narrowed.severity(), None);
    let same = trail.put("bob", &asked("true", "Bool"));
    assert_eq!(same.severity(), None, "{}", same.sentence());
    assert!(same.moved.is_empty(), "{}", same.sentence());
}
