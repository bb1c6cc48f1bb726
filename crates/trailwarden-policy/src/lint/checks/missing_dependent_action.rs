//! An action that needs another one, which the document does not give.

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
        for part in view.actions().filter(|part| part.element == Element::Action) {
            let Some(action) = facts().action(part.text) else {
                continue;
            };
            let mut missing: Vec<_> =
                action.dependent_actions().filter(|other| !allowed.contains(other.id())).collect();
            missing.sort_by_key(|other| other.id());
            missing.dedup_by_key(|other| other.id());
            if missing.is_empty() {
                continue;
            }
            let names = crate::lint::scope::names(&missing);
            let message = format!("{} may need {names} besides", quoted(part.text));
            let fix = "allow them if they are needed, on the resources that are meant";
            found.at(part.span, view.index, message, fix);
        }
    }
}
