//! Policy documents that plans write: denials of our own, and documents of others with a part taken out
//! or a condition added.
//!
//! What is restored is restored as it was, letter by letter; only what is changed is written anew.

mod canonical;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use trailwarden_model::Timestamp;

pub use canonical::{is_same_policy, is_same_value, without_deleted};

/// The inline policy that the console writes when sessions of a role are revoked.
pub const REVOKE: &str = "AWSRevokeOlderSessions";
/// The inline policy that denies everything.
pub const QUARANTINE: &str = "trailwarden-quarantine";
/// The inline policy that denies everything but setting up MFA.
pub const REQUIRE_MFA: &str = "trailwarden-require-mfa";

/// The JSON of a document; `None` for what is no object.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(Value::is_object)
}

/// How many characters of a document count for quotas: AWS leaves out white space ("IAM and STS
/// quotas", IAM User Guide).
#[must_use]
pub fn size(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

fn document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Denies everything to temporary credentials that were issued before a time. Long-term keys have no
/// such time and are not concerned ("Revoke IAM role temporary security credentials", IAM User Guide).
#[must_use]
pub fn deny_older_sessions(cutoff: Timestamp) -> String {
    let statement = json!({
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": { "DateLessThan": { "aws:TokenIssueTime": cutoff.to_string() } },
    });
    document(vec![statement]).to_string()
}

/// Denies everything.
#[must_use]
pub fn deny_everything() -> String {
    document(vec![json!({ "Effect": "Deny", "Action": "*", "Resource": "*" })]).to_string()
}

/// A trust policy that lets nobody in; a trust policy cannot be empty.
#[must_use]
pub fn trust_nobody() -> Value {
    document(vec![json!({ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole" })])
}

/// Denies everything without MFA but what setting MFA up takes, and allows that ("AWS: Allows
/// MFA-authenticated IAM users to manage their own credentials", IAM User Guide).
///
/// Long-term keys carry no sign of MFA: `is_for_keys` denies them too, by counting a missing key as
/// "no"; otherwise only sessions that say that there was no MFA are denied.
#[must_use]
pub fn deny_unless_mfa(partition: &str, account: &str, is_for_keys: bool) -> String {
    let own_user = format!("arn:{partition}:iam::{account}:user/${{aws:username}}");
    let device = format!("arn:{partition}:iam::{account}:mfa/*");
    let operator = if is_for_keys { "BoolIfExists" } else { "Bool" };
    let own = [
        "iam:ChangePassword",
        "iam:EnableMFADevice",
        "iam:GetMFADevice",
        "iam:GetUser",
        "iam:ListMFADevices",
        "iam:ResyncMFADevice",
    ];
    let free = ["iam:CreateVirtualMFADevice", "iam:ListVirtualMFADevices", "sts:GetSessionToken"];
    let spared: BTreeSet<&str> = own.into_iter().chain(free).collect();
    document(vec![
        json!({ "Sid": "SetUpOwnMfa", "Effect": "Allow", "Action": own, "Resource": own_user }),
        json!({
            "Sid": "CreateDevice",
            "Effect": "Allow",
            "Action": "iam:CreateVirtualMFADevice",
            "Resource": device,
        }),
        json!({
            "Sid": "ListDevices",
            "Effect": "Allow",
            "Action": "iam:ListVirtualMFADevices",
            "Resource": "*",
        }),
        json!({
            "Sid": "NothingElseWithoutMfa",
            "Effect": "Deny",
            "NotAction": spared,
            "Resource": "*",
            "Condition": { operator: { "aws:MultiFactorAuthPresent": "false" } },
        }),
    ])
    .to_string()
}

/// The statements of a document, which may hold one that is no list.
#[must_use]
pub fn statements(document: &Value) -> Vec<Value> {
    match document.get("Statement") {
        Some(Value::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

/// The document with other statements.
#[must_use]
pub fn with_statements(document: &Value, statements: Vec<Value>) -> Value {
    let mut changed = document.clone();
    if let Some(members) = changed.as_object_mut() {
        members.insert("Statement".to_owned(), Value::Array(statements));
    }
    changed
}

/// Whether a document has all of these statements, which are counted from 0.
#[must_use]
pub fn has_statements(document: &Value, wanted: &BTreeSet<usize>) -> bool {
    let count = statements(document).len();
    wanted.iter().all(|at| *at < count)
}

/// The document without some statements, which are counted from 0; `None` when nothing stays.
#[must_use]
pub fn without(document: &Value, removed: &BTreeSet<usize>) -> Option<Value> {
    let kept = statements(document).into_iter().enumerate().filter(|(at, _)| !removed.contains(at));
    let kept: Vec<Value> = kept.map(|(_, statement)| statement).collect();
    (!kept.is_empty()).then(|| with_statements(document, kept))
}

/// The statement with one more condition; `None` when it has one on that key already, which somebody
/// chose.
#[must_use]
pub fn with_condition(statement: &Value, key: &str, value: &str) -> Option<Value> {
    let mut changed = statement.clone();
    let conditions = changed
        .as_object_mut()?
        .entry("Condition")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()?;
    let is_set = conditions
        .values()
        .filter_map(Value::as_object)
        .any(|keys| keys.keys().any(|present| present.eq_ignore_ascii_case(key)));
    if is_set {
        return None;
    }
    let operator = conditions.entry("StringEquals").or_insert_with(|| Value::Object(Map::new()));
    operator.as_object_mut()?.insert(key.to_owned(), value.into());
    Some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_taken_out_and_nothing_is_left_empty() {
        let one: Value = json!({ "Version": "2012-10-17", "Statement": { "Sid": "a" } });
        assert_eq!(without(&one, &BTreeSet::from([0])), None);
        let two = json!({ "Id": "x", "Statement": [{ "Sid": "a" }, { "Sid": "b" }] });
        let left = without(&two, &BTreeSet::from([0])).unwrap();
        assert_eq!(left, json!({ "Id": "x", "Statement": [{ "Sid": "b" }] }));
        assert!(has_statements(&two, &BTreeSet::from([1])));
        assert!(!has_statements(&two, &BTreeSet::from([1, 2])));
    }

    #[test]
    fn a_condition_that_somebody_chose_is_not_replaced() {
        let statement = json!({ "Condition": { "StringLike": { "AWS:PrincipalOrgId": "o-1" } } });
        assert_eq!(with_condition(&statement, "aws:PrincipalOrgID", "o-2"), None);
        let statement = json!({ "Condition": { "StringEquals": { "sts:ExternalId": "x" } } });
        let changed = with_condition(&statement, "aws:PrincipalOrgID", "o-2").unwrap();
        let expected = json!({ "sts:ExternalId": "x", "aws:PrincipalOrgID": "o-2" });
        assert_eq!(changed["Condition"]["StringEquals"], expected);
    }

    /// "Comparing MFA conditions" (IAM User Guide): requests with long-term keys have no such key.
    #[test]
    fn long_term_keys_are_denied_only_where_asked() {
        assert!(deny_unless_mfa("aws", "111122223333", true).contains("BoolIfExists"));
        assert!(!deny_unless_mfa("aws", "111122223333", false).contains("BoolIfExists"));
    }
}
