//! The second factor of the root user is a program.

use crate::prelude::*;
use crate::readers::root_credential;

/// See the fields.
pub static CHECK: Check = Check {
    id: "root-without-hardware-mfa",
    title: "The second factor of the root user is no hardware",
    area: Area::Root,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "The seed of a virtual device can be copied with the phone or the backup that holds it.",
    fix: "Replace the virtual device of the root user by a security key.",
    needs: &[SUMMARY, "iam:ListVirtualMFADevices"],
    controls: &[
        Control::Cis(["1.6", "1.6", "1.5", "2.5", "2.6"]),
        Control::SecurityHub("IAM.6"),
        Control::Config("root-account-hardware-mfa-enabled"),
        Control::Prowler("iam_root_hardware_mfa_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        r#"iam:ListVirtualMFADevices {"VirtualMFADevices":[{"SerialNumber":"arn:aws:iam::111122223333:mfa/root-account-mfa-device","User":{"Arn":"arn:aws:iam::111122223333:root"}}]}"#,
        r#"summary AccountMFAEnabled=0
iam:ListVirtualMFADevices {"VirtualMFADevices":[]}"#,
        r#"summary AccountMFAEnabled=0 AccountPasswordPresent=null AccountAccessKeysPresent=1
iam:ListVirtualMFADevices {"VirtualMFADevices":[]}"#,
    ],
    passes_on: &[r#"iam:ListVirtualMFADevices {"VirtualMFADevices":[]}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "iam:ListVirtualMFADevices";
    let root = Resource::root(state);
    if state.count("AccountMFAEnabled")? == 0 {
        match root_credential(state)? {
            Some(what) => {
                verdicts.fail(&root, format!("The root user has {what} and no second factor."));
            }
            None => verdicts.pass(&root, "The root user has no credential."),
        }
        return Ok(());
    }
    let devices = state.items(CALL, "VirtualMFADevices")?;
    let is_of_root = |device: &&serde_json::Value| {
        let owner = device.get("User").map(|user| text(user, "Arn")).unwrap_or_default();
        owner.ends_with(":root")
            || text(device, "SerialNumber").ends_with("/root-account-mfa-device")
    };
    let virtual_device = devices.iter().find(is_of_root);
    let flawed = || "The second factor of the root user is a virtual device.".to_owned();
    let sound = || "The root user has a second factor, and none of the virtual ones.".to_owned();
    verdicts.judge(&root, virtual_device.is_some(), flawed, sound);
    Ok(())
}
