//! A condition on a Region that AWS is not known to have.

use crate::lint::prelude::*;
use crate::lint::regions;
use crate::nearest::nearest;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-region-in-condition",
    title: "Unknown Region in a condition",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "No request is ever made in a Region that does not exist, so the value does nothing. The Region may also be newer than the table.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_REGION")],
    run: Run::Statement(run),
    fires_on: &[
        Example::scp(
            r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-west-12"]}}"#,
        )
        .at(r#""eu-west-12""#),
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"StringLike":{"ec2:Region":"europe-*"}}"#,
        )
        .at(r#""europe-*""#),
    ],
    quiet_on: &[
        Example::scp(
            r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotLike":{"aws:RequestedRegion":["eu-west-1","us-*","${aws:PrincipalTag/r}"]}}"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/Region":"europe"}}"#,
        ),
    ],
};

const KEYS: [&str; 2] = ["aws:RequestedRegion", "ec2:Region"];

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let is_on_text = condition.operator.base.starts_with("string");
        if !is_on_text || !KEYS.iter().any(|key| condition.is_key(key)) {
            continue;
        }
        for (value, span) in condition.values() {
            // Case counts or not by the operator, which is another matter.
            let region = value.to_ascii_lowercase();
            if region.contains("${") || regions::is_region(&region) {
                continue;
            }
            let message = format!("{} is not known as a Region", quoted(value));
            let fix = match nearest(value, regions::regions()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the code of the Region, such as `eu-west-1`".to_owned(),
            };
            found.at(span, view.index, message, fix);
        }
    }
}
