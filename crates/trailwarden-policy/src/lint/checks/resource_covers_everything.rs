//! An ARN that covers every resource without looking like it.

use crate::lint::arns::{self, Form};
use crate::lint::prelude::*;
use crate::pattern::is_match_all;

/// See the fields.
pub static CHECK: Check = Check {
    id: "resource-covers-everything",
    title: "Resource that covers everything",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "The text looks like a limit and is none: it covers every resource of every service, just as `*` does.",
    source: "IAM User Guide, \"IAM JSON policy elements: Resource\"",
    cross: &[(Tool::Parliament, "RESOURCE_EFFECTIVELY_STAR")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:*""#)
            .at(r#""arn:aws:*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:*:*:*:*:*:*""#,
        )
        .at(r#""arn:*:*:*:*:*:*""#),
        Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"**""#)
            .at(r#""**""#),
    ],
    quiet_on: &[Example::identity(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":["*","arn:aws:s3:::*","arn:aws:*:eu-west-1:*:*"]"#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        if resource.text != "*" && covers_everything(resource.text) {
            let message = format!("{} covers every resource", quoted(resource.text));
            let fix = "name the resources that are meant, or write `*` so that everybody sees it";
            found.at(resource.span, view.index, message, fix);
        }
    }
}

fn covers_everything(text: &str) -> bool {
    match arns::form(text) {
        Form::Everything => true,
        // The partition may be named: an account sees no other.
        Form::OpenEnded | Form::Whole(_) => {
            let mut fields = text.splitn(6, ':').skip(1).peekable();
            let names_partition = fields.next_if(|partition| !is_match_all(partition)).is_some();
            let mut rest = fields.peekable();
            let is_partition_whole = !names_partition || rest.peek().is_some();
            is_partition_whole && rest.all(|field| field.split(':').all(is_match_all))
        }
        Form::Variable | Form::NotArn | Form::Short { .. } => false,
    }
}
