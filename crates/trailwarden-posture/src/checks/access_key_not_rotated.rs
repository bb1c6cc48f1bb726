//! An active access key is older than 90 days.

use crate::prelude::*;
use crate::readers::{key_of, users};

/// See the fields.
pub static CHECK: Check = Check {
    id: "access-key-not-rotated",
    title: "Access key older than 90 days",
    area: Area::Keys,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "A key that leaked long ago still works, and nobody remembers where it was copied to.",
    fix: "Make a second key, move its users over, deactivate the old one, and delete it a week later; better, use a role.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.14", "1.14", "1.13", "2.13", "2.12"]),
        Control::SecurityHub("IAM.3"),
        Control::Config("access-keys-rotated"),
        Control::Prowler("iam_rotate_access_key_90_days"),
    ],
    remedies: &["rotate-access-key", "deactivate-access-key"],
    fails_on: &[r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2026-03-02T00:00:00Z"#],
    passes_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2026-03-04T00:00:00Z"#,
        r#"user alice
report alice access_key_2_active=false access_key_2_last_rotated=2025-05-01T00:00:00Z"#,
    ],
    logic: Logic::Each(judge),
};

const DAYS: i64 = 90;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        for key in row.keys.iter().filter(|key| key.is_active) {
            let resource = key_of(&user, key);
            let label = &resource.label;
            let Some(rotated) = key.rotated else {
                verdicts.unknown(&resource, "the credential report does not say when it was made");
                continue;
            };
            let age = state.days_since(rotated);
            let (flawed, sound) = (
                || format!("The {label} is {} old.", days(age)),
                || format!("The {label} is {} old.", days(age)),
            );
            verdicts.judge(&resource, age > DAYS, flawed, sound);
        }
        if row.keys.iter().all(|key| !key.is_active) {
            verdicts.pass(&user, format!("{} has no active access key.", user.label));
        }
    }
    Ok(())
}
