//! The organization leaves root credentials to its accounts.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "root-access-not-central",
    title: "Root credentials of member accounts are not managed centrally",
    area: Area::Organization,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Each account has a root user with a password of its own, which nobody watches.",
    fix: "Enable central management of root access, then delete the root credentials of member accounts.",
    needs: &["iam:ListOrganizationsFeatures"],
    controls: &[
        Control::Cis(["-", "-", "-", "-", "2.1.1"]),
        Control::Prowler("iam_root_credentials_management_enabled"),
    ],
    remedies: &[],
    fails_on: &[r#"iam:ListOrganizationsFeatures {"OrganizationId":"o-1","EnabledFeatures":[]}"#],
    passes_on: &[
        r#"iam:ListOrganizationsFeatures {"OrganizationId":"o-1","EnabledFeatures":["RootCredentialsManagement","RootSessions"]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "iam:ListOrganizationsFeatures";
    if state.is_outside_organization(verdicts) {
        return Ok(());
    }
    let account = Resource::account(state);
    if state.answer(CALL)?.is_null() {
        verdicts.not_applicable(&account, format!("The {} is in no organization.", account.label));
        return Ok(());
    }
    let features = state.items(CALL, "EnabledFeatures")?;
    let has_it = features.iter().any(|feature| feature == "RootCredentialsManagement");
    let flawed = || {
        format!("The organization of {} does not manage root credentials centrally.", account.label)
    };
    let sound =
        || format!("The organization of {} manages root credentials centrally.", account.label);
    verdicts.judge(&account, !has_it, flawed, sound);
    Ok(())
}
