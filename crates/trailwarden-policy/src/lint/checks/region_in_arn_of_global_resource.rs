//! A Region in an ARN where such ARNs have none.

use crate::lint::arns::{self, Misfit};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "region-in-arn-of-global-resource",
    title: "Region where the ARN has none",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "ARNs are compared as text, and those of this type leave the Region empty: with one, the ARN matches nothing; in a Deny, that is a hole.",
    source: "Service Authorization Reference, \"Actions, resources, and condition keys for AWS services\"",
    cross: &[(Tool::AccessAnalyzer, "ARN_REGION_NOT_ALLOWED"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam:us-east-1:111122223333:role/x""#,
    )
    .at(r#""arn:aws:iam:us-east-1:111122223333:role/x""#)],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"iam:GetRole","Resource":["arn:aws:iam::111122223333:role/x","arn:aws:iam:*:111122223333:role/x"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:eu-west-1:111122223333:accesspoint/x/object/*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        if arns::misfit(&arn) == Some(Misfit::Region) {
            let message = format!(
                "{} names the Region {}, and such ARNs have none",
                quoted(resource.text),
                quoted(arn.region)
            );
            found.at(resource.span, view.index, message, "leave the Region empty");
        }
    }
}
