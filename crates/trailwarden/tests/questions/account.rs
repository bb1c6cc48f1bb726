//! An account to ask about: what AWS said of it, and some calls.

use std::path::Path;

use serde_json::{Value, json};

/// The account of nearly all tests.
pub(crate) const ACCOUNT: &str = "111122223333";

/// A policy document with one statement that allows.
pub(crate) fn allow(actions: &[&str], resource: &str) -> Value {
    policy(json!({"Effect": "Allow", "Action": actions, "Resource": resource}))
}

/// A policy document of one statement.
pub(crate) fn policy(statement: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// A user as `get-account-authorization-details` shows it.
pub(crate) fn user(name: &str, inline: Value, attached: &[&str], groups: &[&str]) -> Value {
    json!({
        "Path": "/", "UserName": name, "UserId": id("AIDA", name),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"), "CreateDate": "2026-01-01T00:00:00Z",
        "UserPolicyList": inlined(inline), "GroupList": groups,
        "AttachedManagedPolicies": attached_list(attached), "Tags": [],
    })
}

/// A role.
pub(crate) fn role(name: &str, trusted: Value, inline: Value, attached: &[&str]) -> Value {
    let trust = policy(json!({
        "Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"
    }));
    json!({
        "Path": "/", "RoleName": name, "RoleId": id("AROA", name),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"), "CreateDate": "2026-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": trust, "InstanceProfileList": [],
        "RolePolicyList": inlined(inline), "AttachedManagedPolicies": attached_list(attached),
        "Tags": [],
    })
}

fn id(prefix: &str, name: &str) -> String {
    let letters: String = name.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{prefix}{letters:X<17}")
}

fn inlined(inline: Value) -> Value {
    let named = inline.as_object().cloned().unwrap_or_default();
    let list = named
        .into_iter()
        .map(|(name, document)| json!({"PolicyName": name, "PolicyDocument": document}));
    list.collect()
}

fn attached_list(arns: &[&str]) -> Value {
    let list =
        arns.iter().map(|arn| json!({"PolicyName": arn.rsplit('/').next(), "PolicyArn": arn}));
    list.collect()
}

/// Alice and bob, an administrator, a group and some roles: `account.json`.
pub(crate) fn put_account(folder: &Path) {
    let mfa = policy(json!({
        "Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    }));
    let app = format!("arn:aws:iam::{ACCOUNT}:role/app");
    let alice = user(
        "alice",
        json!({"machines": mfa, "enter": allow(&["sts:AssumeRole"], "*")}),
        &[],
        &["readers"],
    );
    let mut bob = user("bob", json!({}), &["arn:aws:iam::aws:policy/AdministratorAccess"], &[]);
    let cap = format!("arn:aws:iam::{ACCOUNT}:policy/cap");
    bob["PermissionsBoundary"] =
        json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": cap});
    let admin = user("admin", json!({}), &["arn:aws:iam::aws:policy/AdministratorAccess"], &[]);
    let helper = user(
        "helper",
        json!({"keys": allow(&["iam:CreateAccessKey"], &format!("arn:aws:iam::{ACCOUNT}:user/a*"))}),
        &[],
        &[],
    );
    let readers = json!({
        "Path": "/", "GroupName": "readers", "GroupId": id("AGPA", "readers"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:group/readers"), "CreateDate": "2026-01-01T00:00:00Z",
        "GroupPolicyList": inlined(json!({
            "reports": allow(&["s3:GetObject"], "arn:aws:s3:::reports/*")
        })),
        "AttachedManagedPolicies": [],
    });
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let roles = [
        role("app", json!({"AWS": root}), json!({"pass": allow(&["iam:PassRole"], &app)}), &[]),
        role(
            "lambda",
            json!({"Service": "lambda.amazonaws.com"}),
            json!({}),
            &["arn:aws:iam::aws:policy/AdministratorAccess"],
        ),
    ];
    let details = json!({
        "UserDetailList": [alice, bob, admin, helper], "GroupDetailList": [readers],
        "RoleDetailList": roles,
        "Policies": [{
            "PolicyName": "cap", "PolicyId": id("ANPA", "cap"), "Arn": cap, "Path": "/",
            "DefaultVersionId": "v1", "AttachmentCount": 0, "IsAttachable": true,
            "CreateDate": "2026-01-01T00:00:00Z", "UpdateDate": "2026-01-01T00:00:00Z",
            "PolicyVersionList": [{
                "VersionId": "v1", "IsDefaultVersion": true, "CreateDate": "2026-01-01T00:00:00Z",
                "Document": allow(&["s3:*"], "*"),
            }],
        }],
    });
    std::fs::write(folder.join("account.json"), details.to_string()).unwrap();
}

/// One call of IAM at a time of 1 March 2026, by the user `admin`.
pub(crate) fn call(time: &str, name: &str, request: Value) -> Value {
    call_in(ACCOUNT, time, name, request)
}

/// The same in an account.
pub(crate) fn call_in(account: &str, time: &str, name: &str, request: Value) -> Value {
    let number: String = time.chars().filter(char::is_ascii_digit).collect();
    json!({
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAADMINXXXXXXXXXXXX", "accountId": account,
            "arn": format!("arn:aws:iam::{account}:user/admin"), "userName": "admin",
        },
        "eventTime": format!("2026-03-01T{time}Z"), "eventSource": "iam.amazonaws.com",
        "eventName": name, "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.9",
        "userAgent": "aws-cli/2", "requestParameters": request, "responseElements": null,
        "eventID": format!("{number:0>8}-0000-4000-8000-{account}"), "eventType": "AwsApiCall",
        "recipientAccountId": account,
    })
}

/// Writes calls to `logs.json`.
pub(crate) fn put_calls(folder: &Path, calls: &[Value]) {
    std::fs::write(folder.join("logs.json"), json!({"Records": calls}).to_string()).unwrap();
}
