//! Whether a step that changes what a bucket lets in leaves who runs it able to take it back.
//!
//! No model has the policies of buckets, so what such a step does to others is not foreseen. Of who runs it, who
//! is of the bucket's own account, the two documents say enough in the ordinary case.
//!
//! # Invariants
//! - What is not plainly harmless counts as "may be".

use serde_json::Value;
use trailwarden_remedy::Step;
use trailwarden_remedy::calls::{same_language, statements_in};

/// The actions that take a step back, in small letters.
const MANAGES: [&str; 2] = ["s3:putbucketpolicy", "s3:deletebucketpolicy"];

/// Whether a step cannot keep callers of the account from taking it back; none where it is not about what a
/// bucket lets in.
pub(super) fn spares(step: &Step, account: &str) -> Option<bool> {
    let is_spared = match (step.service.as_str(), step.operation.as_str()) {
        // "authorized users within the bucket owner's account" keep their access ("Blocking public access to
        // your Amazon S3 storage", Amazon S3 User Guide).
        ("s3", "PutPublicAccessBlock" | "DeletePublicAccessBlock") => true,
        ("s3", "PutBucketPolicy" | "DeleteBucketPolicy") => {
            let Some(inverse) = &step.inverse else { return Some(false) };
            let (before, after) =
                (statements_in(&inverse.input, "Policy"), statements_in(&step.input, "Policy"));
            let (Some(before), Some(after)) = (before, after) else { return Some(false) };
            if !same_language(&inverse.input, &step.input, "Policy") {
                return Some(false);
            }
            let is_new = |one: &&Value| !before.contains(one);
            let is_gone = |one: &&Value| !after.contains(one);
            let mut denied = after.iter().filter(is_new).filter(|one| !is(one, "Allow"));
            let mut lost = before.iter().filter(is_gone).filter(|one| !is(one, "Deny"));
            !denied.any(|one| manages(one) && !is_about_transport(one))
                && !lost.any(|one| manages(one) && may_name(one, account))
        }
        _ => return None,
    };
    Some(is_spared)
}

fn is(statement: &Value, effect: &str) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some(effect)
}

/// Whether a statement may be about the actions that take it back.
fn manages(statement: &Value) -> bool {
    let Some(actions) = statement.get("Action").and_then(texts) else { return true };
    let is_one = |action: &&str| {
        let action = action.to_ascii_lowercase();
        match action.find(['*', '?', '$']) {
            Some(at) => {
                let begins = action.get(..at).unwrap_or_default();
                MANAGES.iter().any(|one| one.starts_with(begins))
            }
            None => MANAGES.contains(&action.as_str()),
        }
    };
    actions.iter().any(is_one)
}

/// Whether it denies calls without TLS and nothing else: ours are made with it.
fn is_about_transport(statement: &Value) -> bool {
    let condition = statement.get("Condition").and_then(Value::as_object);
    let asked = condition.and_then(|all| all.get("Bool").filter(|_| all.len() == 1));
    let asked = asked.and_then(Value::as_object).filter(|keys| keys.len() == 1);
    asked.into_iter().flatten().any(|(key, value)| {
        let is_false = value == &Value::Bool(false) || value.as_str() == Some("false");
        key.eq_ignore_ascii_case("aws:SecureTransport") && is_false
    })
}

/// Whether a statement may name somebody of the account.
fn may_name(statement: &Value, account: &str) -> bool {
    let Some(principals) = statement.get("Principal").and_then(Value::as_object) else {
        return true;
    };
    principals.iter().any(|(kind, who)| match (kind.as_str(), texts(who)) {
        ("Service", _) => false,
        ("AWS", Some(who)) => who.iter().any(|who| {
            let of = who.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
            let of = of.unwrap_or(who);
            let is_number = of.len() == 12 && of.bytes().all(|byte| byte.is_ascii_digit());
            !is_number || of == account
        }),
        _ => true,
    })
}

