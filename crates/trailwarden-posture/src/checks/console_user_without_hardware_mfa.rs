//! The second factor of a console user is no hardware.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "console-user-without-hardware-mfa",
    title: "Second factor of a console user is no hardware",
    area: Area::Mfa,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "The seed of a virtual device can be copied, and its six digits can be phished.",
    fix: "Give the user a security key or a passkey.",
    needs: &[REPORT, "iam:ListVirtualMFADevices"],
    controls: &[Control::Prowler("iam_user_hardware_mfa_enabled")],
    remedies: &["enable-mfa"],
    fails_on: &[
        r#"user alice
report alice password_enabled=true mfa_active=true
iam:ListVirtualMFADevices {"VirtualMFADevices":[{"SerialNumber":"arn:aws:iam::111122223333:mfa/alice","User":{"UserName":"alice"}}]}"#,
        r#"user alice
report alice password_enabled=true mfa_active=false
iam:ListVirtualMFADevices {"VirtualMFADevices":[]}"#,
    ],
    passes_on: &[r#"user alice
report alice password_enabled=true mfa_active=true
iam:ListVirtualMFADevices {"VirtualMFADevices":[]}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "iam:ListVirtualMFADevices";
    let devices = state.items(CALL, "VirtualMFADevices")?;
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        let is_his = |device: &&serde_json::Value| {
            device.get("User").is_some_and(|owner| text(owner, "UserName") == row.user)
        };
        match (row.has_password, row.has_mfa) {
            (Some(false), _) => {
                verdicts.not_applicable(&user, format!("{label} has no console password."));
            }
            (_, Some(false)) => {
                verdicts.fail(&user, format!("{label} has no second factor at all."))
            }
            (_, Some(true)) => {
                let is_virtual = devices.iter().any(|device| is_his(&device));
                let flawed = || format!("The second factor of {label} is a virtual device.");
                verdicts
                    .judge(&user, is_virtual, flawed, || format!("{label} has no virtual device."));
            }
            _ => verdicts.unknown(&user, "the credential report does not say"),
        }
    }
    Ok(())
}
