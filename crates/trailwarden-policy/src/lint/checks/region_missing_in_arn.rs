//! An ARN without the Region that such ARNs have.

use crate::lint::arns::{self, Misfit};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "region-missing-in-arn",
    title: "Region missing in an ARN",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "ARNs are compared as text, and those of this type name a Region: without one, the ARN matches nothing; in a Deny, that is a hole.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_ARN_REGION"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs::111122223333:q""#,
    )
    .at(r#""arn:aws:sqs::111122223333:q""#)],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"sqs:SendMessage","Resource":["arn:aws:sqs:*:111122223333:q","arn:aws:sqs:eu-west-1:111122223333:q"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::111122223333:role/x""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        if arns::misfit(&arn) == Some(Misfit::NoRegion) {
            let message = format!("{} names no Region", quoted(resource.text));
            found.at(resource.span, view.index, message, "write the Region, or `*` for every one");
        }
    }
}
