//! A role has full control.

use crate::prelude::*;
use crate::readers::administrators;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-is-administrator",
    title: "Role is an administrator",
    area: Area::Permissions,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Whoever enters the role is administrator: its trust policy is the only fence.",
    fix: "Narrow the role to what it is for; keep one for emergencies, with a narrow trust policy and an alarm.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_role_administratoraccess_policy")],
    remedies: &["detach-policy"],
    fails_on: &[r#"role ops trusts ec2.amazonaws.com
role/ops has AdministratorAccess"#],
    passes_on: &[r#"role ops trusts ec2.amazonaws.com
role/ops has ReadOnlyAccess"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    administrators(state, Kind::Role, verdicts)
}
