//! Whether a step takes access away, by its call and its parameters.
//!
//! What a plan's file says of itself counts for nothing here: whoever edits the steps edits the words
//! beside them. What was before stands in the undo, which is held to what is asked right before the
//! call (`plan/inverses.rs`).
//!
//! # Invariants
//! - What is not plainly harmless takes something away.
//!
//! Sources: IAM API Reference, `DeletePolicy` and `DeletePolicyVersion` (AWS refuses a policy that
//! somebody holds, and the version that counts); IAM User Guide, "Permissions boundaries" (a boundary
//! only takes away) and "Policy evaluation logic" (statements that allow add up; one that denies wins).

use serde_json::Value;

use super::find;
use crate::documents;
use crate::plan::{Input, Step};

/// Whether a call takes access away; see [`taking`].
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// From nobody.
    Nothing,
    /// Only by a detour that the call does not show.
    Perhaps,
    /// Always, or for all that its parameters tell.
    Access,
    /// Where a flag is given and not off.
    WithFlag(&'static str),
    /// Where a parameter has another value than this.
    Unless(&'static str, &'static str),
    /// Where a parameter's value takes the place of anything but a denial of everything.
    OverDenial(&'static str),
    /// By what the document of a parameter no longer allows, or newly denies.
    ByDocument(&'static str),
}

/// Whether a step takes access away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Taking {
    /// From nobody.
    Nothing,
    /// Only by a detour that its call does not show: a name that a policy means, a password that is too
    /// old by new rules, the policy of a bucket.
    Perhaps,
    /// It does, or nothing shows that it does not.
    Access,
}

/// Whether a step takes access away. See the module.
#[must_use]
pub fn taking(step: &Step) -> Taking {
    let is = |takes: bool| if takes { Taking::Access } else { Taking::Nothing };
    let Some(call) = find(&step.service, &step.operation) else { return Taking::Access };
    let text = |parameter: &str| step.input.get(parameter).and_then(|it| it.as_str());
    match call.takes {
        Takes::Nothing => Taking::Nothing,
        Takes::Perhaps => Taking::Perhaps,
        Takes::Access => Taking::Access,
        Takes::WithFlag(flag) => is(step.input.get(flag).is_some_and(|it| *it != false.into())),
        Takes::Unless(parameter, value) => is(text(parameter) != Some(value)),
        Takes::OverDenial(parameter) => {
            let before = step.inverse.as_ref().and_then(|it| it.input.get(parameter)?.as_str());
            is(!before.is_some_and(|arn| arn.ends_with(":iam::aws:policy/AWSDenyAll")))
        }
        Takes::ByDocument(parameter) => is(!adds_only(step, parameter)),
    }
}

/// Whether all that was allowed before a step is allowed after it, and nothing is denied newly.
fn adds_only(step: &Step, parameter: &str) -> bool {
    let Some(inverse) = &step.inverse else { return false };
    let before = statements_in(&inverse.input, parameter);
    let after = statements_in(&step.input, parameter);
    let (Some(before), Some(after)) = (before, after) else { return false };
    if !same_language(&inverse.input, &step.input, parameter) {
        return false;
    }
    let mut gone = before.iter().filter(|one| !after.contains(one));
    let mut new = after.iter().filter(|one| !before.contains(one));
    // What is neither is a statement that nobody understands.
    gone.all(|one| is(one, "Deny")) && new.all(|one| is(one, "Allow"))
}

/// The statements of the document that a call sets; none of a call that sets no document.
#[must_use]
pub fn statements_in(input: &Input, parameter: &str) -> Option<Vec<Value>> {
    let Some(argument) = input.get(parameter) else { return Some(Vec::new()) };
    let document = match argument.as_plain()? {
        Value::String(text) => documents::parse(text)?,
        other => other.clone(),
    };
    document.get("Statement")?;
    Some(documents::statements(&document))
}

/// Whether two documents are of one version of the language, where there are two: by the older one variables in
/// statements are plain text ("Version", IAM JSON policy elements).
#[must_use]
pub fn same_language(before: &Input, after: &Input, parameter: &str) -> bool {
    match (version_in(before, parameter), version_in(after, parameter)) {
        (Some(before), Some(after)) => before == after,
        _ => true,
    }
}

fn version_in(input: &Input, parameter: &str) -> Option<Value> {
    let document = match input.get(parameter)?.as_plain()? {
        Value::String(text) => documents::parse(text)?,
        other => other.clone(),
    };
    Some(document.get("Version").cloned().unwrap_or_else(|| "2008-10-17".into()))
}

fn is(statement: &Value, effect: &str) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some(effect)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::calls::{Before, undone};

    fn step(api: &str, input: &Value, before: &Before) -> Step {
        let (service, operation) = api.split_once(':').unwrap();
        let input: Input = serde_json::from_value(input.clone()).unwrap();
        let undo = undone(find(service, operation).unwrap(), "1", &input, before);
        let mut step: Step = serde_json::from_value(json!({
            "id": "1", "purpose": "", "service": service, "operation": operation, "input": {}, "preconditions": [],
            "capture": [], "volatile": [], "permissions": [],
        }))
        .unwrap();
        (step.input, step.inverse) = (input, undo.inverse);
        step
    }

    fn of(statements: &[&Value]) -> String {
        json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
    }

    fn put(before: Option<&[&Value]>, after: &[&Value]) -> Taking {
        let input = json!({ "UserName": "a", "PolicyName": "p", "PolicyDocument": of(after) });
        let before = before.map(|it| Before::was("PolicyDocument", of(it)));
        taking(&step("iam:PutUserPolicy", &input, &before.unwrap_or(Before::Absent)))
    }

    #[test]
    fn a_document_takes_what_it_no_longer_allows_or_newly_denies() {
        let read = json!({ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" });
        let list = json!({ "Effect": "Allow", "Action": "s3:List*", "Resource": "*" });
        let deny = json!({ "Effect": "Deny", "Action": "s3:Put*", "Resource": "*" });
        let odd = json!({ "Effect": "deny", "Action": "*", "Resource": "*" });
        for (before, after) in [
            (None, vec![&read]),
            (Some(vec![&read]), vec![&read, &list]),
            (Some(vec![&read, &deny]), vec![&list, &read]),
        ] {
            let taken = put(before.as_deref(), &after);
            assert_eq!(taken, Taking::Nothing, "{before:?} {after:?}");
        }
        for (before, after) in [
            (None, vec![&deny]),
            (None, vec![&odd]),
            (Some(vec![&read, &list]), vec![&list]),
            (Some(vec![&read]), vec![&read, &deny]),
            (Some(vec![&odd]), vec![&read]),
        ] {
            let taken = put(before.as_deref(), &after);
            assert_eq!(taken, Taking::Access, "{before:?} {after:?}");
        }
    }

    /// By the older version of the language `${aws:username}` is no variable, and allows nothing.
    #[test]
    fn another_version_of_the_language_may_take_something_away() {
        let own = json!({ "Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}" });
        let (new, old) = (of(&[&own]), of(&[&own]).replace("2012-10-17", "2008-10-17"));
        for (after, expected) in [(&new, Taking::Nothing), (&old, Taking::Access)] {
            let input = json!({ "UserName": "a", "PolicyName": "p", "PolicyDocument": after });
            let before = Before::was("PolicyDocument", new.clone());
            assert_eq!(taking(&step("iam:PutUserPolicy", &input, &before)), expected, "{after}");
        }
    }

    #[test]
    fn what_is_taken_away_follows_from_the_parameters() {
        let key = |status: &str| json!({ "UserName": "a", "AccessKeyId": "k", "Status": status });
        let inline = json!({ "UserName": "a", "PolicyName": "p" });
        let was = |statement: Value| Before::was("PolicyDocument", of(&[&statement]));
        let denial = was(json!({ "Effect": "Deny", "Action": "*", "Resource": "*" }));
        let grant = was(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
        let bound = |arn: &str| json!({ "UserName": "a", "PermissionsBoundary": arn });
        let own = "arn:aws:iam::111122223333:policy/b";
        let deny_all = "arn:aws:iam::aws:policy/AWSDenyAll";
        let boundary = |arn: &str| Before::was("PermissionsBoundary", arn);
        for (api, input, before, expected) in [
            (
                "iam:UpdateAccessKey",
                key("Active"),
                Before::was("Status", "Inactive"),
                Taking::Nothing,
            ),
            (
                "iam:UpdateAccessKey",
                key("Inactive"),
                Before::was("Status", "Active"),
                Taking::Access,
            ),
            ("iam:DeleteUserPolicy", inline.clone(), denial, Taking::Nothing),
            ("iam:DeleteUserPolicy", inline.clone(), grant, Taking::Access),
            // What was there is not known.
            ("iam:DeleteUserPolicy", inline, Before::Absent, Taking::Access),
            ("iam:PutUserPermissionsBoundary", bound(own), boundary(deny_all), Taking::Nothing),
            ("iam:PutUserPermissionsBoundary", bound(deny_all), boundary(own), Taking::Access),
            ("iam:PutUserPermissionsBoundary", bound(own), Before::Absent, Taking::Access),
        ] {
            assert_eq!(taking(&step(api, &input, &before)), expected, "{api} {input}");
        }
    }
}
