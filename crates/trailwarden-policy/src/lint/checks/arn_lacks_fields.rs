//! An ARN with fewer than six fields.

use crate::lint::arns::{self, Form};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "arn-lacks-fields",
    title: "ARN lacks fields",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "An ARN has six fields, and those that do not apply stay empty; AWS refuses one with fewer, unless it ends with `*`.",
    source: "IAM User Guide, \"IAM identifiers\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_ARN_FIELD"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3::my-bucket""#,
        )
        .at(r#""arn:aws:s3::my-bucket""#),
        Example::identity(r#""Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs""#)
            .at(r#""arn:aws:sqs""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::my-bucket""#,
        ),
        Example::identity(r#""Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        if let Form::Short { fields } = arns::form(resource.text) {
            let message = format!("{} has {fields} fields of six", quoted(resource.text));
            let fix = "write `arn:partition:service:region:account:resource`, with nothing between \
                       the colons where a field does not apply";
            found.at(resource.span, view.index, message, fix);
        }
    }
}
