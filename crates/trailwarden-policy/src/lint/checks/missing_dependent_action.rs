//! An action that needs another one, which the document does not give.

use crate::facts::Action;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-dependent-action",
    title: "Action without one that it depends on",
    severity: Severity::Info,
    confidence: Confidence::Low,
    kinds: &[PolicyKind::Identity],
    about: "To use this action, or some form of it, a caller must be allowed others besides. They are not in this document; another policy may give them, or the form that needs them is not used.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[],
    run: Run::Document(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":["lambda:CreateFunction"],"Resource":"*""#,
    )
    .at(r#""lambda:CreateFunction""#)],
    quiet_on: &[
        Example::document(
            PolicyKind::Identity,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"*"},{"Effect":"Allow","Action":["iam:PassRole","ec2:Describe*","kms:*","s3:Get*","lambda:*"],"Resource":"*"}]}"#,
        ),
        // A wildcard does not say that the action is used.
        Example::identity(r#""Effect":"Allow","Action":"lambda:Create*","Resource":"*""#),
        Example::identity(r#""Effect":"Deny","Action":"lambda:CreateFunction","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let mut allowed = ActionSet::empty();
    for view in input.statements().iter().filter(|view| view.allows()) {
        // What a template leaves open may be any action.
        if view.actions().any(|part| input.document.places.is_unknown(part.span)) {
            return;
        }
        allowed.union_with(&input.actions_of(view));
    }
    for view in input.statements().iter().filter(|view| view.allows()) {
        let mut first = None;
        let mut others = 0;
        for part in view.actions().filter(|part| part.element == Element::Action) {
            let Some(action) = facts().action(part.text) else {
                continue;
            };
            let is_missing = |other: &&Action| !allowed.contains(other.id());
            if first.is_some() {
                others += usize::from(action.dependent_actions().any(|other| is_missing(&other)));
                continue;
            }
            let mut missing: Vec<_> = action.dependent_actions().filter(is_missing).collect();
            missing.sort_by_key(|other| other.id());
            missing.dedup_by_key(|other| other.id());
            first = (!missing.is_empty()).then_some((part, missing));
        }
        let Some((part, missing)) = first else {
            continue;
        };
        let names = crate::lint::scope::names(&missing);
        let more = match others {
            0 => String::new(),
            1 => ", and 1 action more needs others".to_owned(),
            _ => format!(", and {others} actions more need others"),
        };
        let message = format!("{} may need {names} besides{more}", quoted(part.text));
        let fix = "allow them if they are needed, on the resources that are meant";
        found.at(part.span, view.index, message, fix);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_statement_is_told_once() {
        let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:CreateFunction","ecs:RunTask","ecs:StartTask","s3:GetObject"],"Resource":"*"}]}"#;
        let findings = crate::lint::lint(text, Some(super::PolicyKind::Identity));
        let own: Vec<_> = findings.iter().filter(|f| f.check == &super::CHECK).collect();
        let [only] = own.as_slice() else { panic!("{own:?}") };
        assert!(
            only.message.ends_with("besides, and 2 actions more need others"),
            "{}",
            only.message
        );
    }
}
