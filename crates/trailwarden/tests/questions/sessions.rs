//! `can` of a session: what it was limited to when it began.
//!
//! IAM User Guide, "Policies and permissions in AWS Identity and Access Management", "Session
//! policies": a session may do what both its role and its session policies allow.

use std::path::Path;

use serde_json::{Value, json};

use crate::account::{ACCOUNT, allow, call, put_account, put_calls};
use crate::support::{Ran, folder, run};

const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/lambda/s1";

/// A call of STS that begins a session named `s1`.
fn begun(time: &str, name: &str, key: &str, mut request: Value) -> Value {
    request["roleArn"] = format!("arn:aws:iam::{ACCOUNT}:role/lambda").into();
    let mut record = call(time, name, request);
    record["eventSource"] = "sts.amazonaws.com".into();
    record["responseElements"] = json!({
        "credentials": {"accessKeyId": key},
        "assumedRoleUser": {"arn": SESSION, "assumedRoleId": "AROALAMBDAXXXXXXXXXXX:s1"},
    });
    record
}

fn reading() -> Value {
    json!({"policy": allow(&["s3:GetObject"], "*").to_string()})
}

fn ask(calls: &[Value], who: &str, what: &str) -> Ran {
    let folder = folder();
    put_account(folder.path());
    put_calls(folder.path(), calls);
    in_folder(folder.path(), who, what)
}

fn in_folder(folder: &Path, who: &str, what: &str) -> Ran {
    run(folder, &format!("can {who} {what} --baseline account.json --logs logs.json"))
}

#[test]
fn a_session_policy_caps_the_session_and_is_told_with_its_record() {
    for name in ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"] {
        let calls = [begun("10:00:00", name, "ASIAONE", reading())];
        for who in [SESSION, "ASIAONE"] {
            let denied = ask(&calls, who, "iam:CreateUser");
            assert_eq!(denied.code, 1, "{}{}", denied.out, denied.said);
            let words = denied.words();
            assert!(words.contains("missing the session policy does not reach so far"), "{words}");
            assert!(words.contains(&format!("session began by {name} 00100000-")), "{words}");
            let denied = ask(&calls, who, "iam:CreateUser arn:aws:iam::111122223333:user/eve");
            assert_eq!(denied.code, 1, "{}", denied.out);
        }
        let read = "s3:GetObject arn:aws:s3:::b/k";
        let allowed = ask(&calls, SESSION, read);
        assert_eq!(allowed.code, 0, "{}", allowed.out);
        let words = allowed.words();
        assert!(words.contains("allowed by statement 1 of the session policy"), "{words}");
        assert!(words.contains("attached to role/lambda"), "{words}");
    }
}

#[test]
fn managed_session_policies_are_those_of_the_account() {
    let arns = json!({"policyArns": [{"arn": format!("arn:aws:iam::{ACCOUNT}:policy/cap")}]});
    let calls = [begun("10:00:00", "AssumeRole", "ASIAONE", arns)];
    assert_eq!(ask(&calls, SESSION, "s3:GetObject arn:aws:s3:::b/k").code, 0);
    assert_eq!(ask(&calls, SESSION, "iam:CreateUser").code, 1);
    let unseen = json!({"policyArns": [{"arn": format!("arn:aws:iam::{ACCOUNT}:policy/unseen")}]});
    let calls = [begun("10:00:00", "AssumeRole", "ASIAONE", unseen)];
    let open = ask(&calls, SESSION, "iam:CreateUser");
    assert_eq!(open.code, 3, "{}", open.out);
    assert!(open.words().contains("policy/unseen"), "{}", open.out);
}

#[test]
fn a_session_without_a_policy_may_do_what_its_role_may() {
    let calls = [begun("10:00:00", "AssumeRole", "ASIAONE", json!({}))];
    let ran = ask(&calls, SESSION, "iam:CreateUser");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.words().contains("without a session policy"), "{}", ran.out);
}

#[test]
fn a_session_whose_beginning_was_not_seen_is_unknown_but_never_more_than_its_role() {
    let calls = [call("10:00:00", "CreateUser", json!({"userName": "eve"}))];
    let ran = ask(&calls, SESSION, "iam:CreateUser arn:aws:iam::111122223333:user/eve");
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.starts_with("NOT KNOWN, but allowed by what was seen"), "{}", ran.out);
    assert!(ran.words().contains("no record shows how it began"), "{}", ran.out);
    let of_app = "arn:aws:sts::111122223333:assumed-role/app/s1";
    assert_eq!(ask(&calls, of_app, "iam:CreateUser").code, 1, "its role may not either");
    let key = ask(&calls, "ASIAUNSEEN", "iam:CreateUser");
    assert_eq!(key.code, 2, "{}", key.out);
    assert!(key.said.contains("no record shows how the session"), "{}", key.said);
}

