//! Bucket of a trail can be emptied without a second factor.

use crate::prelude::*;
use crate::readers::trail_buckets;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-bucket-without-mfa-delete",
    title: "Bucket of a trail can be emptied without a second factor",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Whoever has the permission deletes the logs for good, all versions of them.",
    fix: "Enable versioning with MFA Delete on the bucket, or an object lock.",
    needs: &[TRAILS, "s3:GetBucketVersioning"],
    controls: &[Control::Prowler("cloudtrail_bucket_requires_mfa_delete")],
    remedies: &[],
    fails_on: &[
        r#"trail main
s3:GetBucketVersioning Bucket=logs {"Status":"Enabled"}"#,
        r#"trail main
s3:GetBucketVersioning Bucket=logs {}"#,
    ],
    passes_on: &[r#"trail main
s3:GetBucketVersioning Bucket=logs {"Status":"Enabled","MFADelete":"Enabled"}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for name in trail_buckets(state, verdicts)? {
        let bucket = Resource::bucket(state, name);
        let label = &bucket.label;
        match state.about("s3:GetBucketVersioning", "Bucket", name) {
            Ok(body) => verdicts.judge(
                &bucket,
                text(body, "MFADelete") != "Enabled",
                || format!("The {label} of a trail has no MFA Delete."),
                || format!("The {label} has MFA Delete."),
            ),
            Err(missing) => verdicts.missing(&bucket, &missing),
        }
    }
    Ok(())
}
