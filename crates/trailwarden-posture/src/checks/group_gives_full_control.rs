//! A group gives its members full control.

use crate::prelude::*;
use crate::readers::administrators;

/// See the fields.
pub static CHECK: Check = Check {
    id: "group-gives-full-control",
    title: "Group makes administrators",
    area: Area::Permissions,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "Whoever may add members to the group hands out the account.",
    fix: "Let the members assume a role for the work that needs it.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_group_administrator_access_policy")],
    remedies: &["detach-policy"],
    fails_on: &[r#"group admins
group/admins has AdministratorAccess"#],
    passes_on: &[r#"group readers
group/readers has ReadOnlyAccess"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    administrators(state, Kind::Group, verdicts)
}
