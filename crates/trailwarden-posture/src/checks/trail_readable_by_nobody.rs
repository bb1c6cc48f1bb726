//! Nobody but the root user can read the logs of a trail.

use crate::prelude::*;
use crate::readers::trail_readers;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-readable-by-nobody",
    title: "Nobody can read the logs of a trail",
    area: Area::Trails,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "In an incident the logs are there and nobody can look into them.",
    fix: "Make a role for those who answer incidents that may read the bucket and use its key.",
    needs: &[DETAILS, TRAILS, "s3:GetBucketPolicy"],
    controls: &[],
    remedies: &["grant-trail-reading"],
    fails_on: &[r#"trail main
s3:GetBucketPolicy Bucket=logs absent
user alice"#],
    passes_on: &[r#"trail main
s3:GetBucketPolicy Bucket=logs absent
role look trusts 111122223333
role/look allows s3:GetObject"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (name, readers) in trail_readers(state, verdicts)? {
        let bucket = Resource::bucket(state, name);
        let label = &bucket.label;
        match (readers.certain.first(), readers.doubts.first()) {
            (Some(one), _) => {
                let count = counted(readers.certain.len(), "user or role")
                    .replace("user or roles", "users and roles");
                verdicts.pass(
                    &bucket,
                    format!("The {label} of a trail can be read by {count}, {one} among them."),
                );
            }
            (None, Some(doubt)) => {
                verdicts.unknown(&bucket, format!("{doubt} may be able to read it"))
            }
            (None, None) => {
                verdicts.fail(
                    &bucket,
                    format!("The {label} of a trail can be read by the root user alone."),
                );
            }
        }
    }
    Ok(())
}
