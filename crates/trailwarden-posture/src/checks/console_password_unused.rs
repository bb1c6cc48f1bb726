//! Console password unused for 45 days.

use crate::prelude::*;
use crate::readers::unused_passwords;

/// See the fields.
pub static CHECK: Check = Check {
    id: "console-password-unused",
    title: "Console password unused for 45 days",
    area: Area::Passwords,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Nobody would notice if somebody else used it.",
    fix: "Deactivate it, and delete it when nobody has asked for it.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.12", "1.12", "1.11", "2.11", "2.11"]),
        Control::SecurityHub("IAM.22"),
        Control::Prowler("iam_user_console_access_unused"),
    ],
    remedies: &["delete-login-profile"],
    fails_on: &[
        r#"user alice
report alice password_enabled=true password_last_used=2026-04-16T00:00:00Z password_last_changed=2025-01-01T00:00:00Z"#,
        r#"user alice
report alice password_enabled=true password_last_used=no_information password_last_changed=2025-01-01T00:00:00Z"#,
    ],
    passes_on: &[
        r#"user alice
report alice password_enabled=true password_last_used=2026-04-18T00:00:00Z"#,
        r#"user alice
report alice password_enabled=true password_last_used=no_information password_last_changed=2026-05-20T00:00:00Z"#,
        "user bob",
    ],
    logic: Logic::Each(judge),
};

const DAYS: i64 = 45;

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    unused_passwords(state, DAYS, verdicts)
}
