//! The account after a person made the calls of a plan, as its logs show it, and as a newer baseline does.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use trailwarden_account::entry::order_of;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::snapshot::{Answer, Depth, Outcome as Asked, Snapshot};
use trailwarden_account::{Identity, Kind, Model};
use trailwarden_model::Timestamp;
use trailwarden_record::Event;
use trailwarden_record::row::Order;
use trailwarden_remedy::plan::Argument;
use trailwarden_remedy::{Plan, Step};

/// The records of a plan's calls, each a minute after the one before.
pub(crate) fn calls(plan: &Plan, from: Timestamp) -> Vec<(Event, Order)> {
    let mut replies: BTreeMap<&str, Value> = BTreeMap::new();
    let mut events = Vec::new();
    for (minute, step) in (1..).zip(&plan.steps) {
        let input = input(step, &replies);
        let reply = reply(step, &input);
        let record = json!({ "eventVersion": "1.11",
            "eventTime": from.plus(60 * minute).to_string(),
            "eventSource": format!("{}.amazonaws.com", step.service),
            "eventName": if step.operation == "PutPublicAccessBlock" { "PutBucketPublicAccessBlock" } else { &step.operation },
            "awsRegion": step.region.as_deref().unwrap_or("us-east-1"),
            "userIdentity": { "type": "IAMUser", "principalId": "AIDAKEEPER", "userName": "keeper",
                "arn": "arn:aws:iam::111122223333:user/keeper", "accountId": "111122223333" },
            "sourceIPAddress": "192.0.2.7", "userAgent": "aws-cli",
            "requestParameters": recorded(step, &input), "responseElements": small(&reply),
            "eventID": format!("a{minute:07}-0000-4000-8000-000000000000"),
            "eventType": "AwsApiCall", "readOnly": false,
            "recipientAccountId": plan.account.to_string() });
        replies.insert(&step.id, reply);
        let event = Event::decode(record.to_string().as_bytes()).unwrap();
        let order = order_of(&event);
        events.push((event, order));
    }
    events
}

fn input(step: &Step, replies: &BTreeMap<&str, Value>) -> Map<String, Value> {
    let of = |argument: &Argument| match argument {
        Argument::Plain(value) => Some(value.clone()),
        Argument::Made { .. } => None,
        Argument::Result { result } => {
            let whole = &replies[result.step.as_str()];
            Some(result.path.iter().fold(whole, |value, member| &value[member]).clone())
        }
    };
    let named = step.input.iter().filter_map(|(name, it)| Some((name.clone(), of(it)?)));
    named.collect()
}

fn reply(step: &Step, input: &Map<String, Value>) -> Value {
    match step.operation.as_str() {
        "CreatePolicy" => json!({ "Policy": { "PolicyName": input["PolicyName"],
            "PolicyId": "ANPAOURS", "DefaultVersionId": "v1",
            "Arn": format!("arn:aws:iam::111122223333:policy/{}", input["PolicyName"].as_str().unwrap()) } }),
        "CreatePolicyVersion" => json!({ "PolicyVersion": { "VersionId": "v9",
            "IsDefaultVersion": input.get("SetAsDefault") == Some(&true.into()) } }),
        "CreateTrail" | "UpdateTrail" => {
            // AWS replies all that is set.
            let all = json!({ "S3BucketName": "logs", "IsMultiRegionTrail": true,
                "IncludeGlobalServiceEvents": true, "LogFileValidationEnabled": true });
            let mut told = all.as_object().unwrap().clone();
            told.extend(input.clone().into_iter().filter(|(_, it)| *it != json!("")));
            if let Some(it) = told.remove("EnableLogFileValidation") {
                told.insert("LogFileValidationEnabled".to_owned(), it);
            }
            told.into()
        }
        _ => Value::Null,
    }
}

/// The parameters as CloudTrail writes them.
fn recorded(step: &Step, input: &Map<String, Value>) -> Value {
    match (step.service.as_str(), step.operation.as_str()) {
        ("s3", "PutBucketPolicy") => {
            let policy: Value = serde_json::from_str(input["Policy"].as_str().unwrap()).unwrap();
            json!({ "bucketName": input["Bucket"], "bucketPolicy": policy })
        }
        ("s3", _) => {
            let mut told = input.clone();
            let bucket = told.remove("Bucket");
            told.insert("bucketName".to_owned(), bucket.unwrap_or_default());
            told.into()
        }
        _ => small(&input.clone().into()),
    }
}

