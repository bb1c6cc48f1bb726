//! A customer managed key of KMS does not rotate.

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
    needs: &["kms:GetKeyRotationStatus", "kms:ListKeys"],
    controls: &[Control::Cis(["3.6", "3.6", "3.6", "4.6", "4.6"])],
    remedies: &[],
    fails_on: &[r#"kms:ListKeys {"Keys":[{"KeyId":"k"}]}
kms:GetKeyRotationStatus KeyId=k {"KeyRotationEnabled":false}"#],
    passes_on: &[r#"kms:ListKeys {"Keys":[{"KeyId":"k"}]}
kms:GetKeyRotationStatus KeyId=k {"KeyRotationEnabled":true}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for answer in state.everywhere("kms:GetKeyRotationStatus")? {
        let key = answer.about.get("KeyId").map_or("key", String::as_str);
        let mut resource = Resource::named("kms_key", format!("key {key}"));
        resource.region = answer.region.clone();
        let label = &resource.label;
        match answers::body(answer) {
            Ok(body) => verdicts.judge(
                &resource,
                !flag(body, "KeyRotationEnabled"),
                || format!("The {label} does not rotate."),
                || format!("The {label} rotates."),
            ),
            Err(missing) => verdicts.missing(&resource, &missing),
        }
    }
    // The trail's own key may be the only one that was asked about.
    for answer in state.everywhere("kms:ListKeys")? {
        for key in items("kms:ListKeys", answers::body(answer)?, "Keys")? {
            state.about("kms:GetKeyRotationStatus", "KeyId", text(key, "KeyId"))?;
        }
    }
    Ok(())
}
