//! Active access key unused for 45 days.

use crate::prelude::*;
use crate::readers::unused_keys;

/// See the fields.
pub static CHECK: Check = Check {
    id: "access-key-unused",
    title: "Active access key unused for 45 days",
    area: Area::Keys,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Nobody would notice if somebody else used it.",
    fix: "Deactivate it, and delete it when nobody has asked for it.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.12", "1.12", "1.11", "2.11", "2.11"]),
        Control::SecurityHub("IAM.22"),
        Control::Prowler("iam_user_accesskey_unused"),
    ],
    remedies: &["deactivate-access-key"],
    fails_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2026-04-16T00:00:00Z"#,
        r#"user alice
report alice access_key_2_active=true access_key_2_last_rotated=2025-01-01T00:00:00Z"#,
    ],
    passes_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2026-04-18T00:00:00Z"#,
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2026-05-25T00:00:00Z"#,
    ],
    logic: Logic::Each(judge),
};

const DAYS: i64 = 45;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    unused_keys(state, DAYS, verdicts)
}
