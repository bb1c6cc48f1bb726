//! Bucket of a trail is public.

use crate::prelude::*;
use crate::readers::trail_buckets;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-bucket-public",
    title: "Bucket of a trail is public",
    area: Area::Trails,
    severity: Severity::Critical,
    confidence: Confidence::High,
    risk: "Everybody reads what happens in the account: names, addresses, keys, mistakes.",
    fix: "Block public access of the bucket.",
    needs: &[TRAILS, "s3:GetBucketAcl", "s3:GetBucketPolicyStatus"],
    controls: &[
        Control::SecurityHub("CloudTrail.6"),
        Control::Prowler("cloudtrail_logs_s3_bucket_is_not_publicly_accessible"),
    ],
    remedies: &["restore-bucket-policy"],
    fails_on: &[
        r#"trail main
s3:GetBucketAcl Bucket=logs {"Grants":[{"Grantee":{"URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}
s3:GetBucketPolicyStatus Bucket=logs {"PolicyStatus":{"IsPublic":false}}
s3:GetPublicAccessBlock Bucket=logs absent"#,
        r#"trail main
s3:GetBucketAcl Bucket=logs {"Grants":[]}
s3:GetBucketPolicyStatus Bucket=logs {"PolicyStatus":{"IsPublic":true}}
s3:GetPublicAccessBlock Bucket=logs absent"#,
    ],
    passes_on: &[r#"trail main
s3:GetBucketAcl Bucket=logs {"Grants":[]}
s3:GetBucketPolicyStatus Bucket=logs {"PolicyStatus":{"IsPublic":false}}
s3:GetPublicAccessBlock Bucket=logs absent"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for name in trail_buckets(state, verdicts)? {
        let bucket = Resource::bucket(state, name);
        let label = &bucket.label;
        match public(state, name) {
            Ok(Some(how)) => {
                verdicts.fail(&bucket, format!("The {label} of a trail is public by its {how}."))
            }
            Ok(None) => verdicts.pass(&bucket, format!("The {label} of a trail is not public.")),
            Err(missing) => verdicts.missing(&bucket, &missing),
        }
    }
    Ok(())
}

/// By what a bucket is public, if it is.
///
/// Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
fn public(state: &State<'_>, name: &str) -> Known<Option<&'static str>> {
    let block = state.about("s3:GetPublicAccessBlock", "Bucket", name).ok();
    let block = block.and_then(|body| body.get("PublicAccessBlockConfiguration"));
    let blocks = |member: &str| block.is_some_and(|block| flag(block, member));
    let grants =
        items("s3:GetBucketAcl", state.about("s3:GetBucketAcl", "Bucket", name)?, "Grants")?;
    let is_open = |grant: &serde_json::Value| {
        let group = grant.get("Grantee").map(|grantee| text(grantee, "URI")).unwrap_or_default();
        group.ends_with("/AllUsers") || group.ends_with("/AuthenticatedUsers")
    };
    if grants.iter().any(is_open) && !blocks("IgnorePublicAcls") {
        return Ok(Some("access list"));
    }
    let status = state.about("s3:GetBucketPolicyStatus", "Bucket", name)?.get("PolicyStatus");
    let is_public = status.is_some_and(|status| flag(status, "IsPublic"));
    Ok((is_public && !blocks("RestrictPublicBuckets")).then_some("policy"))
}
