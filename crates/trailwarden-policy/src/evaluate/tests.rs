//! Decisions, each after a page of AWS. The numbered facts have case files of their own
//! (`fixtures/policy`); here stand the edges of the code.

mod conditions;
mod explanations;
mod layers;
mod matching;
mod unknowns;

use serde_json::{Value, json};

use crate::cases::{Case, with_input};
use crate::evaluate::{Decision, Input, decide, evaluate};

const USER: &str = "arn:aws:iam::111122223333:user/bob";
const ROLE: &str = "arn:aws:iam::111122223333:role/team/app";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/one";
const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/bob";
const ROOT: &str = "arn:aws:iam::111122223333:root";
const OBJECT: &str = "arn:aws:s3:::bucket/key";
const OTHER_ACCOUNT: &str = "999988887777";

/// A request of `bob` for an object, and what is given about it.
fn decision(given: Value) -> Decision {
    let mut case = json!({ "principal": USER, "action": "s3:GetObject", "resource": OBJECT });
    for (key, value) in given.as_object().unwrap() {
        case[key] = value.clone();
    }
    let ask = |input: &Input<'_>| (decide(input), evaluate(input));
    let (outcome, decision) = with_input(&Case::parse(&case.to_string()).unwrap(), ask).unwrap();
    assert_eq!(outcome, decision.outcome);
    decision
}

fn outcome(given: Value) -> &'static str {
    decision(given).outcome.name()
}

fn blocked_by(given: Value) -> Vec<&'static str> {
    decision(given).blocked_by.into_iter().map(|layer| layer.name()).collect()
}

fn document(statement: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statement })
}

fn allow(action: &str, resource: &str) -> Value {
    document(json!({ "Effect": "Allow", "Action": action, "Resource": resource }))
}

fn deny(action: &str, resource: &str) -> Value {
    document(json!({ "Effect": "Deny", "Action": action, "Resource": resource }))
}

fn allow_all() -> Value {
    allow("*", "*")
}

/// A resource policy that allows everything to a principal.
fn grant(principal: Value) -> Value {
    let statement =
        json!({ "Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*" });
    document(statement)
}

/// What an identity policy with one condition gives, in a context.
fn with_condition(operator: &str, value: Value, context: Value) -> &'static str {
    let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { operator: { "k": value } } });
    outcome(json!({ "identityPolicies": [document(statement)], "context": context }))
}
