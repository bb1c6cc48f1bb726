//! An account of a few users and roles, with something to put right in each, and findings about it.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Ran, run};

pub(crate) const ACCOUNT: &str = "111122223333";

/// The arguments that name the account's files, as they were at noon.
pub(crate) const BASELINE: &str = "--baseline details.json report.csv keys.json 111122223333=passwords.json --baseline-time 2026-06-01T12:00:00Z";

const REPORT: &str = "\
user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated
alice,arn:aws:iam::111122223333:user/alice,2025-01-01T00:00:00+00:00,true,2026-05-30T00:00:00+00:00,2025-01-01T00:00:00+00:00,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
bob,arn:aws:iam::111122223333:user/bob,2025-01-01T00:00:00+00:00,true,2026-05-30T00:00:00+00:00,2025-01-01T00:00:00+00:00,N/A,false,true,2025-02-01T00:00:00+00:00,2025-03-01T00:00:00+00:00,eu-west-1,s3,true,2026-05-01T00:00:00+00:00,2026-05-30T00:00:00+00:00,eu-west-1,s3,false,N/A,false,N/A
";

fn arn(what: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{what}")
}

fn user(name: &str, groups: &[&str], policies: &Value) -> Value {
    json!({
        "Path": "/", "UserName": name, "UserId": format!("AIDA{}", name.to_uppercase()),
        "Arn": arn(&format!("user/{name}")), "CreateDate": "2025-01-01T00:00:00Z",
        "GroupList": groups, "UserPolicyList": [], "AttachedManagedPolicies": policies, "Tags": [],
    })
}

fn role(name: &str, principal: &Value) -> Value {
    json!({
        "Path": "/", "RoleName": name, "RoleId": format!("AROA{}", name.to_uppercase()),
        "Arn": arn(&format!("role/{name}")), "CreateDate": "2025-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Principal": { "AWS": arn("user/alice") }, "Action": "sts:AssumeRole" },
            { "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" },
        ] },
        "InstanceProfileList": [], "RolePolicyList": [], "AttachedManagedPolicies": [], "Tags": [],
    })
}

fn details() -> Value {
    let administrator = json!([{
        "PolicyName": "AdministratorAccess",
        "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
    }]);
    let all = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "Logs", "Effect": "Allow", "Action": "logs:Get*", "Resource": "*" },
        { "Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*" },
    ] });
    json!({
        "UserDetailList": [user("alice", &[], &administrator), user("bob", &["ops"], &json!([]))],
        "GroupDetailList": [{
            "Path": "/", "GroupName": "ops", "GroupId": "AGPAOPS", "Arn": arn("group/ops"),
            "CreateDate": "2025-01-01T00:00:00Z", "AttachedManagedPolicies": [],
            "GroupPolicyList": [{ "PolicyName": "too much; rm -rf $HOME", "PolicyDocument": all }],
        }],
        "RoleDetailList": [role("partner", &json!({ "AWS": "arn:aws:iam::999988887777:root" }))],
        "Policies": [],
    })
}

/// Writes what the AWS CLI printed of the account.
pub(crate) fn write(folder: &Path) {
    let put = |name: &str, value: &Value| {
        std::fs::write(folder.join(name), value.to_string()).unwrap();
    };
    put("details.json", &details());
    std::fs::write(folder.join("report.csv"), REPORT).unwrap();
    let key = |id: &str, made: &str| json!({ "UserName": "bob", "AccessKeyId": id, "Status": "Active", "CreateDate": made });
    put(
        "keys.json",
        &json!({ "AccessKeyMetadata": [
        key("AKIABOBSNEWKEY", "2026-05-01T00:00:00Z"), key("AKIABOBSOLDKEY", "2025-02-01T00:00:00Z"),
    ] }),
    );
    put(
        "passwords.json",
        &json!({ "PasswordPolicy": { "MinimumPasswordLength": 8,
        "RequireSymbols": false, "RequireNumbers": true, "RequireUppercaseCharacters": false,
        "RequireLowercaseCharacters": false, "AllowUsersToChangePassword": true,
        "ExpirePasswords": false } }),
    );
}

/// Writes what `assess` says of it.
pub(crate) fn assess(folder: &Path) {
    write(folder);
    let ran = run(folder, &format!("assess {BASELINE} --json --output findings.json"));
    assert_eq!(ran.code, 3, "{}", ran.said);
}

/// A finding of `scan` about something.
pub(crate) fn finding(id: &str, rule: &str, target: Value, remediation: &[&str]) -> Value {
    let nobody = json!({ "kind": null, "arn": null, "id": null, "name": null, "account": null,
        "session": null, "access_key": null, "address": null });
    let mut party = nobody.clone();
    party.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
    json!({
        "schema": "trailwarden.finding/1", "id": id, "rule": rule, "title": rule, "risk": "",
        "explanation": "", "supersedes": [], "kind": "detection", "severity": "high",
        "confidence": "high", "status": "open", "outcome": "succeeded", "account": ACCOUNT,
        "region": null, "first_time": "2026-05-01T00:00:00Z", "last_time": "2026-05-01T00:00:00Z",
        "actor": nobody, "target": party, "evidence": [], "evidence_total": 0, "effect": null,
        "authorized": { "verdict": "unknown", "by": [] }, "attack": [], "false_positives": [],
        "remediation": remediation,
    })
}

/// Plans for findings of `scan`.
pub(crate) fn plan(folder: &Path, findings: &[Value], more: &str) -> Ran {
    write(folder);
    let lines: Vec<String> = findings.iter().map(Value::to_string).collect();
    std::fs::write(folder.join("findings.ndjson"), lines.join("\n")).unwrap();
    run(folder, &format!("remediate plan --findings findings.ndjson --all {BASELINE} {more}"))
}

/// What became of one finding.
pub(crate) fn outcome(ran: &Ran, id: &str) -> Value {
    let all = ran.json()["findings"].as_array().unwrap().clone();
    all.into_iter().find(|one| one["finding"] == id).unwrap()
}
