//! Passing a named role, to whatever service.

use crate::lint::prelude::*;
use crate::lint::scope::{Fit, Scope, only, place_of};

/// See the fields.
pub static CHECK: Check = Check {
    id: "pass-role-to-any-service",
    title: "Passing a role without saying to which service",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "A role may trust several services, and its trust may grow. `iam:PassedToService` keeps the permission to the one that it was given for.",
    source: "IAM User Guide, \"Grant a user permissions to pass a role to an AWS service\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["ec2:RunInstances","iam:PassRole"],"Resource":"arn:aws:iam::111122223333:role/app""#,
        )
        .at(r#""iam:PassRole""#),
        // An absent key satisfies it.
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/app","Condition":{"StringNotEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#,
        ),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/app","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#,
        ),
        // With every role, it is a graver matter.
        Example::identity(r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/app""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let pass_role = only("iam:PassRole");
    if !view.allows() || input.actions_of(view).is_disjoint(&pass_role) {
        return;
    }
    let names_service = view.conditions().any(|condition| {
        condition.is_key("iam:PassedToService")
            && condition.condition.demands_a_match(&view.statement.conditions)
    });
    let Some(action) = facts().action("iam:PassRole") else {
        return;
    };
    if names_service || Scope::of(input, view).fit(action) != Fit::Named {
        return;
    }
    let message = "the role can be passed to every service that it trusts";
    let fix = "add the condition `\"StringEquals\": {\"iam:PassedToService\": \"SERVICE.amazonaws.com\"}`";
    found.at(place_of(input, view, &pass_role), view.index, message, fix);
}
