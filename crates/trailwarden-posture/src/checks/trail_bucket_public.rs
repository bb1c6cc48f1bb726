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
s3:GetPublicAccessBlock Bucket=logs absent
s3control:GetPublicAccessBlock absent"#,
        r#"trail main
s3:GetBucketAcl Bucket=logs {"Grants":[]}
s3:GetBucketPolicyStatus Bucket=logs {"PolicyStatus":{"IsPublic":true}}
s3:GetPublicAccessBlock Bucket=logs absent
s3control:GetPublicAccessBlock absent"#,
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

/// What S3 says of all buckets of the account.
const ACCOUNT_BLOCK: &str = "s3control:GetPublicAccessBlock";

/// By what a bucket is public, if it is.
///
/// Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage" (the account's block
/// and the bucket's count together).
fn public(state: &State<'_>, name: &str) -> Known<Option<&'static str>> {
    const ACL: &str = "s3:GetBucketAcl";
    let is_open = |grant: &serde_json::Value| {
        let group = grant.get("Grantee").map(|grantee| text(grantee, "URI")).unwrap_or_default();
        group.ends_with("/AllUsers") || group.ends_with("/AuthenticatedUsers")
    };
    let grants = items(ACL, state.about(ACL, "Bucket", name)?, "Grants")?;
    if grants.iter().any(is_open) && !is_blocked(state, name, "IgnorePublicAcls")? {
        return Ok(Some("access list"));
    }
    let status = state.about("s3:GetBucketPolicyStatus", "Bucket", name)?.get("PolicyStatus");
    let is_public = status.is_some_and(|status| flag(status, "IsPublic"));
    Ok((is_public && !is_blocked(state, name, "RestrictPublicBuckets")?).then_some("policy"))
}

/// Whether the bucket is blocked. The account's block covers the account's own buckets, and no answer tells
/// whose this one is.
fn is_blocked(state: &State<'_>, name: &str, member: &str) -> Known<bool> {
    let blocks = |body: &serde_json::Value| {
        body.get("PublicAccessBlockConfiguration").is_some_and(|block| flag(block, member))
    };
    if blocks(state.about("s3:GetPublicAccessBlock", "Bucket", name)?) {
        return Ok(true);
    }
    match blocks(state.answer(ACCOUNT_BLOCK)?) {
        true => Err(Missing::new(
            "whether the account's block of public access covers it:",
            "it does if the bucket is this account's, which no answer tells",
        )),
        false => Ok(false),
    }
}
