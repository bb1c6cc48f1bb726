//! A text in `Action` that cannot be the name of an action.

use crate::lint::prelude::*;
use crate::pattern::is_match_all;

/// See the fields.
pub static CHECK: Check = Check {
    id: "malformed-action",
    title: "Text that is no action name",
    severity: Severity::High,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "An action is `service:Name` or `*`. IAM refuses one without a service; a list inside one text, or a space in a name, matches no action at all.",
    source: "IAM User Guide, \"Grammar of the IAM JSON policy language\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ACTION"), (Tool::Parliament, "MALFORMED")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":"GetObject","Resource":"*""#)
            .at(r#""GetObject""#),
        Example::identity(
            r#""Effect":"Allow","Action":["s3:GetObject,s3:PutObject"],"Resource":"*""#,
        )
        .at(r#""s3:GetObject,s3:PutObject""#),
        Example::scp(r#""Effect":"Deny","Action":"s3: DeleteBucket","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","Action":"arn:aws:s3:::bucket","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","Action":"","Resource":"*""#).at(r#""""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:GetObject ","s3:G\u0435tObject"],"Resource":"*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":["s3:Get*","*","iam:Get?ser","rds-db:connect","*:*"],"Resource":"*""#,
        ),
        Example::identity(r#""Effect":"Allow","Action":"simple:Nothing","Resource":"*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for action in view.actions().filter(|action| !is_match_all(action.text)) {
        let text = action.text;
        // `hidden-character` says which one.
        let is_padded = text.ends_with(' ') && !text.starts_with(' ');
        if is_padded || !text.is_ascii() {
            continue;
        }
        let is_plain = |part: &str| {
            let is_of_name =
                |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '*' | '?' | '_');
            !part.is_empty() && part.chars().all(is_of_name)
        };
        let message = match text.split_once(':') {
            Some((service, name)) if is_plain(service) && is_plain(name) => continue,
            None if is_plain(text) => format!("{} names no service", quoted(text)),
            _ => format!("{} is no action name", quoted(text)),
        };
        let fix = match text.contains([',', ' ', ';']) {
            true => {
                "write one action per text, without spaces, as in `[\"s3:GetObject\", \"s3:PutObject\"]`"
            }
            false => "write the service, a colon and the action, as in `s3:GetObject`",
        };
        found.at(action.span, view.index, message, fix);
    }
}
