//! What is foreseen of plans, and that nothing of it is hidden.

mod account;
mod anew;
mod lists;
mod stops;
mod used;
mod ways;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::{expect, expect_file};
use serde_json::{Value, json};
use trailwarden_remedy::calls;
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::LostWhen;

use account::{Account, allow, arn, deny, named, plan};

/// What is foreseen of calls, by the lines for a reader and what is behind them.
fn foreseen(calls: &[(&str, Value)]) -> Foreseen {
    Account::new().foresee(&plan(calls))
}

fn lines(calls: &[(&str, Value)]) -> String {
    foreseen(calls).lines().join("\n")
}

const SHARED: &str = "arn:aws:iam::111122223333:policy/shared";
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// What a role keeps by a policy that nobody has seen, nobody knows.
#[test]
fn what_nobody_has_seen_of_who_loses_is_told() {
    let hidden = arn("policy/hidden");
    let detach = [("iam:DetachRolePolicy", json!({"RoleName": "night", "PolicyArn": ADMIN}))];
    let told = Account::with_role("night", &[ADMIN, &hidden]).foresee(&plan(&detach));
    let is_told = |unknowns: &[String]| {
        unknowns.iter().any(|one| one.starts_with(&format!("{hidden} of role/night: ")))
    };
    assert!(is_told(&told.unknowns), "{:?}", told.unknowns);
    assert!(is_told(told.unknown_losses.as_deref().unwrap_or(&told.unknowns)));
    assert!(told.lines().iter().any(|line| line.contains("NOT KNOWN") && line.contains(&hidden)));
    let seen = Account::with_role("night", &[ADMIN, SHARED]).foresee(&plan(&detach));
    assert!(seen.unknowns.is_empty(), "{:?}", seen.unknowns);
    // Denied everything, it has nothing by that policy either.
    let denied = [(
        "iam:PutRolePolicy",
        json!({"RoleName": "night", "PolicyName": "no", "PolicyDocument": deny("*")}),
    )];
    let told = Account::with_role("night", &[ADMIN, &hidden]).foresee(&plan(&denied));
    assert!(!is_told(&told.unknowns), "{:?}", told.unknowns);
}

