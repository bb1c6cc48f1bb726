//! An Allow of everything but something, where IAM is not among the exceptions.

use crate::facts::Level;
use crate::lint::prelude::*;
use crate::lint::scope::{Scope, lower, names};

/// See the fields.
pub static CHECK: Check = Check {
    id: "not-action-that-reaches-iam",
    title: "Allow with NotAction that reaches IAM",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "`NotAction` with Allow gives everything else, in every service that there is and will be. Where IAM is not excepted, that includes making oneself an administrator.",
    source: "IAM User Guide, \"IAM JSON policy elements: NotAction\"",
    cross: &[
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"),
        (Tool::Parliament, "PERMISSIONS_MANAGEMENT_ACTIONS"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","NotAction":"s3:*","Resource":"*""#).at(r#""s3:*""#),
        Example::identity(
            r#""Effect":"Allow","NotAction":["iam:Create*","iam:Put*"],"Resource":"*""#,
        )
        .at(r#"["iam:Create*","iam:Put*"]"#),
        Example::identity(
            r#""Effect":"Allow","NotAction":["s3:*"],"Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        ),
    ],
    quiet_on: &[
        // As in PowerUserAccess.
        Example::identity(
            r#""Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*""#,
        ),
        Example::identity(r#""Effect":"Allow","NotAction":"s3:*","Resource":"arn:aws:s3:::b""#),
        Example::identity(r#""Effect":"Deny","NotAction":"s3:*","Resource":"*""#),
        Example::scp(r#""Effect":"Allow","NotAction":"s3:*","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let is_it = view.allows() && view.statement.not_actions.is_some();
    if !is_it || !Scope::of(input, view).is_everything() {
        return;
    }
    let mut actions = input.actions_of(view);
    actions.intersect_with(&input.actions_matching("iam:*"));
    let reached: Vec<_> = actions
        .iter()
        .map(|id| id.action())
        .filter(|action| action.our_level() == Level::PermissionsManagement)
        .collect();
    if reached.is_empty() {
        return;
    }
    let parts: Vec<Span> = view.actions().map(|part| part.span).collect();
    let span = match parts.as_slice() {
        [only] => *only,
        _ => view.span_of(Element::NotAction),
    };
    let is_conditioned = !view.statement.conditions.is_empty();
    let severity = if is_conditioned { lower(CHECK.severity) } else { CHECK.severity };
    let message = format!("everything else includes {} of IAM", names(&reached));
    let fix =
        "list what is meant in `Action`, or except `iam:*`, `organizations:*` and `account:*`";
    found.graded(severity, span, view.index, message, fix);
}
