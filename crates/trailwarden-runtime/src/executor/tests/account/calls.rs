//! What the account in memory answers, and what its calls do.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailwarden_aws::Parameters;
use trailwarden_remedy::passwords::broken;

use super::Account;

const DATE: &str = "2026-02-01T12:00:00+00:00";
const GONE: &str = "NoSuchEntity";

fn text(with: &Parameters, name: &str) -> String {
    with.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name}")).to_owned()
}

/// The principal that a call or question is about.
fn principal(with: &Parameters) -> String {
    let name = ["UserName", "GroupName", "RoleName"].into_iter().find(|it| with.contains_key(*it));
    format!("{} {}", name.unwrap(), text(with, name.unwrap()))
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// What AWS answers; nothing when there is no such thing.
pub(super) fn answer(account: &Account, api: &str, with: &Parameters) -> Option<Value> {
    Some(match api {
        "iam:ListAccessKeys" => {
            let user = text(with, "UserName");
            let keys = account.keys.iter().filter(|((of, _), _)| *of == user).map(|((_, id), status)| {
                json!({ "UserName": user, "AccessKeyId": id, "Status": status, "CreateDate": DATE })
            });
            json!({ "AccessKeyMetadata": keys.collect::<Vec<_>>() })
        }
        "iam:GetUserPolicy" => {
            let policy = text(with, "PolicyName");
            let told = account.inline.get(&(principal(with), policy.clone()))?;
            json!({ "PolicyName": policy, "PolicyDocument": document(told) })
        }
        "iam:ListAttachedUserPolicies"
        | "iam:ListAttachedGroupPolicies"
        | "iam:ListAttachedRolePolicies" => {
            let of = principal(with);
            let held = account.attached.iter().filter(|(holder, _)| *holder == of);
            let held = held.map(|(_, arn)| json!({ "PolicyArn": arn }));
            json!({ "AttachedPolicies": held.collect::<Vec<_>>() })
        }
        "iam:ListGroupsForUser" => {
            let user = text(with, "UserName");
            let groups = account.groups.iter().filter(|(of, _)| *of == user);
            json!({ "Groups": groups.map(|(_, name)| json!({ "GroupName": name })).collect::<Vec<_>>() })
        }
        "iam:GetLoginProfile" => {
            let user = text(with, "UserName");
            let (_, must_change) = account.passwords.get(&user)?;
            json!({ "LoginProfile": { "UserName": user, "CreateDate": DATE, "PasswordResetRequired": must_change } })
        }
        "iam:GetPolicy" => {
            let arn = text(with, "PolicyArn");
            let (default, _) = account.policies.get(&arn)?;
            json!({ "Policy": { "Arn": arn, "DefaultVersionId": default, "CreateDate": DATE } })
        }
        "iam:ListPolicyVersions" => {
            let (default, versions) = account.policies.get(&text(with, "PolicyArn"))?;
            let versions = versions.keys().map(|id| {
                json!({ "VersionId": id, "IsDefaultVersion": id == default, "CreateDate": DATE })
            });
            json!({ "Versions": versions.collect::<Vec<_>>() })
        }
        "iam:GetPolicyVersion" => {
            let (default, versions) = account.policies.get(&text(with, "PolicyArn"))?;
            let id = text(with, "VersionId");
            let told = versions.get(&id)?;
            json!({ "PolicyVersion": { "VersionId": id, "IsDefaultVersion": id == *default, "Document": document(told) } })
        }
        "iam:GetAccountPasswordPolicy" => {
            let mut rules = account.rules.clone()?;
            rules["ExpirePasswords"] = false.into();
            json!({ "PasswordPolicy": rules })
        }
        "iam:GetUser" => json!({ "User": { "UserName": text(with, "UserName") } }),
        "iam:GetRole" => {
            let trust = json!({ "Statement": { "Principal": { "Federated": super::PROVIDER } } });
            json!({ "Role": {
                "Arn": format!("arn:aws:iam::111122223333:role/deep/{}", text(with, "RoleName")),
                "AssumeRolePolicyDocument": trust,
            } })
        }
        other => panic!("nobody asks {other}"),
    })
}

/// Makes a call; the number is for ids of new things.
pub(super) fn make(
    account: &mut Account,
    api: &str,
    with: &Parameters,
    number: u32,
) -> Result<Value, &'static str> {
    let user = || text(with, "UserName");
    let nothing = || json!({});
    match api {
        "iam:UpdateAccessKey" => {
            let key = account.keys.get_mut(&(user(), text(with, "AccessKeyId"))).ok_or(GONE)?;
            *key = text(with, "Status");
        }
        "iam:CreateAccessKey" => {
            // "IAM and STS quotas" (IAM User Guide).
            if account.keys.keys().filter(|(of, _)| *of == user()).count() >= 2 {
                return Err("LimitExceeded");
            }
            let id = format!("AKIANEW{number}");
            account.keys.insert((user(), id.clone()), "Active".to_owned());
            let secret = format!("the-secret-of-{id}");
            return Ok(json!({ "AccessKey": {
                "UserName": user(), "AccessKeyId": id, "Status": "Active", "SecretAccessKey": secret, "CreateDate": DATE,
            } }));
        }
        "iam:DeleteAccessKey" => {
            account.keys.remove(&(user(), text(with, "AccessKeyId"))).ok_or(GONE)?;
        }
        "iam:PutUserPolicy" => {
            let policy = (principal(with), text(with, "PolicyName"));
            account.inline.insert(policy, text(with, "PolicyDocument"));
        }
        "iam:DeleteUserPolicy" => {
            account.inline.remove(&(principal(with), text(with, "PolicyName"))).ok_or(GONE)?;
        }
        "iam:AttachUserPolicy" => {
            let arn = text(with, "PolicyArn");
            account.policies.get(&arn).ok_or(GONE)?;
            account.attached.insert((principal(with), arn));
        }
        "iam:DetachUserPolicy" => {
            let held = (principal(with), text(with, "PolicyArn"));
            if !account.attached.remove(&held) {
                return Err(GONE);
            }
        }
        "iam:AddUserToGroup" => {
            account.groups.insert((user(), text(with, "GroupName")));
        }
        "iam:RemoveUserFromGroup" => {
            if !account.groups.remove(&(user(), text(with, "GroupName"))) {
                return Err(GONE);
            }
        }
        "iam:CreateLoginProfile" | "iam:UpdateLoginProfile" | "iam:DeleteLoginProfile" => {
            return sign_in(account, api, with);
        }
        "iam:UpdateAccountPasswordPolicy" => account.rules = Some(Value::Object(with.clone())),
        _ => return managed(account, api, with),
    }
    Ok(nothing())
}

