//! What stays of policies, and why.

use std::path::Path;

use expect_test::expect;
use serde_json::{Value, json};

use crate::account::{ACCOUNT, calls, details, put, records, session, user};
use crate::support::{Ran, check_schema, folder, run};

const BY: &str = "--baseline account.json --logs log.json --quiet";

fn ran(line: &str, calls: &[(Value, &str)]) -> Ran {
    let folder = folder();
    put(folder.path(), &details(), &records(calls));
    run(folder.path(), &format!("least-privilege {line} {BY}"))
}

fn policy<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let all = answer["accounts"][0]["policies"].as_array().unwrap();
    all.iter().find(|one| one["name"].as_str().unwrap().ends_with(name)).unwrap()
}

fn actions(policy: &Value) -> Vec<String> {
    let statements = policy["after"]["Statement"].as_array().unwrap();
    let all =
        statements.iter().filter(|one| one["Effect"] == "Allow").flat_map(
            |one| match &one["Action"] {
                Value::Array(all) => all.clone(),
                one => vec![one.clone()],
            },
        );
    all.map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_role_keeps_what_its_sessions_used() {
    let ran = ran("role/app", &calls());
    assert_eq!(ran.code, 3, "{}", ran.said);
    expect![[r#"
        Account 111122223333, observed from 2026-01-01 10:00:00 UTC to 2026-01-09
          10:00:00 UTC: 9 days, 9 of them with records

        inline policy work of role/app
          ~ statement 1 Roles: iam:* becomes iam:GetRole, iam:ListRoles
          ~ statement 4 Idle: organizations:*, ec2:RunInstances goes
          - 252 actions are dropped: ec2:RunInstances, iam:AcceptDelegationRequest,
            iam:AddClientIDToOpenIDConnectProvider, iam:AddRoleToInstanceProfile,
            iam:AddUserToGroup, iam:AssociateDelegationRequest, iam:AttachGroupPolicy,
            iam:AttachRolePolicy, iam:AttachUserPolicy, iam:ChangePassword,
            iam:CreateAccessKey, iam:CreateAccountAlias and 240 more
          ? all of s3 stays: the logs may not hold its data events

        AWS's own policy arn:aws:iam::aws:policy/IAMReadOnlyAccess of role/app
          ~ statement 1: iam:GenerateCredentialReport,
            iam:GenerateServiceLastAccessedDetails, iam:Get*, iam:List*,
            iam:SimulateCustomPolicy, iam:SimulatePrincipalPolicy becomes iam:GetRole,
            iam:ListRoles
          AWS's own policies cannot be changed: a new one takes its place
          - 74 actions are dropped: iam:GenerateCredentialReport,
            iam:GenerateServiceLastAccessedDetails, iam:GetAccessKeyLastUsed,
            iam:GetAccountAuthorizationDetails, iam:GetAccountEmailAddress,
            iam:GetAccountName, iam:GetAccountPasswordPolicy, iam:GetAccountProperties,
            iam:GetAccountSummary, iam:GetCloudFrontPublicKey,
            iam:GetContextKeysForCustomPolicy, iam:GetContextKeysForPrincipalPolicy and
            62 more

        role/app
          used 3 actions in 3 calls: iam:GetRole, iam:ListRoles, s3:GetObject
          grade privesc (conditional) -> write
          - may no longer change the content of managed policy `role`, where
              `aws:SecureTransport` is `true`
          - may no longer write inline policies of user `role`, where
              `aws:SecureTransport` is `true`
          - may no longer write inline policies of any role of account `111122223333`,
              where `aws:SecureTransport` is `true`
          - may no longer write inline policies of group `role`, where
              `aws:SecureTransport` is `true`
          - may no longer attach policies to user `role`, where `aws:SecureTransport` is
              `true`
          - may no longer attach policies to any role of account `111122223333`, where
              `aws:SecureTransport` is `true`
          - may no longer attach policies to group `role`, where `aws:SecureTransport`
              is `true`
          - may no longer 225 more actions: ec2:RunInstances,
              iam:AcceptDelegationRequest, iam:AddClientIDToOpenIDConnectProvider,
              iam:AddRoleToInstanceProfile, ...
          - ways to more permissions that are closed: iam-001 (iam:CreatePolicyVersion),
            iam-002 (iam:CreateAccessKey), iam-004 (iam:CreateLoginProfile), iam-005
            (iam:PutRolePolicy), iam-006 (iam:UpdateLoginProfile), iam-007
            (iam:PutUserPolicy), iam-008 (iam:AttachUserPolicy), iam-009
            (iam:AttachRolePolicy), iam-010 (iam:AttachGroupPolicy), iam-011
            (iam:PutGroupPolicy), iam-012 (iam:UpdateAssumeRolePolicy), iam-013
            (iam:AddUserToGroup) and 7 more

        By records from 2026-01-01 10:00:00 UTC to 2026-01-09 10:00:00 UTC and a
        baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
}

/// Source: AWS CloudTrail User Guide, "CloudTrail record contents" (`errorCode`).
#[test]
fn a_refused_call_is_no_use_and_the_rest_stays_as_it_was() {
    let ran = ran("role/app --data-events s3 --json", &calls());
    let answer = ran.json();
    check_schema("least-privilege", &answer);
    let work = policy(&answer, "work");
    let kept = actions(work);
    assert!(
        kept.iter().any(|one| one == "iam:GetRole") && kept.iter().any(|one| one == "s3:GetObject")
    );
    assert!(!kept.iter().any(|one| one == "iam:CreateUser" || one == "s3:PutObject"), "{kept:?}");
    assert_eq!(work["statements"], json!(["narrowed", "narrowed", "whole", "gone"]));
    let (before, after) = (&work["before"]["Statement"], &work["after"]["Statement"]);
    assert_eq!(after[0]["Condition"], before[0]["Condition"]);
    assert_eq!(after[0]["Resource"], before[0]["Resource"]);
    assert_eq!(after[2], before[2]);
    let effect = &answer["accounts"][0]["principals"][0]["effect"];
    assert_eq!(effect["gained"], json!([]));
}

#[test]
fn services_whose_data_events_may_be_missing_stay_whole() {
    let answer = ran("role/app --json", &calls()).json();
    let work = policy(&answer, "work");
    assert!(actions(work).contains(&"s3:*".to_owned()));
    assert_eq!(work["kept"]["s3"], json!(["the logs may not hold its data events"]));
}

/// Source: IAM User Guide, "Managed policies and inline policies": a managed policy counts for all who hold it.
#[test]
fn a_shared_policy_keeps_what_any_holder_used() {
    let answer = ran("alice --json", &calls()).json();
    let shared = policy(&answer, "policy/shared");
    assert_eq!(shared["counted"], json!(["user/alice", "user/bob"]));
    let kept = actions(shared);
    assert!(kept.contains(&"iam:GetUser".to_owned()), "{kept:?}");
    assert!(kept.contains(&"ec2:DescribeInstances".to_owned()), "{kept:?}");
    // Bob's call was refused.
    assert!(!kept.contains(&"iam:GetRole".to_owned()), "{kept:?}");
}

#[test]
fn a_policy_that_bounds_somebody_is_left_alone() {
    let folder = folder();
    let mut details = details();
    details["UserDetailList"][0]["PermissionsBoundary"] = json!({
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": details["Policies"][0]["Arn"] });
    put(folder.path(), &details, &records(&calls()));
    let answer = run(folder.path(), &format!("least-privilege alice --json {BY}")).json();
    let shared = policy(&answer, "policy/shared");
    assert_eq!(shared["outcome"], "left");
    assert!(shared["reason"].as_str().unwrap().contains("boundary"));
}

#[test]
fn a_policy_is_left_alone_where_others_may_hold_it() {
    let folder = folder();
    let mut calls = calls();
    // Made after the baseline, and the record does not say which.
    calls.push((user("admin"), "iam CreateRole"));
    put(folder.path(), &details(), &records(&calls));
    let answer = run(folder.path(), &format!("least-privilege alice --json {BY}")).json();
    let shared = policy(&answer, "policy/shared");
    assert_eq!(shared["outcome"], "left");
    assert!(shared["reason"].as_str().unwrap().contains("is not known"), "{}", shared["reason"]);
}

/// Source: AWS CloudTrail User Guide, "Understanding multi-Region trails and opt-in Regions".
#[test]
fn a_trail_of_one_region_is_told() {
    let folder = folder();
    let trails = json!({ "trailList": [{ "Name": "one", "HomeRegion": "us-east-1",
        "TrailARN": format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/one"),
        "S3BucketName": "logs", "IsMultiRegionTrail": false }] });
    std::fs::write(folder.path().join("trails.json"), trails.to_string()).unwrap();
    put(folder.path(), &details(), &records(&calls()));
    let line = "baseline pack account.json trails.json --output account.tw";
    let packed = run(folder.path(), line);
    assert_eq!(packed.code, 0, "{}", packed.said);
    let line = "least-privilege alice --baseline account.tw --logs log.json --quiet";
    let ran = run(folder.path(), line);
    assert!(
        ran.words().contains("no trail of the baseline is known to record all regions"),
        "{}",
        ran.out
    );
}

#[test]
fn calls_that_map_to_nothing_keep_their_service() {
    let mut calls = calls();
    calls.push((session("app", "two"), "iam Invented"));
    let answer = ran("role/app --json", &calls).json();
    let work = policy(&answer, "work");
    assert!(actions(work).contains(&"iam:*".to_owned()));
    assert_eq!(work["kept"]["iam"], json!(["calls map to no known action: Invented"]));
}

/// Source: AWS CloudTrail User Guide, "Logging management events" (read-only, write-only).
#[test]
fn logs_without_reads_say_nothing_of_reading() {
    let writes = [(user("admin"), "ec2 CreateVpc"), (user("admin"), "kms CreateKey")];
    let answer = ran("alice --json", &writes).json();
    assert_eq!(policy(&answer, "policy/shared")["outcome"], "same");
}

#[test]
fn one_run_over_all_holds_each_policy_once_and_widens_nothing() {
    let folder = folder();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/accounts/vulnerable");
    let text = std::fs::read_to_string(fixtures.join("authorization-details.json")).unwrap();
    let details: Value = serde_json::from_str(&text).unwrap();
    let first = &details["UserDetailList"][0];
    let mut caller = user(first["UserName"].as_str().unwrap());
    caller["principalId"] = first["UserId"].clone();
    caller["arn"] = first["Arn"].clone();
    let log = records(&[(caller.clone(), "ec2 CreateVpc"), (caller, "iam GetRole")]);
    put(folder.path(), &details, &log);
    let line = format!("least-privilege --all --json --output out {BY}");
    let ran = run(folder.path(), &line);
    assert_eq!(ran.code, 3, "{}", ran.said);
    let answer = ran.json();
    check_schema("least-privilege", &answer);
    let principals = answer["accounts"][0]["principals"].as_array().unwrap();
    assert!(principals.len() > 200);
    for one in principals {
        assert_eq!(one["effect"]["gained"], json!([]), "{one}");
    }
    let policies = answer["accounts"][0]["policies"].as_array().unwrap();
    let narrowed = policies.iter().filter(|one| one["outcome"] == "narrowed").count();
    let files = std::fs::read_dir(folder.path().join("out").join(ACCOUNT)).unwrap().count();
    assert!(narrowed > 0 && files == narrowed, "{files} files of {narrowed}");
}

#[test]
fn who_cannot_be_asked_about_is_told() {
    let folder = folder();
    put(folder.path(), &details(), &records(&calls()));
    for (line, words) in [
        ("least-privilege root", "root user"),
        ("least-privilege group/devs", "is a group"),
        ("least-privilege nobody", "no principal"),
        ("least-privilege alice --data-events nothing", "no such service"),
    ] {
        let ran = run(folder.path(), &format!("{line} {BY}"));
        assert!(ran.code == 2 && ran.said.contains(words), "{line}: {}", ran.said);
    }
    let ran = run(folder.path(), "least-privilege alice --baseline account.json");
    assert!(ran.code == 2 && ran.said.contains("--logs"), "{}", ran.said);
}

#[test]
fn short_logs_are_warned_of() {
    let folder = folder();
    put(folder.path(), &details(), &records(&calls()));
    let line = "least-privilege alice --baseline account.json --logs log.json";
    let ran = run(folder.path(), line);
    assert!(ran.said.contains("observed for 9 days only"), "{}", ran.said);
}

#[test]
fn logs_with_gaps_are_warned_of() {
    let folder = folder();
    let mut log = records(&calls());
    log["Records"][8]["eventTime"] = "2026-06-01T10:00:00Z".into();
    put(folder.path(), &details(), &log);
    let line = "least-privilege alice --baseline account.json --logs log.json";
    let ran = run(folder.path(), line);
    assert!(ran.said.contains("hold records of 9 days only, of 152"), "{}", ran.said);
}

/// Source: IAM User Guide, "IAM identifiers": names may hold `-`, so that alone does not part them.
#[test]
fn no_two_documents_share_a_file() {
    let folder = folder();
    let mut details = details();
    let mut twin = details["UserDetailList"][1].clone();
    for (user, holder, policy) in [(1, "al", "ice-own"), (2, "al-ice", "own")] {
        twin["UserName"] = holder.into();
        twin["UserId"] = format!("AIDA{user}").into();
        twin["Arn"] = format!("arn:aws:iam::{ACCOUNT}:user/{holder}").into();
        twin["AttachedManagedPolicies"] = json!([]);
        twin["UserPolicyList"] = json!([{ "PolicyName": policy, "PolicyDocument": {
            "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": ["iam:Get*", "s3:*"], "Resource": "*" }] } }]);
        details["UserDetailList"].as_array_mut().unwrap().push(twin.clone());
    }
    put(folder.path(), &details, &records(&calls()));
    let ran = run(folder.path(), &format!("least-privilege --all --output out {BY}"));
    assert_eq!(ran.code, 3, "{}", ran.said);
    for name in ["user-al~ice-own.json", "user-al-ice~own.json"] {
        assert!(folder.path().join("out").join(ACCOUNT).join(name).exists(), "{name}");
    }
}

#[test]
fn the_incident_of_the_examples_is_worked_out() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/incident");
    let ran = run(&examples, "least-privilege --all --logs . --quiet");
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert!(ran.words().contains("observed from"), "{}", ran.out);
}
