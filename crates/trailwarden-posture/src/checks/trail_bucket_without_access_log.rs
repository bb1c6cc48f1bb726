//! Bucket of a trail keeps no access log.

use crate::prelude::*;
use crate::readers::trail_buckets;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-bucket-without-access-log",
    title: "Bucket of a trail keeps no access log",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Nobody can tell who read or deleted the logs.",
    fix: "Enable server access logging on the bucket, into another one.",
    needs: &[TRAILS, "s3:GetBucketLogging"],
    controls: &[
        Control::Cis(["3.4", "3.4", "3.4", "4.4", "4.4"]),
        Control::SecurityHub("CloudTrail.7"),
        Control::Prowler("cloudtrail_logs_s3_bucket_access_logging_enabled"),
    ],
    remedies: &[],
    fails_on: &[r#"trail main
s3:GetBucketLogging Bucket=logs {}"#],
    passes_on: &[r#"trail main
s3:GetBucketLogging Bucket=logs {"LoggingEnabled":{"TargetBucket":"other"}}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for name in trail_buckets(state, verdicts)? {
        let bucket = Resource::bucket(state, name);
        let label = &bucket.label;
        match state.about("s3:GetBucketLogging", "Bucket", name) {
            Ok(body) => verdicts.judge(
                &bucket,
                body.get("LoggingEnabled").is_none(),
                || format!("The {label} of a trail keeps no access log."),
                || format!("The {label} keeps an access log."),
            ),
            Err(missing) => verdicts.missing(&bucket, &missing),
        }
    }
    Ok(())
}
