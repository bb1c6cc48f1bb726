//! A user has two active access keys.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "two-active-access-keys",
    title: "Two active access keys of one user",
    area: Area::Keys,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "The second key is for rotation; where both stay, neither is ever retired.",
    fix: "Find out which key is used, and deactivate the other.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.13", "1.13", "1.12", "2.12", "-"]),
        Control::Prowler("iam_user_two_active_access_key"),
    ],
    remedies: &["deactivate-access-key"],
    fails_on: &[r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_2_active=true access_key_2_last_rotated=2026-01-01T00:00:00Z"#],
    passes_on: &[r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_2_active=false access_key_2_last_rotated=2026-01-01T00:00:00Z"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        let active = row.keys.iter().filter(|key| key.is_active).count();
        let flawed = || format!("{label} has two active access keys.");
        verdicts.judge(&user, active > 1, flawed, || {
            format!("{label} has one active access key or none.")
        });
    }
    Ok(())
}
