//! Policies that are to say something else.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailwarden_account::Models;
use trailwarden_account::snapshot::{Answer, Depth, Outcome, Snapshot};
use trailwarden_model::{AccountId, Timestamp};

use super::*;

const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const OWN: &str = "arn:aws:iam::111122223333:policy/own";

fn reads() -> String {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" } ] })
    .to_string()
}

/// A role with an inline policy, and one of AWS's or of the account's.
fn snapshot(attached: &str) -> Snapshot {
    let now = Timestamp::from_seconds(1_769_947_200);
    let account = AccountId::parse("111122223333").unwrap();
    let mut snapshot = Snapshot::new(account, "aws", now, Depth::Core);
    let wide: Value = serde_json::from_str(&reads().replace("Get*", "*")).unwrap();
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "AWS": "111122223333" }, "Action": "sts:AssumeRole" }] });
    let body = json!({ "UserDetailList": [], "GroupDetailList": [], "IsTruncated": false,
        "RoleDetailList": [{ "Path": "/", "RoleName": "app", "RoleId": "AROAAPP",
            "Arn": "arn:aws:iam::111122223333:role/app", "CreateDate": "2025-01-01T00:00:00Z",
            "AssumeRolePolicyDocument": trust, "InstanceProfileList": [],
            "RolePolicyList": [{ "PolicyName": "inline", "PolicyDocument": wide }],
            "AttachedManagedPolicies": [{ "PolicyName": "attached", "PolicyArn": attached }] }],
        "Policies": [{ "PolicyName": "own", "PolicyId": "ANPAOWN", "Arn": OWN, "Path": "/",
            "DefaultVersionId": "v1", "AttachmentCount": 1, "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": true, "CreateDate": "2025-01-01T00:00:00Z",
            "UpdateDate": "2025-01-01T00:00:00Z", "PolicyVersionList": [{ "Document": wide,
                "VersionId": "v1", "IsDefaultVersion": true,
                "CreateDate": "2025-01-01T00:00:00Z" }] }] });
    let mut push = |api: &str, body: Value| {
        let (about, outcome) = (BTreeMap::new(), Outcome::Got { body });
        snapshot.push(Answer { api: api.to_owned(), region: None, about, time: now, outcome });
    };
    push("iam:GetAccountAuthorizationDetails", body);
    // These are all: nobody else is an administrator.
    let counted = json!({ "Users": 0, "Groups": 0, "Roles": 1, "Policies": 1 });
    push("iam:GetAccountSummary", json!({ "SummaryMap": counted }));
    snapshot
}

fn replaced(attached: &str, replacements: &[Replacement]) -> (Vec<String>, Vec<Option<String>>) {
    let snapshot = snapshot(attached);
    let models = Models::from_baselines(&[snapshot.baseline().unwrap()]);
    let made = replace(Known::of(&snapshot, &models, snapshot.taken), replacements);
    let steps = made.plan.into_iter().flat_map(|plan| plan.steps);
    let steps = steps.map(|step| format!("{} {}", step.operation, step.purpose)).collect();
    (steps, made.refused)
}

fn of(policy: Replacing, has_holder: bool, document: Option<String>) -> Replacement {
    let holder = has_holder.then(|| "arn:aws:iam::111122223333:role/app".to_owned());
    Replacement { holder, policy, document }
}

#[test]
fn an_inline_and_a_managed_policy_say_something_else() {
    let inline = of(Replacing::Inline("inline".to_owned()), true, Some(reads()));
    let (steps, refused) =
        replaced(OWN, &[inline, of(Replacing::Managed(OWN.to_owned()), false, Some(reads()))]);
    assert_eq!(
        steps,
        [
            "PutRolePolicy narrow the inline policy inline of app",
            "CreatePolicyVersion make a narrower version of arn:aws:iam::111122223333:policy/own",
            "SetDefaultPolicyVersion make it the default of arn:aws:iam::111122223333:policy/own",
        ]
    );
    assert_eq!(refused, [None, None]);
}

/// The role is the account's only administrator: its permissions must stay.
#[test]
fn the_last_administrator_is_a_stop_here_too() {
    let managed = || Replacing::Managed(ADMINISTRATOR.to_owned());
    for document in [Some(reads()), None] {
        let (steps, refused) = replaced(ADMINISTRATOR, &[of(managed(), true, document)]);
        assert_eq!(steps, [""; 0]);
        assert!(refused[0].as_deref().unwrap().contains("last administrator"), "{refused:?}");
    }
}

#[test]
fn one_holder_gets_a_policy_of_its_own() {
    let managed = || Replacing::Managed(OWN.to_owned());
    let (steps, _) = replaced(OWN, &[of(managed(), true, Some(reads()))]);
    assert_eq!(
        steps,
        [
            "CreatePolicy make the policy role-app-own-used",
            "AttachRolePolicy attach role-app-own-used to app",
            "DetachRolePolicy detach arn:aws:iam::111122223333:policy/own from app",
        ]
    );
    let (steps, refused) =
        replaced(OWN, &[of(managed(), true, None), of(managed(), true, Some(reads()))]);
    assert_eq!(steps, ["DetachRolePolicy detach arn:aws:iam::111122223333:policy/own from app"]);
    assert!(refused[1].as_deref().unwrap().contains("another replacement"), "{refused:?}");
}
