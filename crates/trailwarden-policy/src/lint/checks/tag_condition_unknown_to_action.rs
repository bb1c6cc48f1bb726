//! An action to which a condition on tags does not apply.

use crate::lint::conditions::{
    actions_with_key, holds_without_key, is_known, is_one_of, known_key,
};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "tag-condition-unknown-to-action",
    title: "Tag condition unknown to the action",
    severity: Severity::Info,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "Not every action knows the tags of what it works on. Where it does not, the key is absent: an Allow with it never applies, a Deny with it never denies, and `NotAction` draws in all such actions unseen.",
    source: "IAM User Guide, \"Controlling access to AWS resources using tags\"",
    cross: &[(Tool::AccessAnalyzer, "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"), (Tool::AccessAnalyzer, "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"), (Tool::AccessAnalyzer, "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"), (Tool::AccessAnalyzer, "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Deny","Action":["ec2:TerminateInstances","iam:ListUsers"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/status":"secret"}}"#).at(r#""iam:ListUsers""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"ops"}}"#).at(r#""s3:GetObject""#),
Example::identity(r#""Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/status":"secret"}}"#).at(r#""aws:ResourceTag/status""#)],
    quiet_on: &[Example::identity(r#""Effect":"Deny","Action":["ec2:TerminateInstances","ec2:*","*"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/status":"secret"}}"#),
Example::identity(r#""Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops"}}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let conditions: Vec<(ConditionView<'_>, ActionSet)> = view
        .conditions()
        .filter(|condition| {
            is_one_of(&condition.condition.key, &["aws:ResourceTag/", "aws:RequestTag/"])
        })
        .filter_map(|condition| {
            let actions = actions_with_key(&known_key(&condition.condition.key)?);
            is_known(&condition.operator).then_some((condition, actions))
        })
        .take(CONDITIONS_MAX)
        .collect();
    for (condition, _) in conditions.iter().filter(|_| view.has(Element::NotAction)) {
        let key = quoted(&condition.condition.key);
        let message = format!("`NotAction` takes in actions that do not know {key}");
        let (severity, fix) =
            (grade(view, condition), "list the actions that are meant under `Action`");
        found.graded(severity, condition.places.key, view.index, message, fix);
    }
    for part in view.actions().filter(|part| part.element == Element::Action) {
        let set = input.actions_matching(part.text);
        let unknown =
            conditions.iter().find(|(_, actions)| !set.is_empty() && set.is_disjoint(actions));
        let Some((condition, _)) = unknown else {
            continue;
        };
        let (key, action) = (quoted(&condition.condition.key), quoted(part.text));
        let outcome = match (view.denies(), holds_without_key(condition)) {
            (true, false) => "never denied",
            (true, true) => "always denied",
            (false, false) => "never allowed",
            (false, true) => "always allowed",
        };
        let message =
            format!("{action} does not know {key}, so this condition leaves it {outcome}");
        let fix =
            "move the action to a statement without this condition, and limit it by `Resource`";
        found.graded(grade(view, condition), part.span, view.index, message, fix);
    }
}

/// What lets something through is worse than what lets nothing through.
fn grade(view: &StatementView<'_>, condition: &ConditionView<'_>) -> Severity {
    // `IfExists` is written for just such actions.
    match view.denies() != holds_without_key(condition) && !condition.operator.if_exists {
        true => Severity::Medium,
        false => Severity::Info,
    }
}

/// More in one statement are not looked at.
const CONDITIONS_MAX: usize = 16;
