//! Trail is not encrypted with a key of KMS.

use crate::prelude::*;
use crate::readers::own_trails as own;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-without-key",
    title: "Trail is not encrypted with a key of KMS",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Whoever may read the bucket reads the logs: no second permission stands in the way.",
    fix: "Give the trail a key of KMS whose policy names who may read the logs.",
    needs: &[TRAILS],
    controls: &[
        Control::Cis(["3.5", "3.5", "3.5", "4.5", "4.5"]),
        Control::SecurityHub("CloudTrail.2"),
        Control::Config("cloud-trail-encryption-enabled"),
        Control::Prowler("cloudtrail_kms_encryption_enabled"),
    ],
    remedies: &[],
    fails_on: &["trail main KmsKeyId=null"],
    passes_on: &["trail main"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for trail in own(state, verdicts)? {
        let resource = trail.resource();
        let name = trail.name;
        verdicts.judge(
            &resource,
            text(trail.description, "KmsKeyId").is_empty(),
            || format!("Trail {name} has no key of KMS."),
            || format!("Trail {name} has a key of KMS."),
        );
    }
    Ok(())
}
