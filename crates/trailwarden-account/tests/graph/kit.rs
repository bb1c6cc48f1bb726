//! Accounts for tests, made by the calls that would make them.

#![allow(dead_code, reason = "each test binary uses a part")]

use serde_json::{Value, json};
use trailwarden_account::entry::order_of;
use trailwarden_account::graph::{Edge, Graph, Node};
use trailwarden_account::{Change, Kind, Models, World};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::Place;

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER: &str = "444455556666";
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;

pub(crate) fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

pub(crate) fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

pub(crate) fn statement(effect: &str, actions: &[&str], resource: &str) -> Value {
    json!({"Effect": effect, "Action": actions, "Resource": resource})
}

pub(crate) fn document(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub(crate) fn allow(actions: &[&str], resource: &str) -> Value {
    document(vec![statement("Allow", actions, resource)])
}

/// A trust policy for `{"Service": "lambda.amazonaws.com"}` and the like.
pub(crate) fn trust(principal: &Value) -> Value {
    document(vec![json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})])
}

pub(crate) fn trust_account(account: &str) -> Value {
    trust(&json!({"AWS": format!("arn:aws:iam::{account}:root")}))
}

/// Some accounts, one call after the other.
#[derive(Clone, Default)]
pub(crate) struct Stage {
    pub(crate) models: Models,
    second: i64,
    /// The account of the next calls; none for [`ACCOUNT`].
    pub(crate) account: Option<&'static str>,
}

impl Stage {
    pub(crate) fn call(
        &mut self,
        service: &str,
        name: &str,
        request: Value,
        reply: Value,
    ) -> Option<Change> {
        self.second += 1;
        let account = self.account.unwrap_or(ACCOUNT);
        let record = json!({
            "eventVersion": "1.11",
            "userIdentity": {"type": "Root", "principalId": account, "accountId": account,
                "arn": format!("arn:aws:iam::{account}:root"), "accessKeyId": "ASIAROOTEXAMPLE"},
            "eventTime": Timestamp::from_seconds(START + self.second).to_string(),
            "eventSource": format!("{service}.amazonaws.com"),
            "eventName": name,
            "awsRegion": "us-east-1",
            "requestParameters": request,
            "responseElements": reply,
            "eventID": format!("00000000-0000-4000-8000-{:012}", self.second),
            "eventType": "AwsApiCall",
            "recipientAccountId": account,
        });
        let event = Event::decode(record.to_string().as_bytes()).unwrap();
        self.models.apply(&event, order_of(&event), Place::default())
    }

    pub(crate) fn iam(&mut self, name: &str, request: Value) -> Option<Change> {
        self.call("iam", name, request, Value::Null)
    }

    pub(crate) fn user(&mut self, name: &str) -> Option<Change> {
        let account = self.account.unwrap_or(ACCOUNT);
        let reply = json!({"user": {"userName": name, "userId": format!("AIDA{account}{name}"),
            "path": "/", "arn": format!("arn:aws:iam::{account}:user/{name}")}});
        self.call("iam", "CreateUser", json!({"userName": name}), reply)
    }

    pub(crate) fn group(&mut self, name: &str) -> Option<Change> {
        let account = self.account.unwrap_or(ACCOUNT);
        let reply = json!({"group": {"groupName": name, "groupId": format!("AGPA{name}"),
            "path": "/", "arn": format!("arn:aws:iam::{account}:group/{name}")}});
        self.call("iam", "CreateGroup", json!({"groupName": name}), reply)
    }

    pub(crate) fn join(&mut self, user: &str, group: &str) -> Option<Change> {
        self.iam("AddUserToGroup", json!({"userName": user, "groupName": group}))
    }

    pub(crate) fn role(&mut self, name: &str, trust: &Value) -> Option<Change> {
        let account = self.account.unwrap_or(ACCOUNT);
        let reply = json!({"role": {"roleName": name, "roleId": format!("AROA{account}{name}"),
            "path": "/", "arn": format!("arn:aws:iam::{account}:role/{name}")}});
        let request = json!({"roleName": name, "assumeRolePolicyDocument": trust.to_string()});
        self.call("iam", "CreateRole", request, reply)
    }

