//! No trail records writes of objects.

use crate::prelude::*;
use crate::readers::object_events;

/// See the fields.
pub static CHECK: Check = Check {
    id: "object-writes-not-recorded",
    title: "No trail records writes of objects",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Nobody can tell who changed or deleted what is in the buckets.",
    fix: "Record write data events of S3, at least of the buckets that matter.",
    needs: &[TRAILS, STATUS, SELECTORS],
    controls: &[
        Control::Cis(["3.8", "3.8", "3.8", "4.8", "4.8"]),
        Control::Prowler("cloudtrail_s3_dataevents_write_enabled"),
        Control::Config("cloudtrail-s3-dataevents-enabled"),
    ],
    remedies: &[],
    fails_on: &[
        "trail main",
        r#"trail main selectors={"EventSelectors":[{"ReadWriteType":"ReadOnly","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]}"#,
    ],
    passes_on: &[
        r#"trail main selectors={"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    object_events(state, "writes", |recorded| recorded.writes, verdicts)
}
