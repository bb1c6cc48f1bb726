//! A password was set before the password policy was made stricter.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "password-older-than-its-policy",
    title: "Password older than the present password policy",
    area: Area::Passwords,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "A policy counts when a password is set: older ones may be as short as the policy was then.",
    fix: "Require the users to set another password at their next sign-in.",
    needs: &[REPORT],
    controls: &[],
    remedies: &["require-new-password", "reset-console-password"],
    fails_on: &[r#"user alice
tightened 2026-03-01T00:00:00Z
report alice password_enabled=true password_last_changed=2026-01-01T00:00:00Z"#],
    passes_on: &[
        r#"user alice
tightened 2026-03-01T00:00:00Z
report alice password_enabled=true password_last_changed=2026-04-01T00:00:00Z"#,
        r#"tightened 2026-03-01T00:00:00Z
user bob"#,
    ],
    logic: Logic::Each(judge),
};

// Source: IAM User Guide, "Set an account password policy for IAM users": the rules are enforced when
// a user changes the password.
fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        match (row.has_password, row.password_changed) {
            (Some(false), _) => {
                verdicts.pass(&user, format!("{label} has no console password."));
                continue;
            }
            (Some(true), Some(changed)) => {
                match state.policy_tightened() {
                    Ok(time) => verdicts.judge(
                        &user,
                        changed < time,
                        || format!("The password of {label} is of {changed}, and the policy was made stricter at {time}."),
                        || format!("The password of {label} was set under the present policy."),
                    ),
                    Err(missing) => verdicts.missing(&user, &missing),
                }
            }
            _ => verdicts
                .unknown(&user, "the credential report does not say when the password was set"),
        }
    }
    Ok(())
}
