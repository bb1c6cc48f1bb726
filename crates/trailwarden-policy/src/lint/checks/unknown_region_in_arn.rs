//! An ARN in a Region that its partition is not known to have.

use crate::lint::prelude::*;
use crate::lint::{arns, regions};
use crate::nearest::nearest;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-region-in-arn",
    title: "Unknown Region in an ARN",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "A resource is never in a Region that does not exist, so the ARN matches nothing; in a Deny, that is a hole. The Region may also be newer than the table.",
    source: "IAM User Guide, \"IAM identifiers\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_ARN_REGION"), (Tool::Parliament, "INVALID_ARN")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:us-west-11:111122223333:q""#,
        )
        .at(r#""arn:aws:sqs:us-west-11:111122223333:q""#),
        // A Region of China is in a partition of its own.
        Example::identity(
            r#""Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:cn-north-1:111122223333:q""#,
        )
        .at(r#""arn:aws:sqs:cn-north-1:111122223333:q""#),
    ],
    quiet_on: &[Example::identity(
        r#""Effect":"Allow","Action":"sqs:*","Resource":["arn:aws:sqs:us-west-1:111122223333:q","arn:aws-cn:sqs:cn-north-1:111122223333:q","arn:*:sqs:us-*:111122223333:q","arn:aws:sqs:${aws:PrincipalTag/r}:111122223333:q"]"#,
    )],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for resource in view.resources() {
        let Some(arn) = arns::fields(resource.text) else {
            continue;
        };
        let is_silent = arn.region.is_empty() || arn.region.contains("${");
        let is_judged = !arn.partition.contains("${") && regions::is_partition(arn.partition);
        if is_silent || !is_judged || regions::is_region_of(arn.partition, arn.region) {
            continue;
        }
        let (region, partition) = (quoted(arn.region), quoted(arn.partition));
        let (message, fix) = if regions::is_region(arn.region) {
            let message = format!("{region} is no Region of the partition {partition}");
            (message, "write the partition that the Region is in".to_owned())
        } else {
            let fix = match nearest(arn.region, regions::regions()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the code of the Region, such as `eu-west-1`".to_owned(),
            };
            (format!("{region} is not known as a Region"), fix)
        };
        found.at(resource.span, view.index, message, fix);
    }
}
