//! The policy that a set of questions needs, ready to attach.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::reads::{ALL, Part};

/// The permissions of some parts, sorted.
#[must_use]
pub fn actions(parts: &[Part]) -> Vec<&'static str> {
    let reads = ALL.iter().filter(|read| parts.contains(&read.part()));
    let actions: BTreeSet<&str> = reads.filter_map(|read| read.action()).collect();
    actions.into_iter().collect()
}

/// A policy document that allows them. The operations list and describe whatever is there, so the
/// resource is everything; none of them changes or decrypts anything.
#[must_use]
pub fn policy(parts: &[Part]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "TrailwardenReads",
            "Effect": "Allow",
            "Action": actions(parts),
            "Resource": "*",
        }],
    })
}

/// The statement that lets the same caller take a role of that name in other accounts.
#[must_use]
pub fn assume(partition: &str, role: &str, accounts: &[String]) -> Value {
    let arn = |account: &str| format!("arn:{partition}:iam::{account}:role/{role}");
    let resources: Vec<String> = match accounts {
        [] => vec![arn("*")],
        accounts => accounts.iter().map(|account| arn(account)).collect(),
    };
    json!({
        "Sid": "TrailwardenTakesTheRole",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": resources,
    })
}
