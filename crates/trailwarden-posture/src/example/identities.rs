//! Users, groups, roles and policies of an example, as authorization details.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::ACCOUNT;
use super::lines::{Line, set};

const CREATED: &str = "2025-01-01T00:00:00Z";

/// All of them, by `user/alice` and the like.
#[derive(Default)]
pub(super) struct Identities {
    all: BTreeMap<String, Value>,
}

impl Identities {
    pub(super) fn line(&mut self, line: &Line<'_>) -> Result<(), String> {
        match line.head {
            "user" => self.make(
                "user",
                line,
                json!({
                    "UserPolicyList": [], "AttachedManagedPolicies": [], "Tags": tags(line),
                    "GroupList": line.setting("groups").map(listed).unwrap_or_default(),
                }),
            ),
            "group" => {
                self.make(
                    "group",
                    line,
                    json!({"GroupPolicyList": [], "AttachedManagedPolicies": []}),
                );
            }
            "role" => self.role(line)?,
            "policy" => self.policy(line)?,
            subject => self.edit(subject, line)?,
        }
        Ok(())
    }

    fn make(&mut self, kind: &str, line: &Line<'_>, mut value: Value) {
        let name = line.first();
        let path = line.setting("path").unwrap_or("/");
        let (word, id) = match kind {
            "user" => ("User", "AIDA"),
            "group" => ("Group", "AGPA"),
            _ => ("Role", "AROA"),
        };
        set(&mut value, "Path", path.into());
        set(&mut value, "Arn", format!("arn:aws:iam::{ACCOUNT}:{kind}{path}{name}").into());
        set(&mut value, "CreateDate", line.setting("created").map_or(CREATED, |date| date).into());
        set(&mut value, &format!("{word}Name"), name.into());
        set(&mut value, &format!("{word}Id"), format!("{id}{}", name.to_uppercase()).into());
        self.all.insert(format!("{kind}/{name}"), value);
    }

    fn role(&mut self, line: &Line<'_>) -> Result<(), String> {
        let [_, "trusts", who, ..] = line.words.as_slice() else {
            return Err("a role is written `role NAME trusts WHOM`".to_owned());
        };
        let mut statement =
            json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal(who)});
        if who.contains("oidc-provider/") {
            set(&mut statement, "Action", "sts:AssumeRoleWithWebIdentity".into());
        }
        if let Some(condition) = line.setting("if") {
            set(
                &mut statement,
                "Condition",
                serde_json::from_str(condition).map_err(|e| e.to_string())?,
            );
        }
        let mut value = json!({
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "RolePolicyList": [], "AttachedManagedPolicies": [], "InstanceProfileList": [],
            "Tags": tags(line),
        });
        if let Some(used) = line.setting("used") {
            set(
                &mut value,
                "RoleLastUsed",
                match used {
                    "never" => json!({}),
                    date => json!({"LastUsedDate": date, "Region": "us-east-1"}),
                },
            );
        }
        self.make("role", line, value);
        Ok(())
    }

    fn policy(&mut self, line: &Line<'_>) -> Result<(), String> {
        let name = line.first();
        let document = document(line)?;
        let value = json!({
            "PolicyName": name, "PolicyId": format!("ANPA{}", name.to_uppercase()),
            "Arn": arn_of(&format!("policy/{name}")), "Path": "/", "DefaultVersionId": "v1",
            "AttachmentCount": 0, "PermissionsBoundaryUsageCount": 0, "IsAttachable": true,
            "CreateDate": CREATED,
            "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "CreateDate": CREATED,
                "Document": document}],
        });
        self.all.insert(format!("policy/{name}"), value);
        Ok(())
    }

    /// What is said of somebody who was named before.
    fn edit(&mut self, subject: &str, line: &Line<'_>) -> Result<(), String> {
        let known = self.all.get_mut(subject);
        let identity = known.ok_or_else(|| format!("`{subject}` was not named before"))?;
        let kind = subject.split('/').next().unwrap_or_default();
        let word = match kind {
            "user" => "User",
            "group" => "Group",
            _ => "Role",
        };
        match line.words.as_slice() {
            ["allows" | "denies", ..] => {
                let document = document(line)?;
                let list =
                    identity.get_mut(format!("{word}PolicyList")).and_then(Value::as_array_mut);
                if let Some(list) = list {
                    let name = format!("inline{}", list.len() + 1);
                    list.push(json!({"PolicyName": name, "PolicyDocument": document}));
                }
            }
            ["has", policy] => {
                let arn = arn_of(policy);
                let entry = json!({"PolicyName": policy, "PolicyArn": arn});
                if let Some(list) =
                    identity.get_mut("AttachedManagedPolicies").and_then(Value::as_array_mut)
                {
                    list.push(entry);
                }
                if let Some(policy) = self.all.get_mut(*policy) {
                    let count = policy["AttachmentCount"].as_u64().unwrap_or_default();
                    set(policy, "AttachmentCount", (count + 1).into());
                }
            }
            ["bounded-by", policy] => {
                set(
                    identity,
                    "PermissionsBoundary",
                    json!({
                        "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn_of(policy),
                    }),
                );
            }
            other => return Err(format!("`{}` is not understood", other.join(" "))),
        }
        Ok(())
    }

    /// How many users, groups, roles and policies.
    pub(super) fn counts(&self) -> (usize, usize, usize, usize) {
        let count = |kind: &str| self.of(kind).count();
        (count("user/"), count("group/"), count("role/"), count("policy/"))
    }

    /// Names of users and when they were made.
    pub(super) fn users(&self) -> impl Iterator<Item = (String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.of("user/").map(move |user| (text(&user["UserName"]), text(&user["CreateDate"])))
    }

    fn of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Value> {
        self.all.iter().filter(move |(name, _)| name.starts_with(kind)).map(|(_, value)| value)
    }

    pub(super) fn details(&self) -> Value {
        let all = |kind: &str| self.of(kind).cloned().collect::<Vec<_>>();
        json!({
            "UserDetailList": all("user/"), "GroupDetailList": all("group/"),
            "RoleDetailList": all("role/"), "Policies": all("policy/"),
        })
    }
}

