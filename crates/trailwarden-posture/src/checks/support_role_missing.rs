//! No role may talk to AWS Support.

use crate::prelude::*;
use crate::readers::some_role_has;

/// See the fields.
pub static CHECK: Check = Check {
    id: "support-role-missing",
    title: "No role may talk to AWS Support",
    area: Area::Identities,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "In an incident nobody but an administrator can ask AWS for help.",
    fix: "Make a role with AWSSupportAccess for those who handle incidents.",
    needs: &[DETAILS],
    controls: &[
        Control::Cis(["1.17", "1.17", "1.16", "2.16", "2.15"]),
        Control::SecurityHub("IAM.18"),
        Control::Config("iam-policy-in-use"),
        Control::Prowler("iam_support_role_created"),
    ],
    remedies: &[],
    fails_on: &["user alice"],
    passes_on: &[r#"role help trusts 111122223333
role/help has AWSSupportAccess"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    some_role_has(state, "AWSSupportAccess", verdicts)
}
