//! The trust policy of a role lets in any AWS account.

use trailwarden_policy::trust::{Grant, Who, is_conditioned};

use crate::prelude::*;
use crate::readers::trusts;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-everybody",
    title: "Role can be assumed by anybody",
    area: Area::Trust,
    severity: Severity::Critical,
    confidence: Confidence::High,
    risk: "Whoever has an AWS account of his own can enter the role and do what it may.",
    fix: "Name the accounts or roles that need it in the trust policy.",
    needs: &[DETAILS],
    controls: &[],
    remedies: &["narrow-trust"],
    fails_on: &[
        "role app trusts *",
        r#"role app trusts * if={"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    ],
    passes_on: &[
        r#"role app trusts * if={"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#,
        "role app trusts 111122223333",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (role, grants) in trusts(state, verdicts)? {
        let label = &role.label;
        let open = |grant: &&Grant| grant.who == Who::Anyone && !is_conditioned(grant);
        match grants.iter().find(open) {
            Some(_) => {
                verdicts.fail(&role, format!("{label} lets in anybody, in whatever account."))
            }
            None => verdicts.pass(&role, format!("{label} lets in nobody without naming whom.")),
        }
    }
    Ok(())
}
