//! What a trust policy lacks: the condition that ties each statement to us.

use serde_json::Value;

use crate::documents;

/// The statement, tied to the organization or to the account that services act for; or why a person
/// must choose.
///
/// Sources: "AWS global condition context keys" (IAM User Guide), `aws:PrincipalOrgID`; "The confused
/// deputy problem" (IAM User Guide), `aws:SourceAccount`.
pub(crate) fn tied(
    statement: &Value,
    organization: Option<&str>,
    account: &str,
) -> Result<Value, &'static str> {
    // A condition on a denial would let in whom it keeps out.
    if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
        return Err(DENIAL);
    }
    let (key, value) = match statement.get("Principal") {
        Some(Value::String(_)) => ("aws:PrincipalOrgID", organization.ok_or(NO_ORGANIZATION)?),
        Some(Value::Object(kinds)) => {
            let mut names = kinds.keys().map(String::as_str);
            match (names.next(), names.next()) {
                (Some("AWS"), None) => ("aws:PrincipalOrgID", organization.ok_or(NO_ORGANIZATION)?),
                (Some("Service"), None) => ("aws:SourceAccount", account),
                (Some("Federated"), None) => return Err(FEDERATED),
                _ => return Err(MIXED),
            }
        }
        _ => return Err(MIXED),
    };
    documents::with_condition(statement, key, value).ok_or(CHOSEN)
}

const DENIAL: &str = "the statement denies, and a condition on it would let more in: look at the statements that allow";
const NO_ORGANIZATION: &str = "the account's organization is not known, so nothing says who belongs to it: name the trusted roles in the trust policy one by one";
const FEDERATED: &str = "only who runs the provider knows which tokens are meant: add conditions on the provider's `sub` and `aud` to the trust policy";
const MIXED: &str =
    "the statement trusts principals of several kinds: split it, then tie each part to its owner";
const CHOSEN: &str = "the statement has a condition on that key already: correct its value by hand";
