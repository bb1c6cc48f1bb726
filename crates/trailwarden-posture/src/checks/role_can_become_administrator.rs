//! A role that is no administrator can lead to one.

use crate::prelude::*;
use crate::readers::escalations;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-can-become-administrator",
    title: "Role can become administrator",
    area: Area::Permissions,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "Whoever enters the role, or the code that runs with it, is administrator in a few calls.",
    fix: "Take one of the permissions along the way, or narrow it to what cannot be used for that; `paths` shows every step.",
    needs: &[DETAILS],
    controls: &[
        Control::Prowler("iam_policy_allows_privilege_escalation"),
        Control::Prowler("iam_inline_policy_allows_privilege_escalation"),
    ],
    remedies: &["narrow-policy"],
    fails_on: &[r#"role app trusts ec2.amazonaws.com
role/app allows iam:PutRolePolicy"#],
    passes_on: &[r#"role app trusts ec2.amazonaws.com
role/app allows s3:*"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    escalations(state, Kind::Role, verdicts)
}
