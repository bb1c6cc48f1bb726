//! What the account holds before the trail begins, as the AWS CLI prints it.

use serde_json::{Value, json};

use super::trail::unique;
use super::{ACCOUNT, PROVIDER, REGION, machine};

/// Before every trail.
const MADE: &str = "2026-08-01T09:00:00+00:00";
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// The answer of `aws iam get-account-authorization-details`.
pub(super) fn details() -> Value {
    let ci = json!([{
        "Effect": "Allow",
        "Principal": {"Federated": format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{PROVIDER}")},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {
            format!("{PROVIDER}:aud"): "sts.amazonaws.com",
            format!("{PROVIDER}:sub"): "repo:example-corp/platform:ref:refs/heads/main",
        }},
    }]);
    let stacks = json!([{
        "Effect": "Allow",
        "Principal": {"Service": "cloudformation.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }]);
    json!({
        "UserDetailList": machine::NAMES.iter().map(|name| user(name)).collect::<Vec<_>>(),
        "GroupDetailList": [],
        "RoleDetailList": [role("ci-deploy", ci), role("cfn-execution", stacks)],
        "Policies": [],
    })
}

fn role(name: &str, statements: Value) -> Value {
    json!({
        "Path": "/",
        "RoleName": name,
        "RoleId": unique("AROA", name),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        "CreateDate": MADE,
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        "InstanceProfileList": [],
        "RolePolicyList": [],
        "AttachedManagedPolicies": [
            {"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR},
        ],
        "Tags": [],
        "RoleLastUsed": {},
    })
}

fn user(name: &str) -> Value {
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/machines/{name}");
    let keys = ["Create", "Delete", "Update"].map(|verb| format!("iam:{verb}AccessKey"));
    let images = format!("arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}");
    let statements = json!([
        {"Sid": "OwnKeys", "Effect": "Allow", "Action": keys, "Resource": arn},
        {"Sid": "SeeOwnKeys", "Effect": "Allow", "Action": "iam:ListAccessKeys", "Resource": arn},
        {"Sid": "Images", "Effect": "Allow", "Action": "ecr:PutImage", "Resource": images},
    ]);
    json!({
        "Path": "/machines/",
        "UserName": name,
        "UserId": unique("AIDA", name),
        "Arn": arn,
        "CreateDate": MADE,
        "UserPolicyList": [{
            "PolicyName": "machine",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        }],
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
    })
}

/// The credential report: each user has one key and no password.
pub(super) fn credential_report() -> String {
    let mut text = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n".to_owned();
    text.push_str(&format!("<root_account>,arn:aws:iam::{ACCOUNT}:root,{MADE},not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"));
    for name in machine::NAMES {
        text.push_str(&format!("{name},arn:aws:iam::{ACCOUNT}:user/machines/{name},{MADE},false,N/A,N/A,N/A,false,true,{MADE},N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"));
    }
    text
}