/// One name may begin many sessions; a key is one of them.
#[test]
fn sessions_of_one_name_with_different_policies_are_told_apart_by_key() {
    let calls = [
        begun("10:00:00", "AssumeRole", "ASIAONE", json!({})),
        begun("10:10:00", "AssumeRole", "ASIATWO", reading()),
    ];
    let what = "iam:CreateUser arn:aws:iam::111122223333:user/eve";
    assert_eq!((ask(&calls, "ASIAONE", what).code, ask(&calls, "ASIATWO", what).code), (0, 1));
    let either = ask(&calls, SESSION, what);
    assert_eq!(either.code, 3, "{}", either.out);
    assert!(either.words().contains("ask by the temporary access key"), "{}", either.out);
    // The first had ended before the second began.
    let calls = [
        begun("10:00:00", "AssumeRole", "ASIAONE", json!({})),
        begun("11:10:00", "AssumeRole", "ASIATWO", reading()),
    ];
    assert_eq!(ask(&calls, SESSION, what).code, 1);
}

/// IAM User Guide, "Revoke IAM role temporary security credentials".
#[test]
fn a_session_that_was_revoked_is_denied() {
    let revoked = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*",
        "Resource": "*", "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-03-01T10:05:00Z"}}}]});
    let put = json!({"roleName": "lambda", "policyName": "AWSRevokeOlderSessions",
        "policyDocument": revoked.to_string()});
    let calls = [
        begun("10:00:00", "AssumeRole", "ASIAONE", json!({})),
        call("10:05:00", "PutRolePolicy", put),
        begun("10:10:00", "AssumeRole", "ASIATWO", json!({})),
    ];
    let what = "iam:CreateUser arn:aws:iam::111122223333:user/eve";
    assert_eq!((ask(&calls, "ASIAONE", what).code, ask(&calls, "ASIATWO", what).code), (1, 0));
}

/// AWS STS API Reference, `GetFederationToken`: without a session policy such a session may do nothing.
#[test]
fn a_federated_user_has_what_the_user_and_the_policy_both_allow() {
    let arn = "arn:aws:sts::111122223333:federated-user/kiosk";
    let token = |request: Value| {
        let mut record = call("10:00:00", "GetFederationToken", request);
        record["eventSource"] = "sts.amazonaws.com".into();
        record["responseElements"] = json!({"credentials": {"accessKeyId": "ASIAKIOSK"},
            "federatedUser": {"arn": arn, "federatedUserId": "111122223333:kiosk"}});
        record
    };
    let limited = [token(reading())];
    let read = "s3:GetObject arn:aws:s3:::b/k";
    assert_eq!(ask(&limited, arn, read).code, 0);
    assert_eq!(ask(&limited, "ASIAKIOSK", "iam:CreateUser").code, 1);
    let none = [token(json!({"name": "kiosk"}))];
    let denied = ask(&none, arn, "iam:CreateUser arn:aws:iam::111122223333:user/eve");
    assert_eq!(denied.code, 1, "{}", denied.out);
    let words = denied.words();
    assert!(words.contains("without the session policy that a federated user needs"), "{words}");
}

/// A resource control policy binds whoever asks, in the accounts that it is over.
#[test]
fn a_resource_control_policy_denies_what_the_role_may_do() {
    let content = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny",
        "Principal": "*", "Action": ["sts:AssumeRole", "secretsmanager:*"], "Resource": "*"}]});
    let organization = "999900001111";
    let made = |time: &str, name: &str, request: Value| {
        let mut record = crate::account::call_in(organization, time, name, request);
        record["eventSource"] = "organizations.amazonaws.com".into();
        record
    };
    let mut create = made(
        "10:00:00",
        "CreatePolicy",
        json!({"name": "perimeter", "type": "RESOURCE_CONTROL_POLICY", "content": content.to_string()}),
    );
    create["responseElements"] = json!({"policy": {"policySummary": {"id": "p-rcp"}}});
    let attach =
        made("10:00:01", "AttachPolicy", json!({"policyId": "p-rcp", "targetId": ACCOUNT}));
    let calls = [create, attach];
    let admin = "arn:aws:iam::111122223333:user/admin";
    let secret = "secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AAAAAA";
    let denied = ask(&calls, admin, secret);
    assert_eq!(denied.code, 1, "{}", denied.out);
    assert!(denied.words().contains("of the RCP perimeter at 111122223333"), "{}", denied.out);
    assert_ne!(ask(&calls, admin, "secretsmanager:GetSecretValue").code, 0);
    let enter = "sts:AssumeRole arn:aws:iam::111122223333:role/app";
    assert_eq!(ask(&calls, "alice", enter).code, 1);
    // Of what they do not support, they say nothing.
    assert_ne!(ask(&calls, admin, "iam:CreateUser").code, 1);
}

const EVE: &str = "iam:CreateUser arn:aws:iam::111122223333:user/eve";

