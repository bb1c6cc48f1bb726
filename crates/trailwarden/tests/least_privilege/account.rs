//! A small account, and logs of what was called in it.

use std::path::Path;

use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";

/// Its `get-account-authorization-details`: an administrator, a role with an inline policy and one of AWS's
/// own, two users who share a policy, and a group with one member.
pub(crate) fn details() -> Value {
    let created = "2026-01-01T00:00:00Z";
    let arn = |rest: &str| format!("arn:aws:iam::{ACCOUNT}:{rest}");
    let document = |actions: Value, resource: &str| {
        json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": "Given", "Effect": "Allow", "Action": actions, "Resource": resource }] })
    };
    let shared = json!([{ "PolicyName": "shared", "PolicyArn": arn("policy/shared") }]);
    let user = |name: &str, groups: Value, inline: Value, attached: Value| {
        json!({ "UserName": name, "Path": "/", "UserId": format!("AIDA{}", name.to_uppercase()),
            "Arn": arn(&format!("user/{name}")), "CreateDate": created, "GroupList": groups,
            "UserPolicyList": inline, "AttachedManagedPolicies": attached, "Tags": [] })
    };
    let work = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "Roles", "Effect": "Allow", "Action": ["iam:*"],
            "Resource": format!("arn:aws:iam::{ACCOUNT}:role/*"),
            "Condition": { "Bool": { "aws:SecureTransport": "true" } } },
        { "Sid": "Objects", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/*" },
        { "Sid": "Never", "Effect": "Deny", "Action": "iam:DeleteRole", "Resource": "*" },
        { "Sid": "Idle", "Effect": "Allow", "Action": ["organizations:*", "ec2:RunInstances"],
            "Resource": "*" }] });
    json!({
        "UserDetailList": [
            user("admin", json!([]), json!([]), json!([{ "PolicyName": "AdministratorAccess",
                "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess" }])),
            user("alice", json!([]), json!([]), shared.clone()),
            user("bob", json!(["devs"]), json!([]), shared),
        ],
        "GroupDetailList": [{ "GroupName": "devs", "GroupId": "AGPADEVS", "Path": "/",
            "Arn": arn("group/devs"), "CreateDate": created, "AttachedManagedPolicies": [],
            "GroupPolicyList": [{ "PolicyName": "group-own",
                "PolicyDocument": document(json!(["ec2:Describe*"]), "*") }] }],
        "RoleDetailList": [{ "RoleName": "app", "RoleId": "AROAAPP", "Path": "/", "Arn": arn("role/app"),
            "CreateDate": created, "InstanceProfileList": [], "Tags": [],
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
                "Principal": { "AWS": arn("root") }, "Action": "sts:AssumeRole" }] },
            "RolePolicyList": [{ "PolicyName": "work", "PolicyDocument": work }],
            "AttachedManagedPolicies": [{ "PolicyName": "IAMReadOnlyAccess",
                "PolicyArn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess" }] }],
        "Policies": [{ "PolicyName": "shared", "PolicyId": "ANPASHARED", "Arn": arn("policy/shared"),
            "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": 2, "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": true, "CreateDate": created, "UpdateDate": created,
            "PolicyVersionList": [{ "VersionId": "v1", "IsDefaultVersion": true, "CreateDate": created,
                "Document": document(json!(["iam:Get*", "ec2:Describe*"]), "*") }] }],
    })
}

/// Who calls.
pub(crate) fn user(name: &str) -> Value {
    json!({ "type": "IAMUser", "principalId": format!("AIDA{}", name.to_uppercase()),
        "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"), "accountId": ACCOUNT, "userName": name })
}

/// A session of a role.
pub(crate) fn session(role: &str, name: &str) -> Value {
    let id = format!("AROA{}", role.to_uppercase());
    json!({ "type": "AssumedRole", "principalId": format!("{id}:{name}"),
        "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}"), "accountId": ACCOUNT,
        "sessionContext": { "sessionIssuer": { "type": "Role", "principalId": id,
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/{role}"), "accountId": ACCOUNT,
            "userName": role } } })
}

/// One call a day from the first of January on; a last word `denied` says that it was refused.
pub(crate) fn records(calls: &[(Value, &str)]) -> Value {
    let records = calls.iter().enumerate().map(|(at, (who, call))| {
        let mut words = call.split(' ');
        let (service, name) = (words.next().unwrap(), words.next().unwrap());
        let mut record = json!({ "eventVersion": "1.08", "userIdentity": who,
            "eventTime": format!("2026-01-{:02}T10:00:00Z", at + 1),
            "eventSource": format!("{service}.amazonaws.com"), "eventName": name,
            "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.9", "userAgent": "aws-cli",
            "requestParameters": null, "responseElements": null,
            "eventID": format!("00000000-0000-0000-0000-{at:012}"), "eventType": "AwsApiCall",
            "recipientAccountId": ACCOUNT });
        if words.next() == Some("denied") {
            record["errorCode"] = "AccessDenied".into();
            record["errorMessage"] = "not authorized".into();
        }
        record
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

/// What was called in it.
pub(crate) fn calls() -> Vec<(Value, &'static str)> {
    vec![
        (session("app", "one"), "iam GetRole"),
        (session("app", "two"), "iam ListRoles"),
        (session("app", "two"), "iam CreateUser denied"),
        (session("app", "two"), "s3 GetObject"),
        (user("alice"), "iam GetUser"),
        (user("bob"), "ec2 DescribeInstances"),
        (user("bob"), "iam GetRole denied"),
        (user("admin"), "ec2 CreateVpc"),
        (user("admin"), "kms ListKeys"),
    ]
}

/// Writes both into a folder: `account.json` and `log.json`.
pub(crate) fn put(folder: &Path, details: &Value, records: &Value) {
    std::fs::write(folder.join("account.json"), details.to_string()).unwrap();
    std::fs::write(folder.join("log.json"), records.to_string()).unwrap();
}
