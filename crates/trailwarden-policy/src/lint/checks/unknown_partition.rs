//! An ARN in a partition that AWS is not known to have.

use crate::lint::prelude::*;
use crate::lint::{arns, regions};
use crate::nearest::nearest;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-partition",
    title: "Unknown partition",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "No resource and no principal has such an ARN, so the statement matches nothing there; in a Deny, that is a hole.",
    source: "IAM User Guide, \"IAM identifiers\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_PARTITION"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:AWS:s3:::b/*""#,
        )
        .at(r#""arn:AWS:s3:::b/*""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws-china:iam::111122223333:root"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""arn:aws-china:iam::111122223333:root""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws-cn:s3:::b/*","arn:*:s3:::b/*","arn:aws*:s3:::b/*"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:${aws:PrincipalTag/partition}:s3:::b/*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let resources = view.resources().map(|part| (part.text, part.span));
    let principals = view.principals().map(|part| (part.principal.value.as_str(), part.span));
    for (text, span) in resources.chain(principals) {
        let Some(arn) = arns::fields(text) else {
            continue;
        };
        if arn.partition.contains("${") || regions::is_partition(arn.partition) {
            continue;
        }
        let message = format!("{} is not known as a partition", quoted(arn.partition));
        let fix = match nearest(arn.partition, regions::partitions()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write `aws`, or the partition of your account".to_owned(),
        };
        found.at(span, view.index, message, fix);
    }
}
