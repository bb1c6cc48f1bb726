//! Hand-made trails, and what each call of them does.

mod account;
mod behind;
mod behind_all;
mod beside;
mod carriers;
mod conditions;
mod entrances;
mod hours;
mod known;
mod names;
mod organization;
mod outsiders;
mod permission_sets;
mod policies;
mod properties;
mod replaced;
mod said;
mod sentences;
mod sides;
mod trusts;
mod unseen;

use serde_json::{Value, json};
use trailwarden_model::Severity;
use trailwarden_policy::reach::Grade;
use trailwarden_record::Event;
use trailwarden_record::row::Place;

use super::{Actor, Effect, Moved, Verdict, judge};
use crate::access::World;
use crate::entry::order_of;
use crate::models::Models;
use crate::trail::{arn, by_role, by_user, record};

/// Calls in a row, and the models that they make.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) models: Models,
    second: i64,
}

impl Trail {
    pub(super) fn new() -> Self {
        Self::default()
    }

    fn next(
        &mut self,
        service: &str,
        name: &str,
        request: Value,
        reply: Value,
        extra: Value,
    ) -> Event {
        self.second += 1;
        record(self.second, self.second as usize, service, name, request, reply, extra)
    }

    fn fold(&mut self, event: &Event) -> Effect {
        match self.models.apply(event, order_of(event), Place::default()) {
            Some(change) => judge(World::of(&self.models), &change, Actor::of(event).as_ref()),
            None => Effect::none(event.account.unwrap()),
        }
    }

    /// A call of IAM by root.
    pub(super) fn iam(&mut self, name: &str, request: Value) -> Effect {
        self.call("iam", name, request, Value::Null, Value::Null)
    }

    /// A call of IAM by a user.
    pub(super) fn by(&mut self, user: &str, name: &str, request: Value) -> Effect {
        let caller = by_user(user, &format!("AIDA{}", user.to_uppercase()));
        self.call("iam", name, request, Value::Null, caller)
    }

    /// A call of IAM by a session of a role.
    pub(super) fn by_role(&mut self, role: &str, name: &str, request: Value) -> Effect {
        let caller = by_role(role, &format!("AROA{}", role.to_uppercase()));
        self.call("iam", name, request, Value::Null, caller)
    }

    pub(super) fn call(
        &mut self,
        service: &str,
        name: &str,
        request: Value,
        reply: Value,
        extra: Value,
    ) -> Effect {
        let event = self.next(service, name, request, reply, extra);
        self.fold(&event)
    }

    pub(super) fn user(&mut self, name: &str) -> Effect {
        let reply = json!({"user": {"userName": name, "userId": format!("AIDA{}", name.to_uppercase()),
            "path": "/", "arn": arn(&format!("user/{name}"))}});
        self.call("iam", "CreateUser", json!({"userName": name}), reply, Value::Null)
    }

    pub(super) fn group(&mut self, name: &str, members: &[&str]) {
        let reply = json!({"group": {"groupName": name, "groupId": format!("AGPA{}", name.to_uppercase()),
            "path": "/", "arn": arn(&format!("group/{name}"))}});
        self.call("iam", "CreateGroup", json!({"groupName": name}), reply, Value::Null);
        for member in members {
            self.iam("AddUserToGroup", json!({"userName": member, "groupName": name}));
        }
    }

    pub(super) fn role(&mut self, name: &str, trust: &Value) -> Effect {
        let reply = json!({"role": {"roleName": name, "roleId": format!("AROA{}", name.to_uppercase()),
            "path": "/", "arn": arn(&format!("role/{name}"))}});
        let request = json!({"roleName": name, "assumeRolePolicyDocument": trust.to_string()});
        self.call("iam", "CreateRole", request, reply, Value::Null)
    }

    pub(super) fn policy(&mut self, name: &str, document: &str) -> Effect {
        let reply = json!({"policy": {"policyName": name, "policyId": format!("ANPA{}", name.to_uppercase()),
            "arn": arn(&format!("policy/{name}")), "defaultVersionId": "v1"}});
        let request = json!({"policyName": name, "policyDocument": document});
        self.call("iam", "CreatePolicy", request, reply, Value::Null)
    }

    pub(super) fn version(
        &mut self,
        name: &str,
        version: &str,
        document: &str,
        is_default: bool,
    ) -> Effect {
        let request = json!({"policyArn": arn(&format!("policy/{name}")), "policyDocument": document,
            "setAsDefault": is_default});
        let reply =
            json!({"policyVersion": {"versionId": version, "isDefaultVersion": is_default}});
        self.call("iam", "CreatePolicyVersion", request, reply, Value::Null)
    }

    pub(super) fn put(&mut self, user: &str, document: &str) -> Effect {
        self.iam(
            "PutUserPolicy",
            json!({"userName": user, "policyName": "p", "policyDocument": document}),
        )
    }
}

pub(super) fn policy_of(statements: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

pub(super) fn allow(actions: &[&str], resource: &str) -> String {
    policy_of(json!([{"Effect": "Allow", "Action": actions, "Resource": resource}]))
}

pub(super) fn admin() -> String {
    allow(&["*"], "*")
}

/// A trust policy that lets in these, such as `{"AWS": "..."}`.
pub(super) fn trusting(who: Value) -> Value {
    let action = match who.get("Federated").and_then(Value::as_str) {
        Some(arn) if arn.contains(":saml-provider/") => "sts:AssumeRoleWithSAML",
        Some(_) => "sts:AssumeRoleWithWebIdentity",
        None => "sts:AssumeRole",
    };
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": who, "Action": action}]})
}

pub(super) fn to_lambda() -> Value {
    trusting(json!({"Service": "lambda.amazonaws.com"}))
}

/// The labels of those who moved.
pub(super) fn who(effect: &Effect) -> Vec<&str> {
    effect.moved.iter().map(|moved| moved.label.as_str()).collect()
}

pub(super) fn only(effect: &Effect) -> &Moved {
    assert_eq!(effect.moved.len(), 1, "{}: {:?}", effect.sentence(), who(effect));
    &effect.moved[0]
}