/// A document of one statement.
fn document(line: &Line<'_>) -> Result<Value, String> {
    let at = line.words.iter().position(|word| matches!(*word, "allows" | "denies"));
    let (verb, actions) = at
        .and_then(|at| Some((line.words.get(at)?, line.words.get(at + 1)?)))
        .ok_or("a policy `allows` or `denies` actions")?;
    let effect = if *verb == "allows" { "Allow" } else { "Deny" };
    let resources = line.setting("on").map_or_else(|| json!("*"), |on| json!(listed(on)));
    let mut statement = json!({"Effect": effect, "Action": listed(actions), "Resource": resources});
    if let Some(condition) = line.setting("if") {
        set(
            &mut statement,
            "Condition",
            serde_json::from_str(condition).map_err(|e| e.to_string())?,
        );
    }
    Ok(json!({"Version": "2012-10-17", "Statement": [statement]}))
}

fn listed(text: &str) -> Vec<&str> {
    text.split(',').collect()
}

fn tags(line: &Line<'_>) -> Vec<Value> {
    let tags =
        line.settings.iter().filter_map(|(name, value)| Some((name.strip_prefix("tag.")?, value)));
    tags.map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

fn arn_of(policy: &str) -> String {
    match policy.strip_prefix("policy/") {
        Some(name) => format!("arn:aws:iam::{ACCOUNT}:policy/{name}"),
        None if policy.starts_with("arn:") => policy.to_owned(),
        None => format!("arn:aws:iam::aws:policy/{policy}"),
    }
}

fn principal(who: &str) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for one in listed(who) {
        if one == "*" {
            return "*".into();
        }
        let kind = if one.contains("oidc-provider/") || one.contains("saml-provider/") {
            "Federated"
        } else if one.ends_with(".amazonaws.com") {
            "Service"
        } else {
            "AWS"
        };
        if let Some(list) = all.entry(kind).or_insert_with(|| json!([])).as_array_mut() {
            list.push(one.into());
        }
    }
    Value::Object(all)
}
