//! A role with ReadOnlyAccess lets in another account.

use crate::prelude::*;
use crate::readers::trusts;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-of-readers-open-to-account",
    title: "Another account may read everything",
    area: Area::Trust,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "ReadOnlyAccess reads the data too: objects, tables, parameters, messages.",
    fix: "Give the other account SecurityAudit or ViewOnlyAccess, or exactly what it needs.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_role_cross_account_readonlyaccess_policy")],
    remedies: &["narrow-trust"],
    fails_on: &[r#"role app trusts 444455556666
role/app has ReadOnlyAccess"#],
    passes_on: &[
        r#"role app trusts 111122223333
role/app has ReadOnlyAccess"#,
        r#"role app trusts 444455556666
role/app has SecurityAudit"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let model = state.model()?;
    for (role, grants) in trusts(state, verdicts)? {
        let label = &role.label;
        let holds = role.arn.as_deref().and_then(|arn| model.find_arn(arn)).is_some_and(|one| {
            one.attached.keys().any(|arn| arn.ends_with(":aws:policy/ReadOnlyAccess"))
        });
        let mut foreign = grants.iter().filter_map(|grant| grant.who.account());
        let foreign = foreign.find(|account| *account != state.account());
        match foreign.filter(|_| holds) {
            Some(account) => {
                verdicts.fail(
                    &role,
                    format!("{label} has ReadOnlyAccess and lets in account {account}."),
                );
            }
            None => verdicts.pass(&role, format!("{label} gives no other account ReadOnlyAccess.")),
        }
    }
    Ok(())
}