    /// A customer managed policy.
    pub(crate) fn policy(&mut self, name: &str, document: &Value) -> Option<Change> {
        let reply = json!({"policy": {"policyName": name, "policyId": format!("ANPA{name}"),
            "arn": arn(&format!("policy/{name}")), "defaultVersionId": "v1"}});
        let request = json!({"policyName": name, "policyDocument": document.to_string()});
        self.call("iam", "CreatePolicy", request, reply)
    }

    /// Another version, which does not count unless it is the default.
    pub(crate) fn version(&mut self, name: &str, document: &Value, id: &str, is_default: bool) {
        let request = json!({"policyArn": arn(&format!("policy/{name}")),
            "policyDocument": document.to_string(), "setAsDefault": is_default});
        let reply = json!({"policyVersion": {"versionId": id, "isDefaultVersion": is_default}});
        self.call("iam", "CreatePolicyVersion", request, reply);
    }

    /// An inline policy of `user/bob`, `role/app` or `group/all`.
    pub(crate) fn inline(&mut self, who: &str, policy: &str, document: &Value) -> Option<Change> {
        let (kind, name) = who.split_once('/').unwrap();
        let (call, key) = match kind {
            "user" => ("PutUserPolicy", "userName"),
            "role" => ("PutRolePolicy", "roleName"),
            _ => ("PutGroupPolicy", "groupName"),
        };
        let request =
            json!({key: name, "policyName": policy, "policyDocument": document.to_string()});
        self.iam(call, request)
    }

    /// Attaches a managed policy by ARN.
    pub(crate) fn attach(&mut self, who: &str, policy: &str) -> Option<Change> {
        let (kind, name) = who.split_once('/').unwrap();
        let (call, key) = match kind {
            "user" => ("AttachUserPolicy", "userName"),
            "role" => ("AttachRolePolicy", "roleName"),
            _ => ("AttachGroupPolicy", "groupName"),
        };
        self.iam(call, json!({key: name, "policyArn": policy}))
    }

    pub(crate) fn bound(&mut self, who: &str, policy: &str) -> Option<Change> {
        let (kind, name) = who.split_once('/').unwrap();
        let (call, key) = match kind {
            "user" => ("PutUserPermissionsBoundary", "userName"),
            _ => ("PutRolePermissionsBoundary", "roleName"),
        };
        self.iam(call, json!({key: name, "permissionsBoundary": arn(&format!("policy/{policy}"))}))
    }

    pub(crate) fn node(&self, who: &str) -> Node {
        self.node_in(ACCOUNT, who)
    }

    pub(crate) fn node_in(&self, account: &str, who: &str) -> Node {
        let (kind, name) = who.split_once('/').unwrap();
        let kind = if kind == "user" { Kind::User } else { Kind::Role };
        let account = AccountId::parse(account).unwrap();
        let model = self.models.get(account).unwrap();
        let identity = model.find(kind, name).unwrap_or_else(|| panic!("no {who}"));
        Node::Identity(account, identity.id.clone())
    }

    pub(crate) fn graph(&self) -> Graph {
        Graph::of(World::of(&self.models))
    }

    /// The edges as `user/mallory iam-007 administrator`, with `?` when conditional.
    pub(crate) fn edges(&self) -> Vec<String> {
        let mut all: Vec<String> = self.graph().edges().map(|edge| self.show(edge)).collect();
        all.sort();
        all
    }

    pub(crate) fn show(&self, edge: &Edge) -> String {
        let mark = if edge.certainty.is_yes() { "" } else { "?" };
        format!("{} {}{mark} {}", self.name(&edge.from), edge.technique, self.name(&edge.to))
    }

    fn name(&self, node: &Node) -> String {
        match node {
            Node::Administrator(account) if account.to_string() == ACCOUNT => {
                "administrator".to_owned()
            }
            Node::Administrator(account) => format!("administrator of {account}"),
            Node::Identity(account, id) => {
                let identity = self.models.get(*account).and_then(|model| model.identity(id));
                let name = identity.map(|one| format!("{}/{}", one.kind.as_str(), one.name));
                let name = name.unwrap_or_else(|| id.to_string());
                if account.to_string() == ACCOUNT { name } else { format!("{name} of {account}") }
            }
            Node::Service(name) | Node::External(name) => name.to_string(),
        }
    }
}

pub(crate) const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
