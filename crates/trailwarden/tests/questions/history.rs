//! `history diff`: what two instants differ in.

use expect_test::expect;
use serde_json::json;

use crate::account::{allow, call, policy, put_calls};
use crate::support::{check_schema, folder, run};

/// Dora and emil are made and put into a group; later the group gains, dora gets a key and a password,
/// a role opens, and emil goes.
fn put_story(folder: &std::path::Path) {
    let trust = |service: &str| {
        policy(json!({"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": service}}))
        .to_string()
    };
    put_calls(
        folder,
        &[
            call("08:00:00", "CreateGroup", json!({"groupName": "devs", "path": "/"})),
            call("08:00:01", "CreateUser", json!({"userName": "dora", "path": "/"})),
            call("08:00:02", "CreateUser", json!({"userName": "emil", "path": "/"})),
            call("08:00:03", "CreateUser", json!({"userName": "finn", "path": "/"})),
            call("08:00:04", "AddUserToGroup", json!({"groupName": "devs", "userName": "dora"})),
            call("08:00:05", "AddUserToGroup", json!({"groupName": "devs", "userName": "finn"})),
            call(
                "08:00:06",
                "CreateRole",
                json!({"roleName": "app", "path": "/",
                    "assumeRolePolicyDocument": trust("ec2.amazonaws.com")}),
            ),
            call(
                "10:00:00",
                "PutGroupPolicy",
                json!({"groupName": "devs", "policyName": "more",
                    "policyDocument": allow(&["iam:PutGroupPolicy"], "*").to_string()}),
            ),
            call(
                "10:00:01",
                "CreateLoginProfile",
                json!({"userName": "emil", "passwordResetRequired": false}),
            ),
            call(
                "10:00:02",
                "UpdateAssumeRolePolicy",
                json!({"roleName": "app", "policyDocument": trust("lambda.amazonaws.com")}),
            ),
            call("12:00:00", "DeleteLoginProfile", json!({"userName": "emil"})),
            call("12:00:01", "DeleteUser", json!({"userName": "emil"})),
        ],
    );
}

#[test]
fn what_changed_in_effect_is_told_with_its_records() {
    let folder = folder();
    put_story(folder.path());
    let line = "history diff --since 2026-03-01T09:00:00Z --until 2026-03-01T11:00:00Z";
    let ran = run(folder.path(), &format!("{line} --logs logs.json"));
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r#"
        2026-03-01 09:00:00 UTC -> 2026-03-01 11:00:00 UTC

        account 111122223333: 4 changed in effect, 3 did not

        user/dora, user/finn
          grade none -> privesc
          gained: may now
            + write inline policies of any group
          can now become administrator: PutGroupPolicy (iam-011) -> administrator of
            111122223333
          by PutGroupPolicy 00100000-0000-4000-8000-111122223333 at 2026-03-01 10:00:00
             UTC

        role/app
          grade none, as before
          may be entered by
            + lambda.amazonaws.com
          may no longer be entered by
            - ec2.amazonaws.com
          by UpdateAssumeRolePolicy 00100002-0000-4000-8000-111122223333 at 2026-03-01
             10:00:02 UTC

        user/emil
          grade none, as before
          console password was set
          by CreateLoginProfile 00100001-0000-4000-8000-111122223333 at 2026-03-01
             10:00:01 UTC
    "#]]
    .assert_eq(&ran.out);
    let json = run(folder.path(), &format!("{line} --logs logs.json --json")).json();
    check_schema("history-diff", &json);
    let changed = json["accounts"][0]["changed"].as_array().unwrap();
    let dora = changed.iter().find(|one| one["name"] == "user/dora").unwrap();
    assert_eq!(dora["grade_before"]["grade"], "none");
    assert_eq!(dora["grade_after"]["grade"], "privesc");
    assert_eq!(dora["causes"][0]["event_name"], "PutGroupPolicy");
}

