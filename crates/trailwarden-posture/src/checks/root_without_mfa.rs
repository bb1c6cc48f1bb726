//! The root user has no second factor.

use crate::prelude::*;
use crate::readers::root_credential;

/// See the fields.
pub static CHECK: Check = Check {
    id: "root-without-mfa",
    title: "The root user has no second factor",
    area: Area::Root,
    severity: Severity::Critical,
    confidence: Confidence::High,
    risk: "Whoever learns the password, or reads the mail to reset it, has everything.",
    fix: "Register two hardware devices for the root user, or take its credentials away by managing root access centrally.",
    needs: &[SUMMARY],
    controls: &[
        Control::Cis(["1.5", "1.5", "1.4", "2.4", "2.5"]),
        Control::SecurityHub("IAM.9"),
        Control::Config("root-account-mfa-enabled"),
        Control::Prowler("iam_root_mfa_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        "summary AccountMFAEnabled=0",
        "summary AccountMFAEnabled=0 AccountPasswordPresent=0 AccountAccessKeysPresent=1",
        "summary AccountMFAEnabled=0 AccountPasswordPresent=null AccountAccessKeysPresent=1",
        "summary AccountMFAEnabled=0 AccountPasswordPresent=null",
    ],
    passes_on: &[
        "summary AccountMFAEnabled=1",
        "summary AccountMFAEnabled=0 AccountPasswordPresent=0",
        "summary AccountMFAEnabled=0 AccountPasswordPresent=null\nreport root password_enabled=false",
    ],
    logic: Logic::Each(judge),
};

// A root user without any credential, as central management leaves it, needs no second factor.
// Source: IAM User Guide, "Centrally manage root access for member accounts".
fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let root = Resource::root(state);
    if state.count("AccountMFAEnabled")? > 0 {
        verdicts.pass(&root, "The root user has a second factor.");
        return Ok(());
    }
    match root_credential(state)? {
        Some(what) => {
            verdicts.fail(&root, format!("The root user has {what} and no second factor."));
        }
        None => verdicts.pass(&root, "The root user has no credential."),
    }
    Ok(())
}
