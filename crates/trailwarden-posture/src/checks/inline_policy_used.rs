//! A user, group or role holds an inline policy.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "inline-policy-used",
    title: "Permissions by inline policy",
    area: Area::Identities,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "An inline policy has no versions, is shared with nobody and is easily overlooked.",
    fix: "Make it a managed policy.",
    needs: &[DETAILS],
    controls: &[Control::Config("iam-no-inline-policy-check")],
    remedies: &[],
    fails_on: &[r#"user alice
user/alice allows s3:Get*"#],
    passes_on: &[r#"user alice
user/alice has ReadOnlyAccess"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for kind in [Kind::User, Kind::Group, Kind::Role] {
        for identity in state.all(kind, verdicts)? {
            if identity.is_service_linked() {
                continue;
            }
            let resource = Resource::identity(state, identity);
            let label = &resource.label;
            match (identity.inline.len(), identity.inline.completeness().why()) {
                (0, Some(why)) => {
                    verdicts
                        .missing(&resource, &Missing::new("its inline policies:", why.as_str()));
                }
                (0, None) => verdicts.pass(&resource, format!("{label} has no inline policy.")),
                (1, _) => verdicts.fail(&resource, format!("{label} has an inline policy.")),
                (many, _) => {
                    verdicts.fail(&resource, format!("{label} has {many} inline policies."))
                }
            }
        }
    }
    Ok(())
}