fn sign_in(account: &mut Account, api: &str, with: &Parameters) -> Result<Value, &'static str> {
    let user = text(with, "UserName");
    let is_there = account.passwords.contains_key(&user);
    if is_there == (api == "iam:CreateLoginProfile") {
        return Err(if is_there { "EntityAlreadyExists" } else { GONE });
    }
    if api == "iam:DeleteLoginProfile" {
        account.passwords.remove(&user);
        return Ok(json!({}));
    }
    let password = text(with, "Password");
    let rules = account.rules.as_ref().and_then(Value::as_object);
    if !broken(&password, rules).is_empty() {
        return Err("PasswordPolicyViolation");
    }
    let must_change = with["PasswordResetRequired"] == true;
    account.passwords.insert(user.clone(), (password, must_change));
    Ok(match api {
        "iam:CreateLoginProfile" => json!({ "LoginProfile": { "UserName": user } }),
        _ => json!({}),
    })
}

fn managed(account: &mut Account, api: &str, with: &Parameters) -> Result<Value, &'static str> {
    if api == "iam:CreatePolicy" {
        let arn = format!("arn:aws:iam::111122223333:policy/{}", text(with, "PolicyName"));
        if account.policies.contains_key(&arn) {
            return Err("EntityAlreadyExists");
        }
        let versions = BTreeMap::from([("v1".to_owned(), text(with, "PolicyDocument"))]);
        account.policies.insert(arn.clone(), ("v1".to_owned(), versions));
        return Ok(json!({ "Policy": { "Arn": arn, "DefaultVersionId": "v1" } }));
    }
    let arn = text(with, "PolicyArn");
    let (default, versions) = account.policies.get_mut(&arn).ok_or(GONE)?;
    let version = with.get("VersionId").and_then(Value::as_str).unwrap_or_default().to_owned();
    match api {
        "iam:CreatePolicyVersion" => {
            if versions.len() >= 5 {
                return Err("LimitExceeded");
            }
            let id = format!("v{}", versions.len() + 1);
            versions.insert(id.clone(), text(with, "PolicyDocument"));
            return Ok(json!({ "PolicyVersion": { "VersionId": id, "IsDefaultVersion": false } }));
        }
        "iam:SetDefaultPolicyVersion" => {
            versions.get(&version).ok_or(GONE)?;
            *default = version;
        }
        "iam:DeletePolicyVersion" => {
            if *default == version {
                return Err("DeleteConflict");
            }
            versions.remove(&version).ok_or(GONE)?;
        }
        "iam:DeletePolicy" => {
            if account.attached.iter().any(|(_, held)| *held == arn) {
                return Err("DeleteConflict");
            }
            account.policies.remove(&arn);
        }
        other => panic!("nobody calls {other}"),
    }
    Ok(Value::Object(Map::new()))
}
