//! A user holds policies that no group gives.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "user-with-direct-policies",
    title: "User holds policies of its own",
    area: Area::Identities,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "What each person may do must be read person by person, and stays when the work changes.",
    fix: "Give the policies to a group, or move the user to federation.",
    needs: &[DETAILS],
    controls: &[
        Control::Cis(["1.15", "1.15", "1.14", "2.14", "2.13"]),
        Control::SecurityHub("IAM.2"),
        Control::Config("iam-user-no-policies-check"),
        Control::Prowler("iam_policy_attached_only_to_group_or_roles"),
    ],
    remedies: &[],
    fails_on: &[
        r#"user alice
user/alice has ReadOnlyAccess"#,
        r#"user alice
user/alice allows s3:Get*"#,
    ],
    passes_on: &[r#"user alice groups=ops
group ops
group/ops has ReadOnlyAccess"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for user in state.all(Kind::User, verdicts)? {
        let resource = Resource::identity(state, user);
        let label = &resource.label;
        let own = user.inline.len() + user.attached.len();
        let doubt = user.inline.completeness().why().or(user.attached.completeness().why());
        match (own, doubt) {
            (0, Some(why)) => {
                verdicts.missing(&resource, &Missing::new("its policies:", why.as_str()))
            }
            (0, None) => verdicts.pass(&resource, format!("{label} holds no policy of its own.")),
            (own, _) => {
                let policies =
                    if own == 1 { "1 policy".to_owned() } else { format!("{own} policies") };
                verdicts.fail(&resource, format!("{label} holds {policies} of its own."));
            }
        }
    }
    Ok(())
}