/// AWS STS API Reference, `GetSessionToken`: no call of IAM without a second factor, and of STS
/// `AssumeRole` and `GetCallerIdentity` alone.
#[test]
fn a_session_token_without_a_second_factor_calls_neither_iam_nor_most_of_sts() {
    let token = |request: Value| {
        let mut record = call("10:00:00", "GetSessionToken", request);
        record["eventSource"] = "sts.amazonaws.com".into();
        record["responseElements"] = json!({"credentials": {"accessKeyId": "ASIATOKEN"}});
        [record]
    };
    let plain = token(Value::Null);
    for what in ["iam:CreateUser", EVE, "sts:GetFederationToken", "sts:GetSessionToken"] {
        let denied = ask(&plain, "ASIATOKEN", what);
        assert_eq!(denied.code, 1, "{what}: {}", denied.out);
    }
    let denied = ask(&plain, "ASIATOKEN", EVE);
    assert!(denied.words().contains("missing a session of GetSessionToken without"), "{denied:?}");
    let allowed = ask(&plain, "ASIATOKEN", "s3:GetObject arn:aws:s3:::b/k");
    assert_eq!(allowed.code, 0, "{}", allowed.out);
    assert!(!allowed.out.contains("NotAction"), "{}", allowed.out);
    let second = token(json!({"serialNumber": "arn:aws:iam::111122223333:mfa/admin"}));
    assert_eq!(ask(&second, "ASIATOKEN", EVE).code, 0);
    assert_eq!(ask(&second, "ASIATOKEN", "sts:GetSessionToken").code, 1);
}

#[test]
fn a_session_that_has_ended_may_do_nothing_any_more() {
    let calls = [begun("10:00:00", "AssumeRoleWithWebIdentity", "ASIAONE", json!({}))];
    let code =
        |who: &str, time: &str| ask(&calls, who, &format!("{EVE} --at 2026-03-01T{time}Z")).code;
    assert_eq!((code("ASIAONE", "10:59:59"), code("ASIAONE", "11:00:00")), (0, 1));
    // Another of the name may have begun unseen.
    assert_eq!((code(SESSION, "10:59:59"), code(SESSION, "11:00:00")), (0, 3));
    let ended = ask(&calls, "ASIAONE", &format!("{EVE} --at 2026-03-01T12:00:00Z"));
    assert!(ended.out.starts_with("DENIED, since the session had ended by then"), "{ended:?}");
    assert!(ended.words().contains("was allowed by statement 1"), "{ended:?}");
    let perhaps = ask(&calls, SESSION, &format!("{EVE} --at 2026-03-01T12:00:00Z"));
    let headline = "NOT KNOWN; as far as was seen, the session had ended by then";
    assert!(perhaps.out.starts_with(headline), "{perhaps:?}");
    assert!(perhaps.words().contains("was allowed by statement 1"), "{perhaps:?}");
}

/// IAM User Guide, "IAM identifiers": a role that is made again has another unique id.
#[test]
fn a_session_of_a_role_that_was_deleted_has_nothing_of_its_namesake() {
    let mut again = call(
        "10:03:00",
        "CreateRole",
        json!({"roleName": "lambda",
        "assumeRolePolicyDocument": r#"{"Statement":[]}"#}),
    );
    again["responseElements"] = json!({"role": {"roleName": "lambda", "roleId": "AROANEWLAMBDA0000001",
        "path": "/", "arn": "arn:aws:iam::111122223333:role/lambda"}});
    let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    let policy = json!({"roleName": "lambda", "policyArn": administrator});
    let calls = [
        begun("10:00:00", "AssumeRole", "ASIAONE", json!({})),
        call("10:01:00", "DetachRolePolicy", policy.clone()),
        call("10:02:00", "DeleteRole", json!({"roleName": "lambda"})),
        again,
        call("10:04:00", "AttachRolePolicy", policy),
    ];
    for who in [SESSION, "ASIAONE"] {
        let ran = ask(&calls, who, EVE);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.said);
        assert!(ran.said.contains("not there at that time"), "{}", ran.said);
    }
    assert_eq!(ask(&calls, "ASIAONE", &format!("{EVE} --at 2026-03-01T10:00:30Z")).code, 0);
}

#[test]
fn a_deny_of_the_session_policy_is_told() {
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]});
    let calls =
        [begun("10:00:00", "AssumeRole", "ASIAONE", json!({"policy": document.to_string()}))];
    let denied = ask(&calls, "ASIAONE", EVE);
    assert_eq!(denied.code, 1, "{}", denied.out);
    assert!(denied.words().contains("denied by statement 2 of the session policy"), "{denied:?}");
    let denied = ask(&calls, "ASIAONE", "iam:CreateUser");
    assert_eq!(denied.code, 1, "{}", denied.out);
    assert!(denied.words().contains("limited by statement 2 of the session policy"), "{denied:?}");
    assert!(denied.out.starts_with("DENIED, by a statement"), "{}", denied.out);
}
