//! No account administers services of the organization beside the management account.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "no-delegated-administrator",
    title: "No account administers services of the organization beside the management account",
    area: Area::Organization,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "Every task of every service is done in the management account, which no policy restricts.",
    fix: "Register a delegated administrator for the services that allow one.",
    needs: &["organizations:ListDelegatedAdministrators"],
    controls: &[Control::Cis(["-", "-", "-", "-", "2.1.6"])],
    remedies: &[],
    fails_on: &[r#"organizations:ListDelegatedAdministrators {"DelegatedAdministrators":[]}"#],
    passes_on: &[
        r#"organizations:ListDelegatedAdministrators {"DelegatedAdministrators":[{"Id":"444455556666","Name":"security"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    if state.is_outside_organization(verdicts) {
        return Ok(());
    }
    let account = Resource::account(state);
    let label = &account.label;
    let all =
        state.items("organizations:ListDelegatedAdministrators", "DelegatedAdministrators")?;
    verdicts.judge(
        &account,
        all.is_empty(),
        || format!("The organization of {label} has no delegated administrator."),
        || format!("The organization of {label} has a delegated administrator."),
    );
    Ok(())
}
