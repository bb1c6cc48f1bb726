//! Console password unused for 90 days.

use crate::prelude::*;
use crate::readers::unused_passwords;

/// See the fields.
pub static CHECK: Check = Check {
    id: "console-password-unused-for-90-days",
    title: "Console password unused for 90 days",
    area: Area::Passwords,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Nobody would notice if somebody else used it.",
    fix: "Deactivate it, and delete it when nobody has asked for it.",
    needs: &[REPORT],
    controls: &[
        Control::SecurityHub("IAM.8"),
        Control::Config("iam-user-unused-credentials-check"),
    ],
    remedies: &["delete-login-profile"],
    fails_on: &[
        r#"user alice
report alice password_enabled=true password_last_used=2026-03-02T00:00:00Z password_last_changed=2025-01-01T00:00:00Z"#,
        r#"user alice
report alice password_enabled=true password_last_used=no_information password_last_changed=2025-01-01T00:00:00Z"#,
    ],
    passes_on: &[
        r#"user alice
report alice password_enabled=true password_last_used=2026-03-04T00:00:00Z"#,
        r#"user alice
report alice password_enabled=true password_last_used=no_information password_last_changed=2026-05-20T00:00:00Z"#,
        "user bob",
    ],
    logic: Logic::Each(judge),
};

const DAYS: i64 = 90;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    unused_passwords(state, DAYS, verdicts)
}
