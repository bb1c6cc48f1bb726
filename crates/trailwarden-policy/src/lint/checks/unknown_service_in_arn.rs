//! An ARN of a service that AWS is not known to have.

use crate::lint::arns;
use crate::lint::prelude::*;
use crate::nearest::nearest;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-service-in-arn",
    title: "Unknown service in an ARN",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "No resource has such an ARN, so it matches nothing; in a Deny, that is a hole. The service may also be newer than the table.",
    source: "IAM User Guide, \"IAM identifiers\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_SERVICE"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamo:eu-west-1:111122223333:table/t""#,
    )
    .at(r#""arn:aws:dynamo:eu-west-1:111122223333:table/t""#)],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"dynamodb:GetItem","Resource":["arn:aws:dynamodb:eu-west-1:111122223333:table/t","arn:aws:*:eu-west-1:111122223333:table/t"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:S3:::b/*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        // Another case of a known name is a check of its own.
        let is_known = arns::is_service(&arn.service.to_ascii_lowercase());
        if is_known || arns::is_open(arn.service) {
            continue;
        }
        let message = format!("{} is not known as a service in ARNs", quoted(arn.service));
        let services = arns::services().filter(|_| !found.is_full());
        let fix = match nearest(arn.service, services) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "copy the ARN from the resource itself".to_owned(),
        };
        found.at(resource.span, view.index, message, fix);
    }
}
