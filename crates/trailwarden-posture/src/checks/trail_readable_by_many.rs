//! More than ten users and roles can read the logs of a trail.

use crate::prelude::*;
use crate::readers::trail_readers;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-readable-by-many",
    title: "Many can read the logs of a trail",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "The logs tell names, addresses, keys and mistakes: whoever reads them knows where to begin, and what was noticed.",
    fix: "Let the roles of those who answer incidents read the bucket, and deny it to all others in its policy.",
    needs: &[DETAILS, TRAILS, "s3:GetBucketPolicy"],
    controls: &[],
    remedies: &[],
    fails_on: &[r#"trail main
s3:GetBucketPolicy Bucket=logs absent
user u0
user/u0 allows s3:Get*
user u1
user/u1 allows s3:Get*
user u2
user/u2 allows s3:Get*
user u3
user/u3 allows s3:Get*
user u4
user/u4 allows s3:Get*
user u5
user/u5 allows s3:Get*
user u6
user/u6 allows s3:Get*
user u7
user/u7 allows s3:Get*
user u8
user/u8 allows s3:Get*
user u9
user/u9 allows s3:Get*
user u10
user/u10 allows s3:Get*"#],
    passes_on: &[r#"trail main
s3:GetBucketPolicy Bucket=logs absent
user alice
user/alice allows s3:Get*"#],
    logic: Logic::Each(judge),
};

const MOST: usize = 10;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (name, readers) in trail_readers(state, verdicts)? {
        let bucket = Resource::bucket(state, name);
        let label = &bucket.label;
        let (sure, all) = (readers.certain.len(), readers.certain.len() + readers.doubts.len());
        if sure > MOST {
            verdicts.fail(
                &bucket,
                format!("The {label} of a trail can be read by {sure} users and roles."),
            );
        } else if all > MOST {
            verdicts.unknown(
                &bucket,
                format!("of {all} users and roles it is not certain whether they can read it"),
            );
        } else {
            verdicts.pass(
                &bucket,
                format!("The {label} of a trail can be read by {all} users and roles at most."),
            );
        }
    }
    Ok(())
}
