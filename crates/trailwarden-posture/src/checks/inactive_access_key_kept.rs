//! An access key was deactivated and not deleted.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "inactive-access-key-kept",
    title: "Inactive access key that is kept",
    area: Area::Keys,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "Whoever may change the user makes it work again with one call, and the copies of it come back to life.",
    fix: "Delete the key when nobody has missed it for a week.",
    needs: &[REPORT],
    controls: &[],
    remedies: &["delete-credential"],
    fails_on: &[r#"user alice
report alice access_key_1_active=false access_key_1_last_rotated=2025-01-01T00:00:00Z"#],
    passes_on: &["user alice"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        let inactive = row.keys.iter().find(|key| !key.is_active);
        let flawed = || format!("{label} keeps an inactive access key.");
        verdicts.judge(&user, inactive.is_some(), flawed, || {
            format!("{label} keeps no inactive access key.")
        });
    }
    Ok(())
}