/// A call of each row of the table, on an account where it means something.
fn of_each_row() -> Vec<(&'static str, Value)> {
    let policy = |name: &str| json!({"PolicyName": name});
    let mut all = vec![
        (
            "iam:PutUserPolicy",
            json!({"PolicyDocument": deny("*"), "UserName": "bob", "PolicyName": "no"}),
        ),
        ("iam:DeleteUserPolicy", json!({"UserName": "carol", "PolicyName": "own"})),
        ("iam:AttachUserPolicy", json!({"UserName": "carol", "PolicyArn": ADMIN})),
        ("iam:DetachUserPolicy", json!({"UserName": "alice", "PolicyArn": ADMIN})),
        (
            "iam:PutGroupPolicy",
            json!({"GroupName": "ops", "PolicyName": "work", "PolicyDocument": allow("logs:Get*")}),
        ),
        ("iam:DeleteGroupPolicy", json!({"GroupName": "ops", "PolicyName": "work"})),
        ("iam:AttachGroupPolicy", json!({"GroupName": "ops", "PolicyArn": SHARED})),
        ("iam:DetachGroupPolicy", json!({"GroupName": "readers", "PolicyArn": SHARED})),
        (
            "iam:PutRolePolicy",
            json!({"RoleName": "app", "PolicyName": "own", "PolicyDocument": allow("sqs:*")}),
        ),
        ("iam:DeleteRolePolicy", json!({"RoleName": "app", "PolicyName": "own"})),
        ("iam:AttachRolePolicy", json!({"RoleName": "partner", "PolicyArn": SHARED})),
        ("iam:DetachRolePolicy", json!({"RoleName": "app", "PolicyArn": SHARED})),
        ("iam:CreatePolicy", json!({"PolicyName": "new", "PolicyDocument": allow("sqs:*")})),
        ("iam:DeletePolicy", json!({"PolicyArn": arn("policy/unused")})),
        (
            "iam:CreatePolicyVersion",
            json!({"PolicyArn": SHARED, "PolicyDocument": allow("sqs:*"), "SetAsDefault": true}),
        ),
        ("iam:SetDefaultPolicyVersion", json!({"PolicyArn": SHARED, "VersionId": "v1"})),
        ("iam:DeletePolicyVersion", json!({"PolicyArn": SHARED, "VersionId": "v1"})),
        (
            "iam:PutUserPermissionsBoundary",
            json!({"UserName": "alice", "PermissionsBoundary": SHARED}),
        ),
        ("iam:DeleteUserPermissionsBoundary", json!({"UserName": "carol"})),
        (
            "iam:PutRolePermissionsBoundary",
            json!({"RoleName": "app", "PermissionsBoundary": arn("policy/limits")}),
        ),
        ("iam:DeleteRolePermissionsBoundary", json!({"RoleName": "partner"})),
        (
            "iam:UpdateAssumeRolePolicy",
            json!({"RoleName": "partner", "PolicyDocument": account::trust(&json!({"AWS": arn("user/alice")}))}),
        ),
        ("iam:CreateAccessKey", json!({"UserName": "bob"})),
        (
            "iam:UpdateAccessKey",
            json!({"UserName": "bob", "AccessKeyId": "AKIABOBONE", "Status": "Inactive"}),
        ),
        ("iam:DeleteAccessKey", json!({"UserName": "bob", "AccessKeyId": "AKIABOBONE"})),
        ("iam:AddUserToGroup", json!({"UserName": "carol", "GroupName": "ops"})),
        ("iam:RemoveUserFromGroup", json!({"UserName": "bob", "GroupName": "ops"})),
        ("iam:UpdateUser", json!({"UserName": "bob", "NewUserName": "robert"})),
        ("iam:UpdateGroup", json!({"GroupName": "ops", "NewGroupName": "operators"})),
        ("iam:TagUser", json!({"UserName": "bob", "Tags": [{"Key": "team", "Value": "ops"}]})),
        ("iam:UntagUser", json!({"UserName": "bob", "TagKeys": ["team"]})),
        ("iam:TagRole", json!({"RoleName": "app", "Tags": [{"Key": "team", "Value": "ops"}]})),
        ("iam:UntagRole", json!({"RoleName": "app", "TagKeys": ["team"]})),
        ("iam:DeleteOpenIDConnectProvider", json!({"OpenIDConnectProviderArn": account::OIDC})),
        ("iam:DeleteSAMLProvider", json!({"SAMLProviderArn": account::SAML})),
        (
            "iam:UpdateAccountPasswordPolicy",
            json!({"MinimumPasswordLength": 14, "MaxPasswordAge": 90, "HardExpiry": true}),
        ),
        ("iam:DeleteAccountPasswordPolicy", json!({})),
        (
            "iam:CreateLoginProfile",
            json!({"UserName": "carol", "Password": {"$made": "password"}, "PasswordResetRequired": true}),
        ),
        (
            "iam:UpdateLoginProfile",
            json!({"UserName": "bob", "Password": {"$made": "password"}, "PasswordResetRequired": true}),
        ),
        ("iam:DeleteLoginProfile", json!({"UserName": "bob"})),
        ("s3:CreateBucket", json!({"Bucket": "logs"})),
        ("s3:PutBucketPolicy", json!({"Bucket": "logs", "Policy": deny("s3:*")})),
        ("s3:DeleteBucketPolicy", json!({"Bucket": "logs"})),
        (
            "s3:PutPublicAccessBlock",
            json!({"Bucket": "logs", "PublicAccessBlockConfiguration": {}}),
        ),
        ("s3:DeletePublicAccessBlock", json!({"Bucket": "logs"})),
    ];
    let trails = [
        "CreateTrail",
        "DeleteTrail",
        "StartLogging",
        "StopLogging",
        "UpdateTrail",
        "PutEventSelectors",
    ];
    all.extend(trails.map(|name| (named(&format!("cloudtrail:{name}")), policy("trail"))));
    all
}

/// Every call that a plan may make, with what a reader is told of it. The file is for reading: a call that
/// takes something away and tells of nobody is the worst fault there is.
#[test]
fn every_call_of_the_table_is_told() {
    let all = of_each_row();
    let table: BTreeSet<String> =
        calls::all().map(|call| format!("{}:{}", call.service, call.operation)).collect();
    let tested: BTreeSet<String> = all.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(table, tested, "each row has a call here");
    let mut text = String::new();
    for (name, input) in all {
        let told = lines(&[(name, input)]).replace('\n', "\n  ");
        writeln!(text, "{name}\n  {told}").unwrap();
    }
    expect_file!["tests/rows.txt"].assert_eq(&text);
}

/// What nobody folds is told as such: each call of IAM that moves access, with its operation mistaken for
/// one that no model knows.
#[test]
fn a_call_that_is_not_folded_is_never_nothing() {
    for (name, input) in of_each_row() {
        let (service, operation) = name.split_once(':').unwrap();
        if service == "cloudtrail" || operation == "CreateBucket" {
            continue;
        }
        let told = foreseen(&[(named(&format!("{service}:{operation}Planted")), input)]);
        assert!(!told.is_nothing() && told.not_foreseen.len() == 1, "{name}");
    }
}

