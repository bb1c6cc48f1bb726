//! A wildcard that covers permission management among harmless actions.

use crate::facts::Level;
use crate::lint::prelude::*;
use crate::lint::scope::{lower, names};
use crate::pattern::{is_every_action, is_match_all};

/// See the fields.
pub static CHECK: Check = Check {
    id: "wildcard-over-permission-management",
    title: "Wildcard that reaches permission management",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Identity],
    about: "A wildcard covers by spelling, not by purpose: among actions that only write, it may bring some that share resources, let others in or grant permissions.",
    source: "IAM User Guide, \"Access levels in policy summaries\"",
    cross: &[(Tool::Parliament, "PERMISSIONS_MANAGEMENT_ACTIONS")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:Get*","s3:Put*"],"Resource":"arn:aws:s3:::b*""#,
        )
        .at(r#""s3:Put*""#),
        Example::identity(r#""Effect":"Allow","Action":"iam:*Policy*","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","Action":"*:Create*","Resource":"*""#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*""#),
        // Who names it means it, and whole services are another matter.
        Example::identity(
            r#""Effect":"Allow","Action":["s3:PutBucketPolicy","s3:*"],"Resource":"arn:aws:s3:::b""#,
        ),
        Example::identity(r#""Effect":"Deny","Action":"iam:*Policy*","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.allows() {
        return;
    }
    let conditioned = !view.statement.conditions.is_empty();
    let severity = if conditioned { lower(CHECK.severity) } else { CHECK.severity };
    for part in view.actions().filter(|part| part.element == Element::Action) {
        let text = part.text;
        let is_whole = is_every_action(text)
            || text
                .split_once(':')
                .is_some_and(|(service, name)| is_match_all(name) && !service.contains(['*', '?']));
        if is_whole || !text.contains(['*', '?']) {
            continue;
        }
        let set = input.actions_matching(text);
        let reached: Vec<_> = set
            .iter()
            .map(|id| id.action())
            .filter(|action| action.our_level() == Level::PermissionsManagement)
            .collect();
        if reached.is_empty() {
            continue;
        }
        let message = format!(
            "{} covers {} actions, among them {}",
            quoted(text),
            set.len(),
            names(&reached)
        );
        let fix = "list the actions that are meant";
        found.graded(severity, part.span, view.index, message, fix);
    }
}
