//! An Allow of everything on everything.

use crate::lint::prelude::*;
use crate::lint::scope::{is_everything, lower};

/// See the fields.
pub static CHECK: Check = Check {
    id: "full-administrator",
    title: "Every action on every resource",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "Whoever holds this is an administrator: there is nothing in the account that it does not allow, now or in services to come, and every limit of it can be lifted with it.",
    source: "IAM User Guide, \"Security best practices in IAM\"",
    cross: &[
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"),
        (Tool::Parliament, "PRIVILEGE_ESCALATION"),
        (Tool::Cloudsplaining, "PrivilegeEscalation"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":"*","Resource":"*""#).at(r#""*""#),
        Example::identity(r#""Effect":"Allow","Action":["s3:Get*","*:*"],"Resource":["*"]"#)
            .at(r#""*:*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        ),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Deny","Action":"*","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/*""#),
        Example::identity(r#""Effect":"Allow","Action":"s3:*","Resource":"*""#),
        // It gives nothing there.
        Example::scp(r#""Effect":"Allow","Action":"*","Resource":"*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !is_everything(view) {
        return;
    }
    let is_it = |part: &Part<'_>| crate::pattern::is_every_action(part.text);
    let span = view.actions().find(is_it).map_or(view.places.span, |part| part.span);
    let is_conditioned = !view.statement.conditions.is_empty();
    let severity = if is_conditioned { lower(CHECK.severity) } else { CHECK.severity };
    let when = if is_conditioned { ", where the conditions hold" } else { "" };
    let message = format!("every action on every resource is allowed{when}");
    let fix = "list the actions that are used, and the resources that they are used on";
    found.graded(severity, span, view.index, message, fix);
}