/// A parameter that hangs on a reply that nobody can tell beforehand.
#[test]
fn what_hangs_on_an_unknown_reply_is_not_foreseen() {
    let made = json!({"$result": {"step": "1", "path": ["Bucket", "Arn"]}});
    let told = foreseen(&[
        ("s3:CreateBucket", json!({"Bucket": "logs"})),
        ("iam:AttachUserPolicy", json!({"UserName": "bob", "PolicyArn": made})),
    ]);
    assert_eq!(told.not_foreseen.len(), 1);
    let made = json!({"$result": {"step": "1", "path": ["Policy", "Arn"]}});
    let told = lines(&[
        ("iam:CreatePolicy", json!({"PolicyName": "no", "PolicyDocument": deny("s3:*")})),
        ("iam:AttachUserPolicy", json!({"UserName": "alice", "PolicyArn": made})),
    ]);
    expect![[r#"
        Takes from user/alice: full control of S3 (last used for anything 2026-05-30)
        NOT KNOWN: what of it was used, for no logs were given (--logs PATH)"#]]
    .assert_eq(&told);
}

/// IAM User Guide, "Revoke IAM role temporary security credentials": who begins a session anew loses
/// nothing, so that is told apart from permissions that are lost.
#[test]
fn sessions_that_end_are_told_apart() {
    let old = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-06-01T12:15:00Z"}}}]});
    let put = |name: &str, document: String| {
        (
            "iam:PutRolePolicy",
            json!({"RoleName": "app", "PolicyName": name, "PolicyDocument": document}),
        )
    };
    let told = foreseen(&[put("old", old.to_string())]);
    assert!(told.principals.is_empty(), "{told:?}");
    let [sessions] = told.sessions.as_slice() else { panic!("{told:?}") };
    assert_eq!(sessions.began_before, "2026-06-01T12:15:00Z");
    assert!(!sessions.lost.is_empty() && told.hits(&arn("role/app")));
    // With all denied besides, everything is lost and not only for old sessions.
    let told = foreseen(&[put("old", old.to_string()), put("all", deny("*"))]);
    let [app] = told.principals.as_slice() else { panic!("{told:?}") };
    assert_eq!((app.grade_after.as_str(), app.lost.is_empty()), ("none", false));
    assert!(told.sessions.is_empty());
}

/// IAM User Guide, "AWS global condition context keys" (`aws:MultiFactorAuthPresent`): a denial without MFA is
/// no lockout, and whether keys still work hangs on how a missing key counts.
#[test]
fn what_stays_with_a_second_factor_is_told_so() {
    let denied = |operator: &str| {
        let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny",
            "Action": "*", "Resource": "*",
            "Condition": {operator: {"aws:MultiFactorAuthPresent": "false"}}}]});
        json!({"UserName": "alice", "PolicyName": "x", "PolicyDocument": document.to_string()})
    };
    let told = foreseen(&[("iam:PutUserPolicy", denied("BoolIfExists"))]);
    assert_eq!(told.principals[0].lost_when, LostWhen::WithoutMfa);
    expect!["WITHOUT MFA, and so by an access key alone, no longer for user/alice: do everything (last used for anything 2026-05-30); with MFA all of it stays"]
        .assert_eq(&told.lines()[0]);
    let told = foreseen(&[("iam:PutUserPolicy", denied("Bool"))]);
    assert_eq!(told.principals[0].lost_when, LostWhen::SessionWithoutMfa);
    // With the policy gone nothing stays, whatever else the plan does.
    let gone = json!({"UserName": "alice", "PolicyArn": ADMIN});
    let calls = [("iam:PutUserPolicy", denied("Bool")), ("iam:DetachUserPolicy", gone)];
    let told = foreseen(&calls);
    assert_eq!(told.principals[0].lost_when, LostWhen::Always);
    assert!(told.lines()[0].starts_with("Takes from user/alice: do everything"), "{told:?}");
    // Nobody knows whether whoever enters a role has a second factor.
    let mut role = denied("BoolIfExists");
    role["RoleName"] = "app".into();
    role.as_object_mut().unwrap().remove("UserName");
    let told = foreseen(&[("iam:PutRolePolicy", role)]);
    assert_eq!(told.principals[0].lost_when, LostWhen::Always);
}

/// A plan about nothing that is known says that it does not know.
#[test]
fn an_account_that_nobody_saw_is_unknown() {
    let mut account = Account::new();
    account.forget();
    let told = account.foresee(&plan(&[("iam:DeleteLoginProfile", json!({"UserName": "bob"}))]));
    assert!(!told.is_nothing());
}
