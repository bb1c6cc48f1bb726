//! A user who is no administrator can make himself one.

use crate::prelude::*;
use crate::readers::escalations;

/// See the fields.
pub static CHECK: Check = Check {
    id: "user-can-become-administrator",
    title: "User can become administrator",
    area: Area::Permissions,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "The permissions look harmless one by one, and together they are full control: whoever takes the user over takes the account.",
    fix: "Take one of the permissions along the way, or narrow it to what cannot be used for that; `paths` shows every step.",
    needs: &[DETAILS],
    controls: &[
        Control::Prowler("iam_policy_allows_privilege_escalation"),
        Control::Prowler("iam_inline_policy_allows_privilege_escalation"),
    ],
    remedies: &["narrow-policy"],
    fails_on: &[r#"user alice
user/alice allows iam:PutUserPolicy"#],
    passes_on: &[
        r#"user alice
user/alice allows s3:*"#,
        r#"policy few allows s3:*
user alice
user/alice allows iam:PutUserPolicy
user/alice bounded-by policy/few"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    escalations(state, Kind::User, verdicts)
}
