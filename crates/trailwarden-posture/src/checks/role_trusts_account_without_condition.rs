//! A role lets in a whole foreign account without a condition.

use trailwarden_policy::trust::{Grant, Who, is_conditioned};

use crate::prelude::*;
use crate::readers::trusts;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-account-without-condition",
    title: "Role lets in another account without an external id",
    area: Area::Trust,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "A service provider that is fooled enters the role for somebody else, and whoever administers that account enters at will.",
    fix: "Name the role of the other account, and ask for an external id where it is a provider.",
    needs: &[DETAILS],
    controls: &[],
    remedies: &["narrow-trust"],
    fails_on: &["role app trusts 444455556666"],
    passes_on: &[
        r#"role app trusts 444455556666 if={"StringEquals":{"sts:ExternalId":"x1"}}"#,
        "role app trusts 111122223333",
    ],
    logic: Logic::Each(judge),
};

// Source: IAM User Guide, "The confused deputy problem".
fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (role, grants) in trusts(state, verdicts)? {
        let label = &role.label;
        let foreign = |grant: &Grant| match grant.who {
            Who::Account(account) if account != state.account() && !is_conditioned(grant) => {
                Some(account)
            }
            _ => None,
        };
        match grants.iter().find_map(foreign) {
            Some(account) => {
                verdicts.fail(
                    &role,
                    format!("{label} lets in all of account {account} without a condition."),
                );
            }
            None => verdicts
                .pass(&role, format!("{label} lets in no other account without a condition.")),
        }
    }
    Ok(())
}
