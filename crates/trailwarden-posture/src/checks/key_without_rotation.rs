//! A customer managed key of KMS does not rotate.
//!
//! AWS's own keys rotate anyhow; keys that are not symmetric, or whose material was not made by KMS, cannot.
//!
//! Source: AWS KMS Developer Guide, "Rotate AWS KMS keys".

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "key-without-rotation",
    title: "Key of KMS that does not rotate",
    area: Area::Watchers,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "All that was ever encrypted hangs on one key material.",
    fix: "Enable automatic rotation of the key.",
    needs: &["kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus", crate::state::REGIONS],
    controls: &[
        Control::Cis(["3.6", "3.6", "3.6", "4.6", "4.6"]),
        Control::Prowler("kms_cmk_rotation_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
kms:ListKeys @us-east-1 {"Keys":[{"KeyArn":"arn:aws:kms:us-east-1:111122223333:key/k"}]}
kms:DescribeKey @us-east-1 KeyId=arn:aws:kms:us-east-1:111122223333:key/k {"KeyMetadata":{"KeyManager":"CUSTOMER","KeySpec":"SYMMETRIC_DEFAULT","Origin":"AWS_KMS","KeyState":"Enabled"}}
kms:GetKeyRotationStatus @us-east-1 KeyId=arn:aws:kms:us-east-1:111122223333:key/k {"KeyRotationEnabled":false}"#,
    ],
    passes_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
kms:ListKeys @us-east-1 {"Keys":[{"KeyArn":"arn:aws:kms:us-east-1:111122223333:key/k"},{"KeyArn":"arn:aws:kms:us-east-1:111122223333:key/s3"}]}
kms:DescribeKey @us-east-1 KeyId=arn:aws:kms:us-east-1:111122223333:key/k {"KeyMetadata":{"KeyManager":"CUSTOMER","KeySpec":"SYMMETRIC_DEFAULT","Origin":"AWS_KMS","KeyState":"Enabled"}}
kms:GetKeyRotationStatus @us-east-1 KeyId=arn:aws:kms:us-east-1:111122223333:key/k {"KeyRotationEnabled":true}
kms:DescribeKey @us-east-1 KeyId=arn:aws:kms:us-east-1:111122223333:key/s3 {"KeyMetadata":{"KeyManager":"AWS"}}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const LIST: &str = "kms:ListKeys";
    for answer in state.regional(LIST, verdicts)? {
        let place = Resource::region(state, answer.region.as_deref().unwrap_or("of the caller"));
        match answers::body(answer).and_then(|body| items(LIST, body, "Keys")) {
            Ok(keys) => {
                keys.iter().for_each(|key| one(state, key, answer.region.as_deref(), verdicts))
            }
            Err(missing) => verdicts.missing(&place, &missing),
        }
    }
    Ok(())
}

fn one(state: &State<'_>, key: &serde_json::Value, region: Option<&str>, verdicts: &mut Verdicts) {
    let arn = text(key, "KeyArn");
    let name = arn.rsplit('/').next().unwrap_or(arn);
    let mut resource = Resource::arn("kms_key", format!("key {name}"), arn);
    resource.region = region.map(str::to_owned);
    let label = &resource.label;
    match rotates(state, arn) {
        Ok(Some(rotates)) => verdicts.judge(
            &resource,
            !rotates,
            || format!("The {label} does not rotate."),
            || format!("The {label} rotates."),
        ),
        Ok(None) => {}
        Err(missing) => verdicts.missing(&resource, &missing),
    }
}

/// Whether a key rotates; none for keys that the question is not about.
fn rotates(state: &State<'_>, arn: &str) -> Known<Option<bool>> {
    const CALL: &str = "kms:DescribeKey";
    let told = state.about(CALL, "KeyId", arn)?.get("KeyMetadata");
    let key = told.ok_or_else(|| Missing::not_understood(CALL))?;
    // What a member that is not there says of the key is not known.
    let is = |member: &str, value: &str| match text(key, member) {
        "" => Err(Missing::not_understood(CALL)),
        told => Ok(told == value),
    };
    let can = is("KeyManager", "CUSTOMER")? && is("KeySpec", "SYMMETRIC_DEFAULT")?;
    if !can || !is("Origin", "AWS_KMS")? || is("KeyState", "PendingDeletion")? {
        return Ok(None);
    }
    let status = state.about("kms:GetKeyRotationStatus", "KeyId", arn)?;
    Ok(Some(flag(status, "KeyRotationEnabled")))
}
