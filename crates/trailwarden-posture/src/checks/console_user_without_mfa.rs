//! A user with a console password has no second factor.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "console-user-without-mfa",
    title: "User signs in to the console without a second factor",
    area: Area::Mfa,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "A password that is guessed, phished or used elsewhere is enough to be that user.",
    fix: "Register a device for the user, or move the user to federation.",
    needs: &[REPORT],
    controls: &[
        Control::Cis(["1.10", "1.10", "1.9", "2.9", "2.10"]),
        Control::SecurityHub("IAM.5"),
        Control::Config("mfa-enabled-for-iam-console-access"),
        Control::Prowler("iam_user_mfa_enabled_console_access"),
    ],
    remedies: &["enable-mfa", "delete-login-profile"],
    fails_on: &[r#"user alice
report alice password_enabled=true mfa_active=false"#],
    passes_on: &[
        r#"user alice
report alice password_enabled=true mfa_active=true"#,
        "user bob",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        match (row.has_password, row.has_mfa) {
            (Some(false), _) => {
                verdicts.pass(&user, format!("{label} has no console password."));
            }
            (Some(true), Some(false)) => {
                verdicts
                    .fail(&user, format!("{label} has a console password and no second factor."));
            }
            (Some(true), Some(true)) => {
                verdicts.pass(&user, format!("{label} has a second factor."))
            }
            _ => verdicts.unknown(&user, "the credential report does not say"),
        }
    }
    Ok(())
}
