//! An action whose requests never have a key of the conditions.

use crate::lint::conditions::{actions_with_key, holds_without_key, is_known, known_key};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "key-unknown-to-action",
    title: "Key unknown to the action",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: &[
        PolicyKind::Identity,
        PolicyKind::Resource,
        PolicyKind::Boundary,
        PolicyKind::Session,
        PolicyKind::Scp,
        PolicyKind::Rcp,
        PolicyKind::Endpoint,
    ],
    about: "A key that an action does not send is absent from its requests: a positive condition never holds for it, a negated one or one with `IfExists` always does.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_ACTION_FOR_CONDITION_KEY"), (Tool::Parliament, "UNKNOWN_CONDITION_FOR_ACTION")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":["iam:PassRole","iam:GetRole"],"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#).at(r#""iam:GetRole""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"ec2:InstanceType":"t3.micro"}}"#).at(r#""s3:GetObject""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":["iam:Pass*","iam:*"],"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:unknown":"x","aws:PrincipalTag/a":"b"},"Null":{"accounts.example.com:sub":"false"}}"#),
Example::identity(r#""Effect":"Allow","NotAction":"iam:GetRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let conditions: Vec<(ConditionView<'_>, ActionSet)> = view
        .conditions()
        .filter_map(|condition| {
            let known = known_key(&condition.condition.key)?;
            let is_asked = !known.is_global && is_known(&condition.operator);
            is_asked.then(|| (condition, actions_with_key(&known)))
        })
        // A key that no action names is a gap of the table.
        .filter(|(_, actions)| !actions.is_empty())
        .take(CONDITIONS_MAX)
        .collect();
    if conditions.is_empty() {
        return;
    }
    for part in view.actions().filter(|part| part.element == Element::Action) {
        let set = input.actions_matching(part.text);
        let unknown =
            conditions.iter().find(|(_, actions)| !set.is_empty() && set.is_disjoint(actions));
        let Some((condition, _)) = unknown else {
            continue;
        };
        let (key, action) = (quoted(&condition.condition.key), quoted(part.text));
        let (severity, outcome) = match (view.denies(), holds_without_key(condition)) {
            (true, false) => (Severity::Medium, "never denied"),
            (true, true) => (Severity::Low, "always denied"),
            (false, false) => (Severity::Low, "never allowed"),
            // `IfExists` is written for just such actions.
            (false, true) if condition.operator.if_exists => (Severity::Info, "always allowed"),
            (false, true) => (Severity::Medium, "always allowed"),
        };
        let message =
            format!("{action} does not know {key}, so this condition leaves it {outcome}");
        let fix = "move the action to a statement without this condition";
        found.graded(severity, part.span, view.index, message, fix);
    }
}

/// More in one statement are not looked at.
const CONDITIONS_MAX: usize = 16;