/// Members with a small first letter.
fn small(value: &Value) -> Value {
    let name = |name: &String| {
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, it)| (name(key), small(it))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(small).collect()),
        other => other.clone(),
    }
}

/// What AWS would say of an account as it is; what no model holds is as it was said before.
pub(crate) fn said(model: &Model, before: &Snapshot, time: Timestamp) -> Snapshot {
    let mut snapshot = Snapshot::new(before.account, "aws", time, Depth::Core);
    let mut say = |api: &str, about: &[(&str, &str)], body: Value| {
        let about = about.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned()));
        let about = about.collect();
        let outcome = Asked::Got { body };
        snapshot.push(Answer { api: api.to_owned(), region: None, about, time, outcome });
    };
    let of = |kind: Kind| {
        let all = model.of_kind(kind).map(|one| described(model, one));
        all.collect::<Vec<Value>>()
    };
    let policies = model.policies().filter(|policy| !policy.arn.contains(":aws:policy/"));
    let policies = policies.filter_map(|policy| {
        let default = policy.default.value()?;
        let versions = policy.versions.iter().filter_map(|(id, text)| {
            let document: Value = serde_json::from_str(text.value()?.as_str()).ok()?;
            Some(json!({ "VersionId": id, "Document": document, "IsDefaultVersion": id == default,
                "CreateDate": "2025-01-01T00:00:00Z" }))
        });
        Some(json!({ "PolicyName": policy.name(), "PolicyId": policy.id.to_string(),
            "Arn": policy.arn.to_string(), "Path": "/", "DefaultVersionId": default,
            "AttachmentCount": 0, "PermissionsBoundaryUsageCount": 0, "IsAttachable": true,
            "CreateDate": "2025-01-01T00:00:00Z", "UpdateDate": "2025-01-01T00:00:00Z",
            "PolicyVersionList": versions.collect::<Vec<Value>>() }))
    });
    let policies: Vec<Value> = policies.collect();
    say(
        "iam:GetAccountAuthorizationDetails",
        &[],
        json!({ "UserDetailList": of(Kind::User), "GroupDetailList": of(Kind::Group),
            "RoleDetailList": of(Kind::Role), "Policies": policies, "IsTruncated": false }),
    );
    let report: String = model.of_kind(Kind::User).map(row).collect();
    let report = STANDARD.encode(format!("{}\n{report}", super::HEADER));
    say(
        "iam:GetCredentialReport",
        &[],
        json!({ "Content": report, "ReportFormat": "text/csv", "GeneratedTime": time.to_string() }),
    );
    for (api, member, kind) in [
        ("iam:ListOpenIDConnectProviders", "OpenIDConnectProviderList", "oidc"),
        ("iam:ListSAMLProviders", "SAMLProviderList", "saml"),
    ] {
        let all = model.providers().filter(|one| one.arn.contains(&format!(":{kind}-provider/")));
        let all: Vec<Value> = all.map(|one| json!({ "Arn": *one.arn })).collect();
        say(api, &[], json!({ member: all }));
    }
    for user in model.of_kind(Kind::User) {
        let keys = user.keys.iter().map(|(id, status)| {
            let is_active = status.value() == Some(&KeyStatus::Active);
            json!({ "UserName": *user.name, "AccessKeyId": **id,
                "Status": if is_active { "Active" } else { "Inactive" } })
        });
        let keys: Vec<Value> = keys.collect();
        say(
            "iam:ListAccessKeys",
            &[("UserName", &user.name)],
            json!({ "AccessKeyMetadata": keys }),
        );
    }
    // Every example has a password policy in the end.
    let rules = model.settings().password_policy.value().unwrap().as_ref().unwrap();
    let mut policy = json!({ "MinimumPasswordLength": rules.minimum_length,
        "RequireSymbols": rules.require_symbols, "RequireNumbers": rules.require_numbers,
        "RequireUppercaseCharacters": rules.require_uppercase,
        "RequireLowercaseCharacters": rules.require_lowercase,
        "AllowUsersToChangePassword": rules.users_may_change,
        "MaxPasswordAge": rules.max_age_days,
        "PasswordReusePrevention": rules.reuse_prevention });
    // Rules that are not set are not told.
    policy.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    say("iam:GetAccountPasswordPolicy", &[], json!({ "PasswordPolicy": policy }));
    let kept = before.answers.iter().filter(|answer| {
        ![
            "GetAccountPasswordPolicy",
            "GetAccountAuthorizationDetails",
            "ListAccessKeys",
            "GetCredentialReport",
        ]
        .iter()
        .any(|call| answer.api.ends_with(call))
    });
    for answer in kept {
        snapshot.push(Answer { time, ..answer.clone() });
    }
    snapshot
}

