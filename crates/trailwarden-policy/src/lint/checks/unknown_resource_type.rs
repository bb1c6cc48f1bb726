//! An ARN of no resource type that its service is known to have.

use crate::lint::arns::{self, Misfit};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-resource-type",
    title: "Unknown type of resource",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "A resource that the service does not have is never asked for, so the ARN matches nothing; in a Deny, that is a hole. The type may also be newer than the table.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ARN_RESOURCE"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:roles/x""#,
        )
        .at(r#""arn:aws:iam::111122223333:roles/x""#),
        Example::identity(
            r#""Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:111122223333:function/x""#,
        )
        .at(r#""arn:aws:lambda:eu-west-1:111122223333:function/x""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::111122223333:role/x","arn:aws:iam::111122223333:*"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:111122223333:function:x:*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        if arns::misfit(&arn) == Some(Misfit::Resource) {
            let message =
                format!("{} is no type of resource of `{}`", quoted(arn.resource), arn.service);
            found.at(
                resource.span,
                view.index,
                message,
                "compare it with the ARN formats of the service",
            );
        }
    }
}
