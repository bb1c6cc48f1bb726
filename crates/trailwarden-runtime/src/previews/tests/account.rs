//! An account of a few, with something of each kind that plans change.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trailwarden_account::Models;
use trailwarden_account::snapshot::{Answer, Depth, Outcome, Snapshot};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::{Argument, Foreseen, Input, Preview, SCHEMA, Step};

use crate::previews::foresee;
use crate::remedies::Known;
use crate::usage::Usage;

pub(super) const OIDC: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
pub(super) const SAML: &str = "arn:aws:iam::111122223333:saml-provider/people";

pub(super) fn arn(what: &str) -> String {
    format!("arn:aws:iam::111122223333:{what}")
}

/// Names of tests live as long as the test.
pub(super) fn named(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn statement(effect: &str, action: &str) -> Value {
    json!({"Version": "2012-10-17",
        "Statement": [{"Effect": effect, "Action": action, "Resource": "*"}]})
}

pub(super) fn allow(action: &str) -> String {
    statement("Allow", action).to_string()
}

pub(super) fn deny(action: &str) -> String {
    statement("Deny", action).to_string()
}

pub(super) fn trust(principal: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})
    .to_string()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn attached(policies: &[&str]) -> Value {
    let one = |arn: &&str| json!({"PolicyArn": arn, "PolicyName": arn.rsplit('/').next()});
    policies.iter().map(one).collect()
}

fn inline(name: &str, action: &str) -> Value {
    json!([{"PolicyName": name, "PolicyDocument": parsed(&allow(action))}])
}

fn user(name: &str, groups: &[&str], policies: &[&str]) -> Value {
    json!({"Path": "/", "UserName": name, "UserId": format!("AIDA{}", name.to_uppercase()),
        "Arn": arn(&format!("user/{name}")), "CreateDate": "2025-01-01T00:00:00Z",
        "GroupList": groups, "AttachedManagedPolicies": attached(policies), "Tags": []})
}

fn group(name: &str, policies: &[&str]) -> Value {
    json!({"Path": "/", "GroupName": name, "GroupId": format!("AGPA{}", name.to_uppercase()),
        "Arn": arn(&format!("group/{name}")), "CreateDate": "2025-01-01T00:00:00Z",
        "GroupPolicyList": [], "AttachedManagedPolicies": attached(policies)})
}

fn role(path: &str, name: &str, principal: &Value, policies: &[&str]) -> Value {
    json!({"Path": path, "RoleName": name, "RoleId": format!("AROA{}", name.to_uppercase()),
        "Arn": arn(&format!("role{path}{name}")), "CreateDate": "2025-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": parsed(&trust(principal)), "InstanceProfileList": [],
        "RolePolicyList": [], "AttachedManagedPolicies": attached(policies), "Tags": [],
        "RoleLastUsed": {"LastUsedDate": "2026-05-20T00:00:00Z", "Region": "eu-west-1"}})
}