/// The user's row of the credential report.
fn row(user: &Identity) -> String {
    let is_active =
        |status: &trailwarden_account::Fact<KeyStatus>| status.value() == Some(&KeyStatus::Active);
    let keys: Vec<bool> = user.keys.iter().map(|(_, status)| is_active(status)).collect();
    let has_password = matches!(user.login.value(), Some(Some(_)));
    let key = |at: usize| match keys.get(at) {
        Some(is_on) => format!("{is_on},2025-01-01T00:00:00+00:00,N/A,N/A,N/A"),
        None => "false,N/A,N/A,N/A,N/A".to_owned(),
    };
    format!(
        "{0},arn:aws:iam::111122223333:user/{0},2025-01-01T00:00:00+00:00,{has_password},N/A,N/A,N/A,false,{1},{2},false,N/A,false,N/A\n",
        user.name,
        key(0),
        key(1)
    )
}

fn described(model: &Model, one: &Identity) -> Value {
    let word = match one.kind {
        Kind::Group => "Group",
        Kind::Role => "Role",
        _ => "User",
    };
    let document = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let inline = one.inline.iter().filter_map(|(name, text)| {
        Some(json!({ "PolicyName": **name, "PolicyDocument": document(text.value()?.as_str()) }))
    });
    let attached = one.attached.keys().map(|arn| {
        json!({ "PolicyArn": **arn, "PolicyName": arn.rsplit('/').next().unwrap_or_default() })
    });
    let path = one.path.value().map_or("/", |path| path);
    let mut value = json!({ "Path": path, "CreateDate": "2025-01-01T00:00:00Z",
        "Arn": format!("arn:aws:iam::111122223333:{}{path}{}", one.kind.as_str(), one.name),
        "AttachedManagedPolicies": attached.collect::<Vec<Value>>() });
    let parts = value.as_object_mut().unwrap();
    parts.insert(format!("{word}Name"), one.name.to_string().into());
    parts.insert(format!("{word}Id"), one.id.to_string().into());
    parts.insert(format!("{word}PolicyList"), inline.collect::<Vec<Value>>().into());
    if one.kind != Kind::Group {
        let tags = one.tags.iter();
        let tags =
            tags.filter_map(|(key, it)| Some(json!({ "Key": **key, "Value": **it.value()? })));
        parts.insert("Tags".to_owned(), tags.collect::<Vec<Value>>().into());
    }
    if let Some(Some(arn)) = one.boundary.value() {
        let bound = json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": **arn });
        parts.insert("PermissionsBoundary".to_owned(), bound);
    }
    match one.kind {
        Kind::User => {
            let groups = model.groups_of(&one.id).ids;
            let groups = groups.iter().filter_map(|id| model.identity(id));
            let groups: Vec<Value> = groups.map(|group| group.name.to_string().into()).collect();
            parts.insert("GroupList".to_owned(), groups.into());
        }
        Kind::Role => {
            let trust = one.trust.value().map_or(json!({}), |text| document(text.as_str()));
            parts.insert("AssumeRolePolicyDocument".to_owned(), trust);
            parts.insert("InstanceProfileList".to_owned(), json!([]));
        }
        _ => {}
    }
    value
}
