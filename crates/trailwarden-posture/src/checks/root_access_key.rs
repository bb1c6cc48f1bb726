//! The root user has an access key.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "root-access-key",
    title: "The root user has an access key",
    area: Area::Root,
    severity: Severity::Critical,
    confidence: Confidence::High,
    risk: "Nothing limits what the key can do, no second factor guards it, and it is easily copied.",
    fix: "Delete the key, after moving what uses it to a role.",
    needs: &[SUMMARY],
    controls: &[
        Control::Cis(["1.4", "1.4", "1.3", "2.3", "2.4"]),
        Control::SecurityHub("IAM.4"),
        Control::Config("iam-root-access-key-check"),
        Control::Prowler("iam_no_root_access_key"),
    ],
    remedies: &["delete-root-access-key"],
    fails_on: &["summary AccountAccessKeysPresent=1"],
    passes_on: &["summary AccountAccessKeysPresent=0"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let root = Resource::root(state);
    let has_key = state.count("AccountAccessKeysPresent")? > 0;
    let flawed =
        || format!("The root user of {} has an access key.", Resource::account(state).label);
    verdicts.judge(&root, has_key, flawed, || "The root user has no access key.".to_owned());
    Ok(())
}
