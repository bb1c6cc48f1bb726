//! Entering roles: trust policies on one side, identity policies on the other.

use serde_json::json;

use crate::account::{allow, call_in, policy, put_account, put_calls};
use crate::support::{folder, run};

const OTHER: &str = "444455556666";

#[test]
fn trust_decides_with_the_identity_policy() {
    let folder = folder();
    put_account(folder.path());
    let ask = |line: &str| run(folder.path(), &format!("can {line} --baseline account.json"));
    let app = "sts:AssumeRole arn:aws:iam::111122223333:role/app";
    assert_eq!(ask(&format!("alice {app}")).code, 0);
    let helper = ask(&format!("helper {app}"));
    assert_eq!(helper.code, 1, "the trust names the account, and no policy of helper's allows it");
    let lambda = ask("alice sts:AssumeRole arn:aws:iam::111122223333:role/lambda");
    assert_eq!(lambda.code, 1);
    let said = "the policy of arn:aws:iam::111122223333:role/lambda does not allow it";
    assert!(lambda.words().contains(said), "{}", lambda.out);
    let gone = ask("alice sts:AssumeRole arn:aws:iam::111122223333:role/gone");
    assert_eq!(gone.code, 1, "{}", gone.out);
    let any = ask("alice sts:AssumeRole");
    assert_eq!(any.code, 0, "{}", any.out);
    assert!(any.words().contains("may enter arn:aws:iam::111122223333:role/app"), "{}", any.out);
    assert!(!any.out.contains("role/lambda"), "{}", any.out);
    let none = ask("bob sts:AssumeRole");
    assert_eq!(none.code, 3, "another account may trust him");
    assert!(none.words().contains("no role of the accounts that were read"), "{}", none.out);
}

#[test]
fn another_account_is_unknown_until_its_logs_are_read() {
    let folder = folder();
    put_account(folder.path());
    let role = format!("arn:aws:iam::{OTHER}:role/audit");
    let line = format!("can alice sts:AssumeRole {role} --baseline account.json");
    let alone = run(folder.path(), &line);
    assert_eq!(alone.code, 3);
    assert!(alone.words().contains("not known the trust policy of"), "{}", alone.out);
    assert!(alone.words().contains("allowed by statement 1 of inline policy enter"));
    let trust = |who: &str| {
        policy(json!({"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}))
    };
    let put = |who: &str| {
        let request = json!({"roleName": "audit", "path": "/",
            "assumeRolePolicyDocument": trust(who).to_string()});
        put_calls(folder.path(), &[call_in(OTHER, "10:00:00", "CreateRole", request)]);
        run(folder.path(), &format!("{line} --logs logs.json"))
    };
    let named = put("arn:aws:iam::111122223333:user/alice");
    assert_eq!(named.code, 0, "{}", named.out);
    assert!(named.out.contains("CreateRole 00100000-0000"), "{}", named.out);
    assert_eq!(put("arn:aws:iam::111122223333:user/bob").code, 1);
}

/// A session is its role's, and policies can name it.
#[test]
fn a_session_asks_as_its_role() {
    let folder = folder();
    put_account(folder.path());
    let session = "arn:aws:sts::111122223333:assumed-role/lambda/cart";
    let ran = run(folder.path(), &format!("can {session} iam:CreateUser --baseline account.json"));
    // No record shows how it began, so a session policy may limit it.
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.contains(session), "{}", ran.out);
    assert!(ran.words().contains("a session policy may limit it"), "{}", ran.out);
}

#[test]
fn a_role_that_names_somebody_lets_him_in_without_a_policy_of_his_own() {
    let folder = folder();
    let trust = policy(json!({"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::444455556666:user/dora"}}));
    put_calls(
        folder.path(),
        &[
            call_in(OTHER, "10:00:00", "CreateUser", json!({"userName": "dora", "path": "/"})),
            call_in(OTHER, "10:00:01", "CreateUser", json!({"userName": "emil", "path": "/"})),
            call_in(
                OTHER,
                "10:00:02",
                "CreateRole",
                json!({"roleName": "audit", "path": "/",
                    "assumeRolePolicyDocument": trust.to_string()}),
            ),
            call_in(
                OTHER,
                "10:00:03",
                "PutRolePolicy",
                json!({"roleName": "audit", "policyName": "read",
                    "policyDocument": allow(&["iam:ListUsers"], "*").to_string()}),
            ),
        ],
    );
    let role = format!("arn:aws:iam::{OTHER}:role/audit");
    let ask = |name: &str| {
        run(folder.path(), &format!("can {name} sts:AssumeRole {role} --logs logs.json")).code
    };
    assert_eq!((ask("dora"), ask("emil")), (0, 1));
    let who = run(folder.path(), &format!("who-can sts:AssumeRole {role} --logs logs.json"));
    assert!(who.out.contains("user/dora"), "{}", who.out);
    assert!(!who.out.contains("user/emil"), "{}", who.out);
    let list = run(folder.path(), "who-can iam:ListUsers --logs logs.json");
    assert!(
        list.words().contains("entered by arn:aws:iam::444455556666:user/dora"),
        "{}",
        list.out
    );
}