/// A text, or a list of texts.
fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::Array(all) => all.iter().map(Value::as_str).collect(),
        one => Some(vec![one.as_str()?]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use trailwarden_remedy::calls::{self, Before, undone};
    use trailwarden_remedy::plan::{Argument, Input};

    use super::*;

    const ACCOUNT: &str = "111122223333";

    fn policy(statements: &[Value]) -> Value {
        json!({ "Version": "2012-10-17", "Statement": statements }).to_string().into()
    }

    /// A step that puts one policy in the place of another; none of it deletes.
    fn step(before: &[Value], after: Option<&[Value]>) -> Step {
        let operation = if after.is_some() { "PutBucketPolicy" } else { "DeleteBucketPolicy" };
        let call = calls::find("s3", operation).unwrap();
        let mut input: Input = [("Bucket".to_owned(), Argument::from("b"))].into();
        if let Some(after) = after {
            input.insert("Policy".to_owned(), Argument::Plain(policy(after)));
        }
        let was = [("Policy".to_owned(), policy(before))].into_iter().collect();
        let undo = undone(call, "1", &input, &Before::Was(was));
        let mut step: Step = serde_json::from_value(json!({
            "id": "1", "purpose": "", "service": "s3", "operation": operation, "input": {}, "preconditions": [],
            "capture": [], "volatile": [], "permissions": [],
        }))
        .unwrap();
        (step.input, step.inverse) = (input, undo.inverse);
        assert!(step.inverse.is_some());
        step
    }

    fn judged(before: &[Value], after: Option<&[Value]>) -> Option<bool> {
        spares(&step(before, after), ACCOUNT)
    }

    fn allow(who: Value, action: &str) -> Value {
        json!({ "Effect": "Allow", "Principal": who, "Action": action, "Resource": "*" })
    }

    fn deny(action: &str, condition: Value) -> Value {
        json!({ "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", "Condition": condition })
    }

    #[test]
    fn an_opened_bucket_is_shut_again_without_a_word() {
        let own = allow(json!({ "AWS": "arn:aws:iam::111122223333:root" }), "s3:*");
        let transport = deny("s3:*", json!({ "Bool": { "aws:SecureTransport": "false" } }));
        let reads = allow(json!("*"), "s3:GetObject");
        let foreign = allow(json!({ "AWS": ["arn:aws:iam::999988887777:root"] }), "s3:*");
        let service = allow(json!({ "Service": "cloudtrail.amazonaws.com" }), "s3:*");
        for (before, after) in [
            (vec![own.clone(), reads.clone()], vec![own.clone()]),
            (vec![foreign.clone(), service], vec![own.clone(), transport]),
            (vec![foreign, reads.clone()], vec![deny("s3:Get*", json!({}))]),
            (vec![own.clone()], vec![own.clone(), reads.clone()]),
        ] {
            assert_eq!(judged(&before, Some(&after)), Some(true), "{before:?} {after:?}");
        }
        assert_eq!(judged(&[reads], None), Some(true));
    }

    #[test]
    fn what_may_keep_the_caller_from_taking_it_back_is_not_spared() {
        let own = allow(json!({ "AWS": "arn:aws:iam::111122223333:user/op" }), "s3:*");
        let address = json!({ "NotIpAddress": { "aws:SourceIp": "192.0.2.0/24" } });
        let two = json!({ "Bool": { "aws:SecureTransport": "false" }, "Null": { "aws:TokenIssueTime": "false" } });
        for (before, after) in [
            (vec![own.clone()], vec![]),
            (vec![allow(json!({ "AWS": ["AIDAEXAMPLE"] }), "s3:Put*")], vec![]),
            (vec![allow(json!("*"), "S3:DeleteBucketPolicy")], vec![]),
            (vec![allow(json!({ "CanonicalUser": "79a59d" }), "s3:*")], vec![]),
            (vec![], vec![deny("*", json!({}))]),
            (vec![], vec![deny("s3:*", address)]),
            (vec![], vec![deny("s3:*", two)]),
            (vec![], vec![json!({ "Effect": "Deny", "Principal": "*", "NotAction": "s3:Get*" })]),
        ] {
            assert_eq!(judged(&before, Some(&after)), Some(false), "{before:?} {after:?}");
        }
        let alone = std::slice::from_ref(&own);
        assert_eq!(judged(alone, None), Some(false));
        // Its variables are plain text by the older version of the language.
        let mut older = step(alone, Some(alone));
        let text = policy(alone).as_str().unwrap().replace("2012-10-17", "2008-10-17");
        older.input.insert("Policy".to_owned(), Argument::Plain(text.into()));
        assert_eq!(spares(&older, ACCOUNT), Some(false));
        // What was before is not known.
        let mut bare = step(&[], Some(&[]));
        bare.inverse = None;
        assert_eq!(spares(&bare, ACCOUNT), Some(false));
    }

    /// What other callers it lets in or shuts out stays not foreseen; whoever runs it is not of them.
    #[test]
    fn a_block_of_public_access_leaves_the_account_its_own() {
        for (operation, is_spared) in [("PutPublicAccessBlock", Some(true)), ("PutBucketAcl", None)]
        {
            let mut one = step(&[], Some(&[]));
            one.operation = operation.to_owned();
            assert_eq!(spares(&one, ACCOUNT), is_spared, "{operation}");
        }
    }
}
