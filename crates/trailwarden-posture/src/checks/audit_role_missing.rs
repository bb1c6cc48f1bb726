//! No role may audit.

use crate::prelude::*;
use crate::readers::some_role_has;

/// See the fields.
pub static CHECK: Check = Check {
    id: "audit-role-missing",
    title: "No role may audit",
    area: Area::Identities,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Whoever audits the account gets more than he needs, or sees too little.",
    fix: "Make a role with SecurityAudit for those who audit.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_securityaudit_role_created")],
    remedies: &[],
    fails_on: &["user alice"],
    passes_on: &[r#"role help trusts 111122223333
role/help has SecurityAudit"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    some_role_has(state, "SecurityAudit", verdicts)
}