fn policy(name: &str, versions: &[&str]) -> Value {
    let newest = versions.len();
    let versions = versions.iter().enumerate().map(|(at, action)| {
        json!({"VersionId": format!("v{}", at + 1), "IsDefaultVersion": at + 1 == newest,
            "Document": parsed(&allow(action)), "CreateDate": "2025-01-01T00:00:00Z"})
    });
    json!({"PolicyName": name, "PolicyId": format!("ANPA{}", name.to_uppercase()),
        "Arn": arn(&format!("policy/{name}")), "Path": "/",
        "DefaultVersionId": format!("v{newest}"), "AttachmentCount": 0, "IsAttachable": true,
        "PermissionsBoundaryUsageCount": 0, "CreateDate": "2025-01-01T00:00:00Z",
        "UpdateDate": "2025-01-01T00:00:00Z", "PolicyVersionList": versions.collect::<Vec<_>>()})
}

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn details() -> Value {
    let shared = arn("policy/shared");
    let shared = shared.as_str();
    let mut bob = user("bob", &["ops"], &[]);
    bob["UserPolicyList"] = inline("pass", "iam:PassRole");
    let mut carol = user("carol", &["readers"], &[]);
    carol["UserPolicyList"] = inline("own", "dynamodb:*");
    carol["PermissionsBoundary"] = json!({"PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn("policy/limits")});
    let mut ops = group("ops", &[]);
    ops["GroupPolicyList"] = inline("work", "s3:*");
    let mut app = role("/", "app", &json!({"Service": "ec2.amazonaws.com"}), &[shared]);
    app["RolePolicyList"] = inline("own", "sqs:SendMessage");
    app["InstanceProfileList"] = json!([{"InstanceProfileName": "machines",
        "InstanceProfileId": "AIPAMACHINES", "Arn": arn("instance-profile/machines"), "Path": "/",
        "CreateDate": "2025-01-01T00:00:00Z", "Roles": []}]);
    let mut partner = role("/", "partner", &json!({"AWS": "arn:aws:iam::999988887777:root"}), &[]);
    partner["RolePolicyList"] = inline("own", "s3:GetObject");
    partner["PermissionsBoundary"] = carol["PermissionsBoundary"].clone();
    let path = "/aws-reserved/sso.amazonaws.com/";
    let people = "arn:aws:iam::111122223333:saml-provider/AWSSSO_people";
    let sso = role(path, "AWSReservedSSO_Reader_1", &json!({"Federated": people}), &[shared]);
    let linked = role(
        "/aws-service-role/support.amazonaws.com/",
        "AWSServiceRoleForSupport",
        &json!({"Service": "support.amazonaws.com"}),
        &[],
    );
    let mut deployer = role("/", "deployer", &json!({"Federated": OIDC}), &[]);
    deployer["RolePolicyList"] = inline("own", "s3:PutObject");
    deployer["AssumeRolePolicyDocument"] = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": OIDC},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}}}]});
    let mut person = role("/", "person", &json!({"Federated": SAML}), &[]);
    person["RolePolicyList"] = inline("own", "ec2:Describe*");
    person["AssumeRolePolicyDocument"] = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": SAML}, "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}]});
    json!({
        "UserDetailList": [user("alice", &[], &[ADMIN]), bob, carol, user("erin", &[], &[ADMIN])],
        "GroupDetailList": [ops, group("readers", &[shared])],
        "RoleDetailList": [app, partner, sso, linked, deployer, person],
        "Policies": [policy("shared", &["ec2:Describe*", "s3:GetObject"]),
            policy("limits", &["dynamodb:*"]), policy("unused", &["sns:*"])],
        "IsTruncated": false,
    })
}

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

/// A row: whether there is a password and when it was used, and the same of the first key.
fn row(name: &str, password: (bool, &str), key: (bool, &str)) -> String {
    let arn = arn(&format!("user/{name}"));
    let changed = if password.0 { "2025-01-01T00:00:00+00:00" } else { "N/A" };
    format!(
        "{name},{arn},2025-01-01T00:00:00+00:00,{},{},{changed},N/A,false,{},2025-01-01T00:00:00+00:00,{},N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n",
        password.0, password.1, key.0, key.1
    )
}

/// The account, and what is known of it.
pub(super) struct Account {
    pub(super) snapshot: Snapshot,
    pub(super) models: Models,
    pub(super) usage: Option<Usage>,
    pub(super) break_glass: BTreeSet<String>,
}

pub(super) fn now() -> Timestamp {
    Timestamp::parse("2026-06-01T12:00:00Z").unwrap()
}

fn number() -> AccountId {
    AccountId::parse("111122223333").unwrap()
}

impl Account {
    pub(super) fn new() -> Self {
        Self::of(details(), "")
    }

