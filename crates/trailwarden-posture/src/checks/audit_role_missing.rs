//! No role may audit.

use crate::prelude::*;

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
    let account = Resource::account(state);
    let model = state.model()?;
    let arn = format!("arn:{}:iam::aws:policy/SecurityAudit", state.partition());
    let holders = model.attached_to(&arn);
    let roles =
        holders.ids.iter().filter_map(|id| model.identity(id)).filter(|one| one.kind == Kind::Role);
    match (roles.map(|role| role.name.clone()).next(), holders.unknowns.first()) {
        (Some(name), _) => {
            verdicts.pass(&account, format!("In {}, role/{name} has it.", account.label))
        }
        (None, Some(unknown)) => {
            verdicts.missing(&account, &Missing::new(&unknown.what, unknown.why.as_str()));
        }
        (None, None) => {
            verdicts.fail(
                &account,
                format!("In {}, no role has the policy SecurityAudit.", account.label),
            );
        }
    }
    Ok(())
}
