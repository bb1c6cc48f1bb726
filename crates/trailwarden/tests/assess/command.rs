//! What the command says of an account that the AWS CLI saved.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Ran, check_schema, folder, run};

const ACCOUNT: &str = "111122223333";

fn details(users: &[&str]) -> Value {
    let users: Vec<Value> = users
        .iter()
        .map(|name| {
            json!({
                "Path": "/", "UserName": name, "UserId": format!("AIDA{}", name.to_uppercase()),
                "Arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
                "CreateDate": "2026-01-01T00:00:00Z", "GroupList": [], "UserPolicyList": [],
                "AttachedManagedPolicies": [{
                    "PolicyName": "AdministratorAccess",
                    "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
                }],
                "Tags": [],
            })
        })
        .collect();
    json!({"UserDetailList": users, "GroupDetailList": [], "RoleDetailList": [], "Policies": []})
}

fn summary(users: usize, mfa: u8) -> Value {
    json!({"SummaryMap": {
        "AccountMFAEnabled": mfa, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1,
        "Users": users, "Groups": 0, "Roles": 0, "Policies": 0,
    }})
}

fn put(folder: &Path, name: &str, value: &Value) {
    std::fs::write(folder.join(name), value.to_string()).unwrap();
}

/// Two files of an account with one administrator and no root MFA.
fn account(folder: &Path) {
    put(folder, "details.json", &details(&["alice"]));
    put(folder, "summary.json", &summary(1, 0));
}

const FILES: &str = "--baseline details.json summary.json --baseline-time 2026-06-01";

fn assess(folder: &Path, more: &str) -> Ran {
    run(folder, &format!("assess {FILES} {more}"))
}

