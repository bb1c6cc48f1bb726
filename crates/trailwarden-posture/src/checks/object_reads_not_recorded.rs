//! No trail records reads of objects.

use crate::prelude::*;
use crate::readers::object_events;

/// See the fields.
pub static CHECK: Check = Check {
    id: "object-reads-not-recorded",
    title: "No trail records reads of objects",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Nobody can tell what was taken out of the buckets.",
    fix: "Record read data events of S3, at least of the buckets that matter.",
    needs: &[TRAILS, STATUS, SELECTORS],
    controls: &[
        Control::Cis(["3.9", "3.9", "3.9", "4.9", "4.9"]),
        Control::Prowler("cloudtrail_s3_dataevents_read_enabled"),
        Control::Config("cloudtrail-s3-dataevents-enabled"),
    ],
    remedies: &[],
    fails_on: &[
        "trail main",
        r#"trail main selectors={"EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]}"#,
    ],
    passes_on: &[
        r#"trail main selectors={"EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    object_events(state, "reads", |recorded| recorded.reads, verdicts)
}
