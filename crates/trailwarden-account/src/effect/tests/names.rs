//! Renames, re-creation, tags.

use super::*;

fn named(resource: &str, actions: &[&str]) -> String {
    allow(actions, &arn(resource))
}

#[test]
fn a_rename_that_no_policy_names_changes_nothing() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("ann");
    trail.put("ann", &allow(&["s3:GetObject"], "*"));
    let renamed = trail.iam("UpdateUser", json!({"userName": "bob", "newUserName": "robert"}));
    assert_eq!(renamed.severity(), None);
    assert!(renamed.moved.is_empty());
    assert!(
        renamed.notes.contains(&"no policy seen names either".to_owned()),
        "{:?}",
        renamed.notes
    );
}

#[test]
fn a_rename_moves_an_administrator_under_a_policy_that_names_the_new_arn() {
    let mut trail = Trail::new();
    for user in ["bob", "ann", "eve"] {
        trail.user(user);
    }
    trail.put("bob", &admin());
    trail.put("ann", &named("user/svc-*", &["iam:CreateAccessKey"]));
    trail.put("eve", &named("user/bob", &["iam:CreateAccessKey"]));
    let renamed = trail.iam("UpdateUser", json!({"userName": "bob", "newUserName": "svc-7"}));
    assert_eq!(who(&renamed), ["user/ann", "user/eve"]);
    assert_eq!(renamed.moved[0].gained, ["create access keys for svc-7"]);
    assert_eq!(renamed.moved[1].lost, ["create access keys for svc-7"]);
    assert_eq!(renamed.severity(), Some(Severity::Critical));
}

#[test]
fn a_rename_into_ones_own_grasp_is_self_serving() {
    let mut trail = Trail::new();
    for user in ["bob", "mallory"] {
        trail.user(user);
    }
    trail.put("bob", &admin());
    trail.put("mallory", &named("user/svc-*", &["iam:CreateAccessKey", "iam:UpdateUser"]));
    let renamed =
        trail.by("mallory", "UpdateUser", json!({"userName": "bob", "newUserName": "svc-7"}));
    assert!(renamed.is_self_serving());
    assert_eq!(renamed.severity(), Some(Severity::Critical));
}

#[test]
fn a_rename_changes_what_the_own_name_decides() {
    let mut trail = Trail::new();
    trail.user("bob");
    let statement = json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:username": "boss"}}}]);
    trail.put("bob", &policy_of(statement));
    let renamed = trail.by("bob", "UpdateUser", json!({"userName": "bob", "newUserName": "boss"}));
    let boss = only(&renamed);
    assert_eq!((boss.grade_before, boss.grade_after), (Some(Grade::None), Some(Grade::Admin)));
    assert_eq!(renamed.severity(), Some(Severity::Critical));
    assert!(renamed.is_self_serving());
    let moved = trail.iam("UpdateUser", json!({"userName": "boss", "newUserName": "bob"}));
    assert!(moved.is_narrowing());
}

#[test]
fn a_new_path_is_a_new_arn() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("ann");
    trail.put("bob", &admin());
    trail.put("ann", &named("user/ops/*", &["iam:CreateAccessKey"]));
    let renamed = trail.iam("UpdateUser", json!({"userName": "bob", "newPath": "/ops/"}));
    assert_eq!(who(&renamed), ["user/ann"]);
    assert_eq!(renamed.severity(), Some(Severity::Critical));
}

#[test]
fn a_name_used_again_is_told() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.iam("DeleteUser", json!({"userName": "bob"}));
    let reply = json!({"user": {"userName": "bob", "userId": "AIDABOB2", "path": "/", "arn": arn("user/bob")}});
    let again = trail.call("iam", "CreateUser", json!({"userName": "bob"}), reply, Value::Null);
    assert!(
        again.notes.iter().any(|note| note.contains("had a bearer before")),
        "{:?}",
        again.notes
    );
    assert_eq!(again.severity(), None);
}

#[test]
fn own_tags_that_conditions_read_move_permissions() {
    let mut trail = Trail::new();
    trail.user("mallory");
    let statement = json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "ops"}}}]);
    trail.put("mallory", &policy_of(statement));
    let tag =
        |value: &str| json!({"userName": "mallory", "tags": [{"key": "team", "value": value}]});
    assert!(trail.by("mallory", "TagUser", tag("web")).is_nothing());
    let tagged = trail.by("mallory", "TagUser", tag("ops"));
    assert_eq!(tagged.severity(), Some(Severity::Critical));
    assert!(tagged.is_self_serving());
    let removed = trail.iam("UntagUser", json!({"userName": "mallory", "tagKeys": ["team"]}));
    assert!(removed.is_narrowing(), "{}", removed.sentence());
}

#[test]
fn tags_of_a_resource_are_told_where_a_condition_reads_them() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("ann");
    let statement = json!([{"Effect": "Allow", "Action": "iam:*", "Resource": "*",
        "Condition": {"StringEquals": {"iam:ResourceTag/owner": "ann"}}}]);
    trail.put("ann", &policy_of(statement));
    let tag = |key: &str| json!({"userName": "bob", "tags": [{"key": key, "value": "ann"}]});
    assert!(trail.iam("TagUser", tag("color")).is_nothing());
    let tagged = trail.iam("TagUser", tag("owner"));
    assert_eq!(tagged.verdict(), Verdict::Unknown);
    assert!(tagged.sentence().contains("user/ann may do to user/bob"), "{}", tagged.sentence());
}

/// Who reads of a role looks for it in his own account, unless told otherwise.
#[test]
fn a_role_of_another_account_is_told_with_its_account() {
    let mut trail = Trail::new();
    trail.user("bob");
    let far = "arn:aws:iam::444455556666:role/far";
    let put = trail.put("bob", &allow(&["sts:AssumeRole"], far));
    assert!(
        put.sentence().contains("bob may now assume role `far` of account `444455556666`"),
        "{}",
        put.sentence()
    );
    // Of one's own account that goes without saying.
    trail.user("eve");
    let put = trail.put("eve", &allow(&["sts:AssumeRole"], &arn("role/near")));
    assert!(put.sentence().contains("eve may now assume role `near` ("), "{}", put.sentence());
}