fn verdicts(ran: &Ran, check: &str) -> Vec<String> {
    let rows = ran.json()["findings"].as_array().unwrap().clone();
    let of_check = rows.into_iter().filter(|row| row["check"] == check);
    of_check.map(|row| row["verdict"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn saved_output_of_the_aws_cli_is_assessed_and_the_rest_is_unknown() {
    let folder = folder();
    account(folder.path());
    let ran = assess(folder.path(), "--json");
    assert_eq!(ran.code, 3, "{}", ran.said);
    check_schema("assess", &ran.json());
    assert_eq!(verdicts(&ran, "root-without-mfa"), ["fail"]);
    assert_eq!(verdicts(&ran, "root-access-key"), ["pass"]);
    assert_eq!(verdicts(&ran, "user-is-administrator"), ["fail"]);
    assert_eq!(verdicts(&ran, "no-trail"), ["unknown"]);
    assert_eq!(verdicts(&ran, "console-user-without-mfa"), ["unknown"]);
    let answer = ran.json();
    assert_eq!(answer["accounts"][0]["account"], ACCOUNT);
    assert_eq!(answer["accounts"][0]["taken"], "2026-06-01T00:00:00Z");
    assert_eq!(answer["first"][0]["check"], "root-without-mfa");
}

#[test]
fn a_table_begins_with_what_to_fix_first() {
    let folder = folder();
    account(folder.path());
    let words = assess(folder.path(), "").words();
    assert!(words.contains("1. The root user has no second factor (critical)"), "{words}");
    assert!(words.contains("user/alice has full control of the account."), "{words}");
    assert!(words.contains("`cloudtrail:DescribeTrails` was not asked"), "{words}");
}

#[test]
fn a_framework_keeps_its_checks_alone() {
    let folder = folder();
    account(folder.path());
    let ran = assess(folder.path(), "--framework cis-5.0.0 --json");
    let answer = ran.json();
    let scores = answer["accounts"][0]["scores"].as_array().unwrap();
    assert_eq!(scores.len(), 1, "{scores:?}");
    assert_eq!(scores[0]["version"], "5.0.0");
    assert!(scores[0]["failing"].as_array().unwrap().contains(&json!("1.4")), "{scores:?}");
    assert_eq!(verdicts(&ran, "root-without-mfa"), ["fail"]);
    assert!(verdicts(&ran, "inactive-access-key-kept").is_empty());
    let wrong = assess(folder.path(), "--framework pci");
    assert_eq!(wrong.code, 2);
    assert!(wrong.said.contains("cis-7.0.0"), "{}", wrong.said);
}

#[test]
fn exceptions_accept_until_they_end() {
    let folder = folder();
    account(folder.path());
    let exception = |check: &str, resource: &str, expires: &str| {
        format!(
            "[[exception]]\ncheck = \"{check}\"\nresource = \"{resource}\"\nreason = \"known\"\nexpires = \"{expires}\"\n"
        )
    };
    let write = |text: String| std::fs::write(folder.path().join("accepted.toml"), text).unwrap();
    let only = "--check user-is-administrator --check root-without-mfa --fail-on high";
    assert_eq!(assess(folder.path(), only).code, 1);
    let root = exception("root-without-mfa", "*", "2999-01-01");
    write(exception("user-is-administrator", "user/alice", "2999-01-01") + &root);
    let ran = assess(folder.path(), &format!("{only} --exceptions accepted.toml --json"));
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(ran.json()["summary"]["accepted"], 2);
    write(exception("user-is-administrator", "user/alice", "2020-01-01") + &root);
    let ran = assess(folder.path(), &format!("{only} --exceptions accepted.toml --json"));
    assert_eq!(ran.code, 1);
    assert!(ran.said.contains("ended on 2020-01-01"), "{}", ran.said);
    write(exception("user-is-administrator", "user/bob", "2999-01-01"));
    let ran = assess(folder.path(), &format!("{only} --exceptions accepted.toml"));
    assert!(ran.said.contains("covers nothing"), "{}", ran.said);
    write(exception("no-such-check", "*", "2999-01-01"));
    let ran = assess(folder.path(), "--exceptions accepted.toml");
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("`no-such-check`"), "{}", ran.said);
}

#[test]
fn since_says_what_is_new_open_and_fixed() {
    let folder = folder();
    put(folder.path(), "old-details.json", &details(&["alice", "carol"]));
    put(folder.path(), "old-summary.json", &summary(2, 0));
    put(folder.path(), "details.json", &details(&["alice", "bob"]));
    put(folder.path(), "summary.json", &summary(2, 1));
    let more = "--check user-is-administrator --check root-without-mfa --json \
                --since old-details.json old-summary.json";
    let answer = assess(folder.path(), more).json();
    let rows = answer["findings"].as_array().unwrap();
    let of = |resource: &str| {
        let row = rows.iter().find(|row| row["resource"] == resource).unwrap();
        (row["history"].clone(), row["verdict"].clone())
    };
    assert_eq!(of("user/alice"), (json!("open"), json!("fail")));
    assert_eq!(of("user/bob"), (json!("new"), json!("fail")));
    assert_eq!(of("user/carol"), (json!("fixed"), json!("not_applicable")));
    assert_eq!(of("the root user"), (json!("fixed"), json!("pass")));
    assert_eq!(answer["summary"]["by_history"], json!({"new": 1, "open": 1, "fixed": 2}));
}

#[test]
fn every_format_comes_out() {
    let folder = folder();
    account(folder.path());
    for format in ["table", "json", "ndjson", "csv", "ocsf", "sarif", "junit", "markdown", "html"] {
        let ran = assess(folder.path(), &format!("--format {format}"));
        assert_eq!(ran.code, 3, "{format}: {}", ran.said);
        let has_it = ran.out.contains("root-without-mfa")
            || ran.out.contains("The root user has no second factor");
        assert!(has_it, "{format}");
    }
}

#[test]
fn checks_are_listed() {
    let folder = folder();
    let ran = run(folder.path(), "assess --list");
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.contains("root-without-mfa"), "{}", ran.out);
}

/// A record of the account's password policy being set.
fn set_policy(number: u8, time: &str, length: u8) -> Value {
    json!({
        "eventVersion": "1.11", "eventTime": time, "eventSource": "iam.amazonaws.com",
        "eventName": "UpdateAccountPasswordPolicy", "awsRegion": "us-east-1",
        "userIdentity": {"type": "Root", "principalId": ACCOUNT, "accountId": ACCOUNT,
            "arn": format!("arn:aws:iam::{ACCOUNT}:root")},
        "requestParameters": {"minimumPasswordLength": length, "requireSymbols": false,
            "requireNumbers": false, "requireUppercaseCharacters": false,
            "requireLowercaseCharacters": false, "allowUsersToChangePassword": true},
        "responseElements": null, "eventType": "AwsApiCall", "recipientAccountId": ACCOUNT,
        "eventID": format!("00000000-0000-4000-8000-{number:012}"),
    })
}

/// No answer of AWS tells when the policy was made stricter; the trail does.
#[test]
fn logs_tell_which_passwords_are_older_than_the_policy() {
    let folder = folder();
    put(folder.path(), "details.json", &details(&["alice", "bob"]));
    put(folder.path(), "summary.json", &summary(2, 1));
    let row = |name: &str, changed: &str| {
        format!(
            "{name},arn:aws:iam::{ACCOUNT}:user/{name},2026-01-01T00:00:00Z,true,N/A,{changed},true,false,N/A,false,N/A"
        )
    };
    let head = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
                mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,\
                access_key_2_last_rotated";
    let rows = [row("alice", "2026-01-01T00:00:00Z"), row("bob", "2026-04-01T00:00:00Z")];
    let report = format!("{head}\n{}\n", rows.join("\n"));
    std::fs::write(folder.path().join("report.csv"), report).unwrap();
    let records =
        [set_policy(1, "2026-02-01T00:00:00Z", 8), set_policy(2, "2026-03-01T00:00:00Z", 14)];
    put(folder.path(), "log.json", &json!({ "Records": records }));
    let line = "assess --baseline details.json summary.json report.csv --baseline-time 2026-06-01 \
                --check password-older-than-its-policy --json";
    let without = run(folder.path(), line);
    assert_eq!(verdicts(&without, "password-older-than-its-policy"), ["unknown", "unknown"]);
    let with = run(folder.path(), &format!("{line} --logs log.json"));
    assert_eq!(verdicts(&with, "password-older-than-its-policy"), ["fail", "pass"], "{}", with.out);
    assert_eq!((without.code, with.code), (3, 0), "{}", with.said);
}
