//! Active access key unused for 90 days.

use crate::prelude::*;
use crate::readers::unused_keys;

/// See the fields.
pub static CHECK: Check = Check {
    id: "access-key-unused-for-90-days",
    title: "Active access key unused for 90 days",
    area: Area::Keys,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Nobody would notice if somebody else used it.",
    fix: "Deactivate it, and delete it when nobody has asked for it.",
    needs: &[REPORT],
    controls: &[
        Control::SecurityHub("IAM.8"),
        Control::Config("iam-user-unused-credentials-check"),
    ],
    remedies: &["deactivate-access-key"],
    fails_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2026-03-02T00:00:00Z"#,
        r#"user alice
report alice access_key_2_active=true access_key_2_last_rotated=2025-01-01T00:00:00Z"#,
    ],
    passes_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2026-03-04T00:00:00Z"#,
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2026-05-25T00:00:00Z"#,
    ],
    logic: Logic::Each(judge),
};

const DAYS: i64 = 90;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    unused_keys(state, DAYS, verdicts)
}
