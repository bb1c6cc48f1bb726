//! An action that AWS is not known to have.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-action",
    title: "Unknown action",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "An action that does not exist allows and denies nothing; in a Deny, that is a hole. It may also be newer than the table of actions.",
    source: "IAM User Guide, \"IAM JSON policy elements: Action\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ACTION"), (Tool::Parliament, "UNKNOWN_ACTION")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:GetObject","s3:GetObjects"],"Resource":"*""#,
        )
        .at(r#""s3:GetObjects""#),
        Example::scp(r#""Effect":"Deny","NotAction":"iam:Lst*","Resource":"*""#)
            .at(r#""iam:Lst*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["S3:getobject","s3:Get*","*"],"Resource":"*""#,
        ),
        // A service that is not known at all is another matter.
        Example::identity(r#""Effect":"Allow","Action":"simple:Get","Resource":"*""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for action in view.actions() {
        let Some((prefix, name)) = action.text.split_once(':') else {
            continue;
        };
        let Some(service) = facts().service(prefix) else {
            continue;
        };
        if !input.actions_matching(action.text).is_empty() {
            continue;
        }
        let message =
            format!("{} is not known as an action of {}", quoted(action.text), service.title());
        // Looking for the nearest name takes longer than all the rest.
        let names = service.actions().iter().filter(|_| !found.is_full()).map(|a| a.name());
        let fix = match crate::nearest::nearest(name, names) {
            Some(near) => format!("did you mean `{}:{near}`?", service.prefix()),
            None => format!("look it up in the list of actions of `{}`", service.prefix()),
        };
        found.at(action.span, view.index, message, fix);
    }
}
