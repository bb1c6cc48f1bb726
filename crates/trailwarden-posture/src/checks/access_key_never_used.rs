//! An active access key was never used.

use crate::prelude::*;
use crate::readers::{key_of, users};

/// See the fields.
pub static CHECK: Check = Check {
    id: "access-key-never-used",
    title: "Active access key that was never used",
    area: Area::Keys,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "A key that nobody needs can only do harm; often it was made together with the user.",
    fix: "Delete the key.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.11", "1.11", "1.10", "2.10", "-"]),
        Control::Prowler("iam_user_no_setup_initial_access_key"),
    ],
    remedies: &["deactivate-access-key"],
    fails_on: &[r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z"#],
    passes_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2025-01-02T00:00:00Z"#,
        "user bob",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        for key in row.keys.iter().filter(|key| key.is_active) {
            let resource = key_of(&user, key);
            match key.used {
                LastUse::Never => {
                    verdicts.fail(
                        &resource,
                        format!("The {} is active and was never used.", resource.label),
                    );
                }
                LastUse::At(time) => {
                    verdicts.pass(
                        &resource,
                        format!("The {} was last used at {time}.", resource.label),
                    );
                }
                LastUse::Unknown => {
                    verdicts.unknown(&resource, "the credential report does not say")
                }
            }
        }
        if !row.keys.iter().any(|key| key.is_active) {
            verdicts.pass(&user, format!("{label} has no active access key."));
        }
    }
    Ok(())
}
