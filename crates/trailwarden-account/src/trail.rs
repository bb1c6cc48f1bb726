//! Trails for tests: calls in a row, one second apart, as CloudTrail would write them.

use serde_json::{Value, json};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::Place;

use crate::change::Change;
use crate::entry::{Entry, order_of};
use crate::identity::{Identity, Kind};
use crate::model::Model;

pub(crate) const ACCOUNT: &str = "111122223333";

/// 2026-01-01T00:00:00Z.
pub(crate) const START: i64 = 1_767_225_600;

pub(crate) fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

pub(crate) fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

/// A record of root's, unless its `extra` members say otherwise.
pub(crate) fn record(
    second: i64,
    number: usize,
    service: &str,
    name: &str,
    request: Value,
    response: Value,
    extra: Value,
) -> Event {
    let mut record = json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "Root", "principalId": ACCOUNT, "accountId": ACCOUNT,
            "arn": arn("root"), "accessKeyId": "ASIAROOTEXAMPLE",
        },
        "eventTime": Timestamp::from_seconds(START + second).to_string(),
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": "us-east-1",
        "requestParameters": request,
        "responseElements": response,
        "eventID": format!("00000000-0000-4000-8000-{number:012}"),
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    });
    if let (Some(record), Value::Object(extra)) = (record.as_object_mut(), extra) {
        record.extend(extra);
    }
    Event::decode(record.to_string().as_bytes()).unwrap()
}

pub(crate) fn entry(event: &Event) -> Option<Entry> {
    Entry::of(event, order_of(event), Place::default())
}

/// What CloudTrail writes instead of parameters that are too large.
pub(crate) fn omitted() -> Value {
    json!({"omitted": true, "reason": "requestParameters too large", "originalSize": 131_000})
}

/// The identity of a call by an IAM user.
pub(crate) fn by_user(name: &str, id: &str) -> Value {
    json!({"userIdentity": {
        "type": "IAMUser", "principalId": id, "userName": name, "accountId": ACCOUNT,
        "arn": arn(&format!("user/{name}")), "accessKeyId": format!("AKIA{name}"),
    }})
}

/// The identity of a call by a role's session.
pub(crate) fn by_role(name: &str, id: &str) -> Value {
    json!({"userIdentity": {
        "type": "AssumedRole", "principalId": format!("{id}:session"), "accountId": ACCOUNT,
        "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{name}/session"),
        "accessKeyId": "ASIASESSION",
        "sessionContext": {"sessionIssuer": {
            "type": "Role", "principalId": id, "userName": name, "accountId": ACCOUNT,
            "arn": arn(&format!("role/{name}")),
        }},
    }})
}

/// A model and the calls that made it.
pub(crate) struct Play {
    pub(crate) model: Model,
    pub(crate) second: i64,
    pub(crate) number: usize,
}

impl Play {
    pub(crate) fn new() -> Self {
        Self::on(Model::new(account()))
    }

    pub(crate) fn on(model: Model) -> Self {
        Self { model, second: 0, number: 0 }
    }

    /// A call of IAM that succeeded.
    pub(crate) fn iam(&mut self, name: &str, request: Value) -> Option<Change> {
        self.call("iam", name, request, Value::Null, Value::Null)
    }

    /// A call of IAM that succeeded, with its reply.
    pub(crate) fn reply(&mut self, name: &str, request: Value, reply: Value) -> Option<Change> {
        self.call("iam", name, request, reply, Value::Null)
    }

    pub(crate) fn call(
        &mut self,
        service: &str,
        name: &str,
        request: Value,
        reply: Value,
        extra: Value,
    ) -> Option<Change> {
        self.second += 1;
        self.same_second(service, name, request, reply, extra)
    }

    pub(crate) fn same_second(
        &mut self,
        service: &str,
        name: &str,
        request: Value,
        reply: Value,
        extra: Value,
    ) -> Option<Change> {
        self.number += 1;
        let event = record(self.second, self.number, service, name, request, reply, extra);
        self.model.apply(&event, order_of(&event), Place::default())
    }

    /// Calls of one second, whatever their true order.
    pub(crate) fn at_once<const N: usize>(&mut self, calls: [(&str, Value, Value); N]) {
        self.second += 1;
        let record = |(at, (name, request, reply))| {
            record(self.second, self.number + at, "iam", name, request, reply, Value::Null)
        };
        let mut events: Vec<Event> = calls.into_iter().enumerate().map(record).collect();
        self.number += events.len();
        events.sort_by_key(order_of);
        for event in events {
            self.model.apply(&event, order_of(&event), Place::default());
        }
    }

    pub(crate) fn create_user(&mut self, name: &str, id: &str) -> Option<Change> {
        let reply = json!({"user": {"userName": name, "userId": id, "path": "/",
            "arn": arn(&format!("user/{name}"))}});
        self.reply("CreateUser", json!({"userName": name}), reply)
    }

    pub(crate) fn create_group(&mut self, name: &str, id: &str) -> Option<Change> {
        let reply = json!({"group": {"groupName": name, "groupId": id, "path": "/",
            "arn": arn(&format!("group/{name}"))}});
        self.reply("CreateGroup", json!({"groupName": name}), reply)
    }

    pub(crate) fn create_role(&mut self, name: &str, id: &str) -> Option<Change> {
        let reply = json!({"role": {"roleName": name, "roleId": id, "path": "/",
            "arn": arn(&format!("role/{name}"))}});
        let request = json!({"roleName": name, "assumeRolePolicyDocument": "{}"});
        self.reply("CreateRole", request, reply)
    }

    pub(crate) fn create_policy(&mut self, name: &str, id: &str) -> Option<Change> {
        let reply = json!({"policy": {"policyName": name, "policyId": id,
            "arn": arn(&format!("policy/{name}")), "defaultVersionId": "v1"}});
        self.reply(
            "CreatePolicy",
            json!({"policyName": name, "policyDocument": "{\"v\":1}"}),
            reply,
        )
    }

    pub(crate) fn user(&self, name: &str) -> &Identity {
        self.model.find(Kind::User, name).unwrap()
    }

    pub(crate) fn group(&self, name: &str) -> &Identity {
        self.model.find(Kind::Group, name).unwrap()
    }

    pub(crate) fn role(&self, name: &str) -> &Identity {
        self.model.find(Kind::Role, name).unwrap()
    }

    /// The gaps as `kind subject detail`.
    pub(crate) fn gaps(&self) -> Vec<String> {
        let show = |gap: &crate::Gap| format!("{:?} {} {}", gap.kind, gap.subject, gap.detail);
        self.model.gaps().iter().map(show).collect()
    }
}