#[test]
fn who_went_is_told_and_what_was_undone_is_not() {
    let folder = folder();
    put_story(folder.path());
    let line = "history diff --since 2026-03-01T11:00:00Z --logs logs.json";
    let ran = run(folder.path(), line);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("user/emil, deleted"), "{}", ran.out);
    assert!(ran.out.contains("DeleteUser 00120001-"), "{}", ran.out);
    assert!(!ran.out.contains("user/dora"), "{}", ran.out);
    // Made and deleted between the two instants, and a password that came and went.
    let whole = run(folder.path(), "history diff --since 2026-03-01T07:00:00Z --logs logs.json");
    assert!(!whole.out.contains("emil"), "{}", whole.out);
    assert!(whole.out.contains("user/dora, user/finn, made"), "{}", whole.out);
    assert!(!whole.out.contains("\ngroup/devs"), "its members tell: {}", whole.out);
}

#[test]
fn times_must_be_in_order() {
    let folder = folder();
    put_story(folder.path());
    let line = "history diff --since 2026-03-02 --until 2026-03-01 --logs logs.json";
    let ran = run(folder.path(), line);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("exchange the two"), "{}", ran.said);
}

/// A change of one principal opens a way for another, whose own permissions stay what they were.
#[test]
fn a_way_that_somebody_else_opened_is_told() {
    let folder = folder();
    let keys = allow(&["iam:CreateAccessKey"], "arn:aws:iam::111122223333:user/gina");
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let user = |name: &str| json!({"userName": name, "path": "/"});
    put_calls(
        folder.path(),
        &[
            call("08:00:00", "CreateUser", user("dora")),
            call("08:00:01", "CreateUser", user("gina")),
            call(
                "08:00:02",
                "PutUserPolicy",
                json!({"userName": "dora", "policyName": "keys",
                    "policyDocument": keys.to_string()}),
            ),
            call("10:00:00", "AttachUserPolicy", json!({"userName": "gina", "policyArn": admin})),
        ],
    );
    let line = "history diff --since 2026-03-01T09:00:00Z --logs logs.json";
    let opened = run(folder.path(), line);
    assert_eq!((opened.code, opened.said.as_str()), (0, ""));
    let said = "user/dora grade privesc, as before can now become administrator: \
                CreateAccessKey (iam-002) -> user/gina by AttachUserPolicy";
    assert!(opened.words().contains(said), "{}", opened.out);
    let json = run(folder.path(), &format!("{line} --json")).json();
    let changed = json["accounts"][0]["changed"].as_array().unwrap();
    let dora = changed.iter().find(|one| one["name"] == "user/dora").unwrap();
    assert_eq!(dora["way_opened"][0], "CreateAccessKey (iam-002) -> user/gina");
    let before = "history diff --since 2026-03-01T07:00:00Z --until 2026-03-01T09:00:00Z";
    let before = run(folder.path(), &format!("{before} --logs logs.json"));
    assert!(!before.out.contains("become administrator"), "{}", before.out);
}

/// Of whoever changed and was not seen whole, the answer is partial, and so is one with a log that cannot
/// be read; whoever was seen whole leaves it whole.
#[test]
fn what_is_not_known_of_somebody_who_changed_is_3() {
    let folder = folder();
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let attach = |time: &str, user: &str| {
        call(time, "AttachUserPolicy", json!({"userName": user, "policyArn": admin}))
    };
    let made = call("08:00:00", "CreateUser", json!({"userName": "dora", "path": "/"}));
    let line = "history diff --since 2026-03-01T09:00:00Z --logs logs.json";
    put_calls(folder.path(), &[made.clone(), attach("10:00:00", "dora")]);
    assert_eq!(run(folder.path(), line).code, 0);
    // Nobody saw her made, nor what else she has.
    put_calls(folder.path(), &[made.clone(), attach("10:00:00", "gina")]);
    let unseen = run(folder.path(), line);
    assert_eq!(unseen.code, 3, "{}", unseen.out);
    assert!(unseen.out.contains("gina"), "{}", unseen.out);
    // What was not seen of somebody who did not change is no matter.
    put_calls(folder.path(), &[attach("08:30:00", "gina"), made, attach("10:00:00", "dora")]);
    assert_eq!(run(folder.path(), line).code, 0);
    std::fs::write(folder.path().join("bad.json"), "no log").unwrap();
    let torn = run(folder.path(), &format!("{line} --logs bad.json"));
    assert_eq!(torn.code, 3, "{}", torn.said);
}