    /// With so many users, all with an old password, and roles besides, who hold one policy; the roles are
    /// entered by way of one provider.
    pub(super) fn with_crowd(number: usize) -> Self {
        let crowd = arn("policy/crowd");
        let mut details = details();
        let (mut rows, list) = (Vec::new(), |value: &mut Value, name: &str, one: Value| {
            value[name].as_array_mut().unwrap().push(one);
        });
        list(&mut details, "Policies", policy("crowd", &["s3:*"]));
        for at in 0..number {
            let name = format!("user-{at:04}");
            rows.push(row(&name, (true, "N/A"), (false, "N/A")));
            list(&mut details, "UserDetailList", user(&name, &[], &[&crowd]));
            let mut role = role("/", &format!("role-{at:04}"), &json!({}), &[&crowd]);
            role["AssumeRolePolicyDocument"] = json!({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"Federated": SAML},
                "Action": "sts:AssumeRoleWithSAML",
                "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}]});
            list(&mut details, "RoleDetailList", role);
        }
        Self::of(details, &rows.concat())
    }

    /// With one user more, who holds these inline policies.
    pub(super) fn with_user(name: &str, policies: &Value) -> Self {
        let mut details = details();
        let mut user = user(name, &[], &[]);
        user["UserPolicyList"] = policies.clone();
        details["UserDetailList"].as_array_mut().unwrap().push(user);
        Self::of(details, &row(name, (true, "N/A"), (false, "N/A")))
    }

    /// With a role more, that EC2 may enter, and that holds these managed policies.
    pub(super) fn with_role(name: &str, policies: &[&str]) -> Self {
        let mut details = details();
        let role = role("/", name, &json!({"Service": "ec2.amazonaws.com"}), policies);
        details["RoleDetailList"].as_array_mut().unwrap().push(role);
        Self::of(details, "")
    }

    /// With roles more, each with whom it trusts, its inline policies and its managed ones; and with bob, who has a
    /// password and a key, holding this inline policy.
    pub(super) fn with_roles(roles: &[(&str, Value, Value, &[&str])], bob: &Value) -> Self {
        let mut details = details();
        for (name, principal, inline, managed) in roles {
            let mut role = role("/", name, principal, managed);
            role["RolePolicyList"] = inline.clone();
            details["RoleDetailList"].as_array_mut().unwrap().push(role);
        }
        let users = details["UserDetailList"].as_array_mut().unwrap();
        let own = users.iter_mut().find(|user| user["UserName"] == "bob").unwrap();
        own["UserPolicyList"] = bob.clone();
        Self::of(details, "")
    }

    fn of(details: Value, more_rows: &str) -> Self {
        let mut snapshot = Snapshot::new(number(), "aws", now().plus(-3_600), Depth::Core);
        let (date, unused) = ("2026-05-30T00:00:00+00:00", "N/A");
        let report = [
            HEADER.to_owned() + "\n",
            row("alice", (true, date), (false, unused)),
            row("bob", (true, "no_information"), (true, date)),
            row("carol", (false, unused), (false, unused)),
            row("erin", (true, date), (false, unused)),
            more_rows.to_owned(),
        ];
        let report = json!({"Content": STANDARD.encode(report.concat()),
            "ReportFormat": "text/csv", "GeneratedTime": "2026-06-01T11:00:00Z"});
        let provider = |arn: &str| json!({"Arn": arn});
        let keys = |user: &str| match user {
            "bob" => json!([{"UserName": "bob", "AccessKeyId": "AKIABOBONE", "Status": "Active",
                "CreateDate": "2025-01-01T00:00:00Z"}]),
            _ => json!([]),
        };
        let mut push = |api: &str, about: &[(&str, &str)], body: Value| {
            let about = about.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned()));
            let about: BTreeMap<String, String> = about.collect();
            let time = snapshot.taken;
            let outcome = Outcome::Got { body };
            snapshot.push(Answer { api: api.to_owned(), region: None, about, time, outcome });
        };
        push("iam:GetAccountAuthorizationDetails", &[], details);
        push("iam:GetCredentialReport", &[], report);
        push(
            "iam:ListOpenIDConnectProviders",
            &[],
            json!({"OpenIDConnectProviderList": [provider(OIDC)]}),
        );
        push("iam:ListSAMLProviders", &[], json!({"SAMLProviderList": [provider(SAML)]}));
        push(
            "iam:GetAccountPasswordPolicy",
            &[],
            json!({"PasswordPolicy": {
            "MinimumPasswordLength": 8, "ExpirePasswords": false}}),
        );
        for user in ["alice", "bob", "carol", "erin"] {
            push(
                "iam:ListAccessKeys",
                &[("UserName", user)],
                json!({"AccessKeyMetadata": keys(user)}),
            );
        }
        push(
            "iam:GetAccessKeyLastUsed",
            &[("AccessKeyId", "AKIABOBONE")],
            json!({"UserName": "bob",
            "AccessKeyLastUsed": {"LastUsedDate": "2026-05-30T00:00:00Z", "ServiceName": "s3",
                "Region": "eu-west-1"}}),
        );
        let baseline = snapshot.baseline().unwrap();
        let models = Models::from_baselines(&[baseline]);
        Self { snapshot, models, usage: None, break_glass: BTreeSet::new() }
    }

    /// With two active keys of carol, made at these times; the second was used.
    pub(super) fn with_keys_of_carol(made: [&str; 2]) -> Self {
        let mut account = Self::new();
        let mut row = row("carol", (false, "N/A"), (true, "N/A"));
        let slots =
            format!("true,{},N/A,N/A,N/A,true,{},2026-04-04T00:00:00Z,N/A,N/A", made[0], made[1]);
        let old = "true,2025-01-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A";
        row = row.replace(old, &slots);
        assert!(row.contains("2026-04-04"));
        let report = json!({"Content": STANDARD.encode(format!("{HEADER}\n{row}")),
            "ReportFormat": "text/csv", "GeneratedTime": "2026-06-01T11:00:00Z"});
        let keys = ["AKIACAROLONE", "AKIACAROLTWO"].into_iter().zip(made);
        let keys = keys.map(|(key, made)| {
            json!({"UserName": "carol", "AccessKeyId": key, "Status": "Active", "CreateDate": made})
        });
        let keys = json!({"AccessKeyMetadata": keys.collect::<Vec<_>>()});
        for answer in &mut account.snapshot.answers {
            let is_of_carol = answer.is_about("UserName", "carol");
            answer.outcome = match answer.api.as_str() {
                "iam:GetCredentialReport" => Outcome::Got { body: report.clone() },
                "iam:ListAccessKeys" if is_of_carol => Outcome::Got { body: keys.clone() },
                _ => continue,
            };
        }
        account.models = Models::from_baselines(&[account.snapshot.baseline().unwrap()]);
        account
    }

    /// As if no baseline and no record had shown anything.
    pub(super) fn forget(&mut self) {
        self.models = Models::default();
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            usage: self.usage.as_ref(),
            break_glass: &self.break_glass,
            ..Known::of(&self.snapshot, &self.models, now())
        }
    }

    pub(super) fn foresee(&self, plan: &Plan) -> Foreseen {
        foresee(plan, self.known())
    }
}

/// A plan of calls.
pub(super) fn plan(calls: &[(&str, Value)]) -> Plan {
    let steps = calls.iter().enumerate().map(|(at, (name, input))| {
        let (service, operation) = name.split_once(':').unwrap();
        let input = input.as_object().unwrap().iter();
        let argument =
            |value: &Value| -> Argument { serde_json::from_value(value.clone()).unwrap() };
        let input: Input = input.map(|(name, value)| (name.clone(), argument(value))).collect();
        Step {
            id: (at + 1).to_string(),
            finding: None,
            purpose: String::new(),
            service: service.to_owned(),
            region: None,
            operation: operation.to_owned(),
            input,
            preconditions: Vec::new(),
            capture: Vec::new(),
            inverse: None,
            inverse_reason: None,
            volatile: Vec::new(),
            permissions: Vec::new(),
        }
    });
    Plan {
        schema: SCHEMA.to_owned(),
        digest: String::new(),
        created: now(),
        account: number().to_string(),
        model_time: now(),
        steps: steps.collect(),
        preview: Preview::default(),
    }
}
