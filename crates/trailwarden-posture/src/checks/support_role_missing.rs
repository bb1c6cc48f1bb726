//! No role may talk to AWS Support.

use crate::prelude::*;

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
    let account = Resource::account(state);
    let model = state.model()?;
    let arn = format!("arn:{}:iam::aws:policy/AWSSupportAccess", state.partition());
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
                format!("In {}, no role has the policy AWSSupportAccess.", account.label),
            );
        }
    }
    Ok(())
}
