//! What a trust policy lacks: the condition that ties each statement to us.

use serde_json::{Map, Value};

use crate::documents;
use crate::subject::Known;

/// The statement, tied to the organization, to the account where that is in none, or to the account that services act
/// for; or why a person must choose.
///
/// Sources: "AWS global condition context keys" (IAM User Guide), `aws:PrincipalOrgID`, `aws:PrincipalAccount`; "The confused
/// deputy problem" (IAM User Guide), `aws:SourceAccount`.
pub(crate) fn tied(
    statement: &Value,
    organization: &Known<String>,
    account: &str,
) -> Result<Value, &'static str> {
    // A condition on a denial would let in whom it keeps out.
    if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
        return Err(DENIAL);
    }
    let (key, value) = match statement.get("Principal") {
        Some(Value::String(_)) => of_everybody(organization, account)?,
        Some(Value::Object(kinds)) => {
            let mut names = kinds.iter().map(|(name, who)| (name.as_str(), who));
            match (names.next(), names.next()) {
                (Some(("AWS", who)), None) if is_everybody(who) => {
                    of_everybody(organization, account)?
                }
                (Some(("AWS", _)), None) => match organization {
                    Known::Is(id) => ("aws:PrincipalOrgID", id.as_str()),
                    Known::Absent => return Err(ALONE),
                    Known::Unknown => return Err(NO_ORGANIZATION),
                },
                (Some(("Service", _)), None) => {
                    let tied = documents::with_condition(statement, SOURCE, account);
                    return tied.or_else(|| bound(statement, account)).ok_or(CHOSEN);
                }
                (Some(("Federated", _)), None) => return Err(FEDERATED),
                _ => return Err(MIXED),
            }
        }
        _ => return Err(MIXED),
    };
    documents::with_condition(statement, key, value).ok_or(CHOSEN)
}

/// The statement with the account in the place of a wildcard that covers it; none where the condition names others,
/// whom somebody chose.
fn bound(statement: &Value, account: &str) -> Option<Value> {
    let mut changed = statement.clone();
    let conditions = changed.get_mut("Condition")?.as_object_mut()?;
    for (operator, keys) in conditions.iter_mut() {
        let keys = keys.as_object_mut()?;
        let Some(key) = keys.keys().find(|key| key.eq_ignore_ascii_case(SOURCE)).cloned() else {
            continue;
        };
        let operator = operator.to_ascii_lowercase();
        if operator.contains("not") || operator.contains("null") {
            return None;
        }
        let values = keys.remove(&key)?;
        let values = values.as_array().map_or(std::slice::from_ref(&values), Vec::as_slice);
        let mut texts = values.iter().filter_map(Value::as_str);
        if !texts.any(|pattern| covers(pattern.as_bytes(), account.as_bytes())) {
            return None;
        }
    }
    conditions.retain(|_, keys| keys.as_object().is_none_or(|keys| !keys.is_empty()));
    let exactly = conditions.entry("StringEquals").or_insert_with(|| Value::Object(Map::new()));
    exactly.as_object_mut()?.insert(SOURCE.to_owned(), account.into());
    Some(changed)
}

/// Whether a pattern covers an account's number. Longer ones than a number takes are none that somebody wrote for one.
fn covers(pattern: &[u8], account: &[u8]) -> bool {
    match (pattern.split_first(), account.split_first()) {
        _ if pattern.len() > PATTERN_MAX => false,
        (None, None) => true,
        (Some((b'*', [b'*', ..])), _) => {
            pattern.split_first().is_some_and(|(_, rest)| covers(rest, account))
        }
        (Some((b'*', rest)), _) => {
            covers(rest, account)
                || account.split_first().is_some_and(|(_, it)| covers(pattern, it))
        }
        (Some((b'?', rest)), Some((_, behind))) => covers(rest, behind),
        (Some((one, rest)), Some((other, behind))) => one == other && covers(rest, behind),
        _ => false,
    }
}

const PATTERN_MAX: usize = 16;
const SOURCE: &str = "aws:SourceAccount";

/// What everybody is narrowed to: all whom an account knows by itself.
fn of_everybody<'a>(
    organization: &'a Known<String>,
    account: &'a str,
) -> Result<(&'static str, &'a str), &'static str> {
    match organization {
        Known::Is(id) => Ok(("aws:PrincipalOrgID", id)),
        Known::Absent => Ok(("aws:PrincipalAccount", account)),
        Known::Unknown => Err(NO_ORGANIZATION),
    }
}

/// Whether a principal's value names everybody, and nobody besides, who may be of another account.
fn is_everybody(who: &Value) -> bool {
    let all = who.as_array().map_or(std::slice::from_ref(who), Vec::as_slice);
    all.iter().all(|one| one.as_str() == Some("*"))
}

const DENIAL: &str = "the statement denies, and a condition on it would let more in: look at the statements that allow";
const NO_ORGANIZATION: &str = "the account's organization is not known, so nothing says who belongs to it: name the trusted roles in the trust policy one by one";
const ALONE: &str = "the account is in no organization, so that nothing says which of another account's principals are meant: name the trusted roles in the trust policy one by one, or ask for an `sts:ExternalId`";
const FEDERATED: &str = "only who runs the provider knows which tokens are meant: add conditions on the provider's `sub` and `aud` to the trust policy";
const MIXED: &str =
    "the statement trusts principals of several kinds: split it, then tie each part to its owner";
const CHOSEN: &str = "the statement has a condition on that key already: correct its value by hand";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of_service(condition: Value) -> Result<Value, &'static str> {
        let statement = json!({ "Effect": "Allow", "Principal": { "Service": "sns.amazonaws.com" },
            "Action": "sts:AssumeRole", "Condition": condition });
        let tied = tied(&statement, &Known::Unknown, "111122223333")?;
        Ok(tied.get("Condition").cloned().unwrap())
    }

    #[test]
    fn a_wildcard_in_the_place_of_the_account_becomes_the_account() {
        let own = json!({ "StringEquals": { "aws:SourceAccount": "111122223333" } });
        for pattern in [json!("*"), json!("1111*"), json!(["9*", "11112222????"])] {
            let was = json!({ "StringLike": { "AWS:SourceAccount": pattern } });
            assert_eq!(of_service(was), Ok(own.clone()));
        }
        let if_there = json!({ "StringEqualsIfExists": { "aws:SourceAccount": "111122223333" } });
        assert_eq!(of_service(if_there), Ok(own));
        let arn = json!({ "ArnLike": { "aws:SourceArn": "arn:aws:config:*:*:*" } });
        let both = of_service(arn.clone()).unwrap();
        assert_eq!(both["ArnLike"], arn["ArnLike"]);
        assert_eq!(both["StringEquals"]["aws:SourceAccount"], "111122223333");
    }

    /// Somebody else's account was meant: to name ours in its place would shut that out.
    #[test]
    fn a_condition_that_leaves_the_account_out_is_not_replaced() {
        for condition in [
            json!({ "StringLike": { "aws:SourceAccount": "9999*" } }),
            json!({ "StringNotLike": { "aws:SourceAccount": "1*" } }),
            json!({ "StringLike": { "aws:SourceAccount": "*1*1*1*1*1*1*1*1*1*" } }),
        ] {
            assert_eq!(of_service(condition.clone()), Err(CHOSEN), "{condition}");
        }
    }
}
