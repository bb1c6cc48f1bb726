//! A group has no members.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "group-without-members",
    title: "Group without members",
    area: Area::Identities,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "It gives nothing to anybody until somebody adds a member, and nobody looks at what it gives.",
    fix: "Delete the group.",
    needs: &[DETAILS],
    controls: &[Control::Config("iam-group-has-users-check")],
    remedies: &[],
    fails_on: &["group old"],
    passes_on: &[r#"group ops
user alice groups=ops"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let model = state.model()?;
    for group in state.all(Kind::Group, verdicts)? {
        let resource = Resource::identity(state, group);
        let label = &resource.label;
        let members = model.members_of(&group.id);
        match (members.ids.len(), members.unknowns.first()) {
            (0, Some(unknown)) => {
                verdicts.missing(&resource, &Missing::new(&unknown.what, unknown.why.as_str()));
            }
            (0, None) => verdicts.fail(&resource, format!("{label} has no members.")),
            (count, _) => {
                verdicts.pass(&resource, format!("{label} has {}.", counted(count, "member")))
            }
        }
    }
    Ok(())
}
