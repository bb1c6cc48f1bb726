//! A user is in no group.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "user-without-group",
    title: "User in no group",
    area: Area::Identities,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "What the user may do is set for him alone, and is forgotten when the work changes.",
    fix: "Put the user into the groups of his work, or delete him.",
    needs: &[DETAILS],
    controls: &[Control::Config("iam-user-group-membership-check")],
    remedies: &[],
    fails_on: &["user alice"],
    passes_on: &[r#"group ops
user alice groups=ops"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let model = state.model()?;
    for user in state.all(Kind::User, verdicts)? {
        let resource = Resource::identity(state, user);
        let label = &resource.label;
        let groups = model.groups_of(&user.id);
        match (groups.ids.len(), groups.unknowns.first()) {
            (0, Some(unknown)) => {
                verdicts.missing(&resource, &Missing::new(&unknown.what, unknown.why.as_str()));
            }
            (0, None) => verdicts.fail(&resource, format!("{label} is in no group.")),
            (count, _) => {
                verdicts.pass(&resource, format!("{label} is in {}.", counted(count, "group")))
            }
        }
    }
    Ok(())
}
