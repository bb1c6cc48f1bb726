//! A user has full control by his own permissions.

use crate::prelude::*;
use crate::readers::administrators;

/// See the fields.
pub static CHECK: Check = Check {
    id: "user-is-administrator",
    title: "User is an administrator",
    area: Area::Permissions,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "A key or password of the user, stolen once, is the whole account, for as long as nobody notices.",
    fix: "Take the policy away and let the user assume a role for the work that needs it.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_user_administrator_access_policy")],
    remedies: &["detach-policy"],
    fails_on: &[
        r#"user alice
user/alice has AdministratorAccess"#,
        r#"user alice groups=ops
group ops
group/ops allows iam:*"#,
    ],
    passes_on: &[
        r#"user alice
user/alice has ReadOnlyAccess"#,
        r#"policy few allows s3:*
user alice
user/alice has AdministratorAccess
user/alice bounded-by policy/few"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    administrators(state, Kind::User, verdicts)
}
