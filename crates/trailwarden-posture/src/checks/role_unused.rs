//! A role was not used for 90 days.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-unused",
    title: "Role unused for 90 days",
    area: Area::Identities,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Nobody would miss it, and whoever finds a way in has what it may do.",
    fix: "Take its permissions away; delete it when nobody has missed them.",
    needs: &[DETAILS],
    controls: &[],
    remedies: &[],
    fails_on: &[
        "role old trusts ec2.amazonaws.com used=2026-03-02T00:00:00Z",
        "role old trusts ec2.amazonaws.com used=never",
    ],
    passes_on: &[
        "role app trusts ec2.amazonaws.com used=2026-03-04T00:00:00Z",
        "role new trusts ec2.amazonaws.com created=2026-05-20T00:00:00Z used=never",
    ],
    logic: Logic::Each(judge),
};

const DAYS: i64 = 90;

// Source: IAM User Guide, "View last accessed information": tracking reaches 400 days back.
fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let details = state.items(DETAILS, "RoleDetailList")?;
    for role in state.all(Kind::Role, verdicts)? {
        if role.is_service_linked() {
            continue;
        }
        let resource = Resource::identity(state, role);
        let label = &resource.label;
        let detail = details.iter().find(|detail| text(detail, "RoleName") == &*role.name);
        let Some(used) = detail.and_then(|detail| detail.get("RoleLastUsed")) else {
            verdicts
                .missing(&resource, &Missing::new("when it was last used", "is not in the answer"));
            continue;
        };
        let age = |time: Timestamp| state.days_since(time);
        match (Timestamp::parse(text(used, "LastUsedDate")), role.created.value()) {
            (Some(time), _) => verdicts.judge(
                &resource,
                age(time) > DAYS,
                || format!("{label} was last used at {time}."),
                || format!("{label} was last used at {time}."),
            ),
            (None, Some(created)) => verdicts.judge(
                &resource,
                age(*created) > DAYS,
                || {
                    format!(
                        "{label} was never used in the {} since it was made.",
                        days(age(*created))
                    )
                },
                || format!("{label} is new and was not used yet."),
            ),
            (None, None) => {
                verdicts.missing(&resource, &Missing::new("when it was made", "is not known"))
            }
        }
    }
    Ok(())
}
