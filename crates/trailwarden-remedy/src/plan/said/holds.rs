//! Whether a call's parameters bear words out.

use serde_json::{Value, json};

use super::super::{Argument, Step};
use crate::calls::statements_in;
use crate::documents;

pub(super) fn any(_: &Step) -> bool {
    true
}

fn text<'a>(step: &'a Step, name: &str) -> Option<&'a str> {
    step.input.get(name)?.as_str()
}

fn is_set(step: &Step, name: &str, value: &Value) -> bool {
    step.input.get(name).and_then(Argument::as_plain) == Some(value)
}

/// The statements of a document of a policy that has the name.
fn of_policy(step: &Step, name: &str) -> Option<Vec<Value>> {
    let is_it = text(step, "PolicyName") == Some(name);
    statements_in(&step.input, "PolicyDocument").filter(|all| is_it && !all.is_empty())
}

fn denies(statement: &Value) -> bool {
    statement.get("Effect") == Some(&json!("Deny"))
}

/// Whether it denies all actions on all things.
fn denies_all(statement: &Value) -> bool {
    let is_all =
        |name: &str| statement.get(name).is_some_and(|it| *it == json!("*") || *it == json!(["*"]));
    denies(statement) && is_all("Action") && is_all("Resource")
}

pub(super) fn quarantines(step: &Step) -> bool {
    let all = of_policy(step, documents::QUARANTINE).unwrap_or_default();
    all.iter().all(denies) && all.iter().any(|it| denies_all(it) && it.get("Condition").is_none())
}

pub(super) fn ends_sessions(step: &Step) -> bool {
    let all = of_policy(step, documents::REVOKE).unwrap_or_default();
    let by_time =
        |it: &Value| it.get("Condition").is_some_and(|it| has_key(it, "aws:TokenIssueTime"));
    all.iter().all(denies) && all.iter().any(|it| denies_all(it) && by_time(it))
}

/// Whether it is the document that our own remediation writes, which allows somebody to set a device up besides.
pub(super) fn needs_mfa(step: &Step) -> bool {
    if text(step, "PolicyName") != Some(documents::REQUIRE_MFA) {
        return false;
    }
    let Some(document) = text(step, "PolicyDocument") else { return false };
    let arn = document.split("\"arn:").nth(1).map(|rest| rest.splitn(6, ':').collect::<Vec<_>>());
    let Some([partition, _, _, account, ..]) = arn.as_deref() else { return false };
    [true, false].into_iter().any(|is_for_keys| {
        let ours = documents::deny_unless_mfa(partition, account, is_for_keys);
        documents::is_same_policy(&ours.into(), &document.into())
    })
}

/// Whether a condition tests a key, by any operator.
fn has_key(condition: &Value, key: &str) -> bool {
    let operators = condition.as_object().into_iter().flat_map(|all| all.values());
    operators
        .filter_map(Value::as_object)
        .any(|keys| keys.keys().any(|it| it.eq_ignore_ascii_case(key)))
}

pub(super) fn may_change(step: &Step) -> bool {
    text(step, "PolicyArn")
        .is_some_and(|arn| arn.ends_with(":iam::aws:policy/IAMUserChangePassword"))
}

pub(super) fn makes_default(step: &Step) -> bool {
    is_set(step, "SetAsDefault", &json!(true))
}

pub(super) fn follows_maker(step: &Step) -> bool {
    matches!(step.input.get("VersionId"), Some(Argument::Result { .. }))
}

pub(super) fn denies_by_boundary(step: &Step) -> bool {
    text(step, "PermissionsBoundary")
        .is_some_and(|arn| arn.ends_with(":iam::aws:policy/AWSDenyAll"))
}

pub(super) fn is_off(step: &Step) -> bool {
    is_set(step, "Status", &json!("Inactive"))
}

pub(super) fn is_on(step: &Step) -> bool {
    is_set(step, "Status", &json!("Active"))
}

pub(super) fn gives_password(step: &Step) -> bool {
    matches!(step.input.get("Password"), Some(Argument::Made { .. }))
        && is_set(step, "PasswordResetRequired", &json!(true))
}

pub(super) fn asks_for_password(step: &Step) -> bool {
    !step.input.contains_key("Password") && is_set(step, "PasswordResetRequired", &json!(true))
}

/// Whether a name changes.
pub(super) fn renames(step: &Step) -> bool {
    let pairs = [("UserName", "NewUserName"), ("GroupName", "NewGroupName")];
    pairs
        .into_iter()
        .any(|(old, new)| text(step, new).is_some_and(|new| text(step, old) != Some(new)))
}

/// Whether only the path changes.
pub(super) fn moves(step: &Step) -> bool {
    let pairs = [("UserName", "NewUserName"), ("GroupName", "NewGroupName")];
    let stays = pairs
        .into_iter()
        .all(|(old, new)| text(step, new).is_none_or(|new| text(step, old) == Some(new)));
    stays && step.input.contains_key("NewPath")
}

/// Whether all management events are selected, by a selector that leaves none out.
pub(super) fn selects_all(step: &Step) -> bool {
    let items = |name: &str| {
        let list = step.input.get(name).and_then(Argument::as_plain);
        list.and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let basic = |one: &Value| {
        let is_none_left_out = one
            .get("ExcludeManagementEventSources")
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty);
        one.get("IncludeManagementEvents") != Some(&json!(false))
            && one.get("ReadWriteType").is_none_or(|it| *it == json!("All"))
            && is_none_left_out
    };
    let advanced = |one: &Value| {
        let fields = one.get("FieldSelectors").and_then(Value::as_array);
        fields.is_some_and(|fields| {
            fields.as_slice() == [json!({ "Field": "eventCategory", "Equals": ["Management"] })]
        })
    };
    items("EventSelectors").iter().any(basic)
        || items("AdvancedEventSelectors").iter().any(advanced)
}

/// Whether it lets CloudTrail write, and nobody else do anything.
pub(super) fn is_of_logs(step: &Step) -> bool {
    let all = statements_in(&step.input, "Policy").unwrap_or_default();
    let ours = json!({ "Service": "cloudtrail.amazonaws.com" });
    let is_ours = |it: &Value| it.get("Principal") == Some(&ours);
    let lets =
        |it: &Value| is_ours(it) && !denies(it) && it.get("Action") == Some(&json!("s3:PutObject"));
    all.iter().any(lets) && all.iter().all(|it| is_ours(it) || denies(it))
}

pub(super) fn closes(step: &Step) -> bool {
    let wanted = json!({ "BlockPublicAcls": true, "IgnorePublicAcls": true,
        "BlockPublicPolicy": true, "RestrictPublicBuckets": true });
    is_set(step, "PublicAccessBlockConfiguration", &wanted)
}
