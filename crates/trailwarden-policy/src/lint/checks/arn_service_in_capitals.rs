//! An ARN whose service is not in lower case.

use crate::lint::arns;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "arn-service-in-capitals",
    title: "Service of an ARN in capitals",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "Services are in lower case in ARNs, and resources are compared with regard to case, so the ARN matches nothing; in a Deny, that is a hole.",
    source: "IAM User Guide, \"IAM identifiers\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ARN_SERVICE_CASE"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:S3:::b/*""#,
    )
    .at(r#""arn:aws:S3:::b/*""#)],
    quiet_on: &[Example::identity(
        r#""Effect":"Allow","Action":"S3:GetObject","Resource":"arn:aws:s3:::B/*""#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        let lower = arn.service.to_ascii_lowercase();
        if lower != arn.service && !arns::is_service(arn.service) && arns::is_service(&lower) {
            let message = format!("{} is not in lower case", quoted(arn.service));
            found.at(resource.span, view.index, message, format!("write `{lower}`"));
        }
    }
}
