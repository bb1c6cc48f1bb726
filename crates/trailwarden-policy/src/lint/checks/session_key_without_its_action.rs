//! A demand for what no caller is allowed to pass.

use crate::lint::conditions::{holds_without_key, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "session-key-without-its-action",
    title: "Session key without its action",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Trust],
    about: "Passing a source identity or tags when assuming a role takes an action of its own; without it every call that meets the condition is refused, and nobody gets in.",
    source: "IAM User Guide, \"Pass session tags in AWS STS\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_ACTION_FOR_CONDITION_KEY")],
    run: Run::Document(run),
    fires_on: &[Example::trust(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:SourceIdentity":"alice"}}"#).at(r#""sts:SourceIdentity""#),
Example::trust(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"StringLike":{"aws:RequestTag/team":"*"}}"#).at(r#""aws:RequestTag/team""#)],
    quiet_on: &[Example::trust(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["sts:AssumeRole","sts:SetSourceIdentity"],"Condition":{"StringEquals":{"sts:SourceIdentity":"alice"}}"#),
Example::trust(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["sts:AssumeRole","sts:Tag*"],"Condition":{"StringLike":{"aws:RequestTag/team":"*"}}"#),
Example::trust(r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"StringEqualsIfExists":{"sts:SourceIdentity":"alice"}}"#),
Example::document(PolicyKind::Trust, r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:SourceIdentity":"a"}}},{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:SetSourceIdentity"}]}"#)],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let mut allowed = ActionSet::empty();
    for view in input.statements().iter().filter(|view| view.allows()) {
        allowed.union_with(&input.actions_of(view));
    }
    let is_allowed =
        |action: &str| facts().action(action).is_none_or(|action| allowed.contains(action.id()));
    for view in input.statements().iter().filter(|view| view.allows()) {
        for condition in view.conditions() {
            let key = &condition.condition.key;
            let Some((_, action)) = NEEDS.iter().find(|(needing, _)| is_one_of(key, &[needing]))
            else {
                continue;
            };
            if is_allowed(action) || holds_without_key(&condition) {
                continue;
            }
            let message = format!("{} takes `{action}`, which no statement allows", quoted(key));
            let fix = format!("add `{action}` to `Action`");
            found.at(condition.places.key, view.index, message, fix);
        }
    }
}

/// What is passed along, and the action that it takes.
const NEEDS: &[(&str, &str)] = &[
    ("sts:SourceIdentity", "sts:SetSourceIdentity"),
    ("sts:TransitiveTagKeys", "sts:TagSession"),
    ("aws:RequestTag/", "sts:TagSession"),
    ("aws:TagKeys", "sts:TagSession"),
];
