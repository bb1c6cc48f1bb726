//! A user has no second factor, whether or not he uses the console.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "user-without-mfa",
    title: "User without a second factor",
    area: Area::Mfa,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Conditions that ask for a second factor lock the user out, and without them a key alone is enough.",
    fix: "Register a device for the user, or delete the user in favour of a role.",
    needs: &[REPORT],
    controls: &[Control::SecurityHub("IAM.19"), Control::Config("iam-user-mfa-enabled")],
    remedies: &["enable-mfa"],
    fails_on: &["user alice"],
    passes_on: &[r#"user alice
report alice mfa_active=true"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        match row.has_mfa {
            Some(true) => verdicts.pass(&user, format!("{label} has a second factor.")),
            Some(false) => verdicts.fail(&user, format!("{label} has no second factor.")),
            None => verdicts.unknown(&user, "the credential report does not say"),
        }
    }
    Ok(())
}
