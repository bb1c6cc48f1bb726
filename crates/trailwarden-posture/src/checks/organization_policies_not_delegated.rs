//! The organization has no resource policy that delegates its policies.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "organization-policies-not-delegated",
    title: "Policies of the organization are managed in the management account alone",
    area: Area::Organization,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "Whoever writes policies of the organization must be let into the one account that none restricts.",
    fix: "Delegate policy management with a resource policy of the organization.",
    needs: &["organizations:DescribeResourcePolicy"],
    controls: &[Control::Cis(["-", "-", "-", "-", "2.1.5"])],
    remedies: &[],
    fails_on: &["organizations:DescribeResourcePolicy absent"],
    passes_on: &[r#"organizations:DescribeResourcePolicy {"ResourcePolicy":{"Content":"{}"}}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    if state.is_outside_organization(verdicts) {
        return Ok(());
    }
    let account = Resource::account(state);
    let label = &account.label;
    let body = state.answer("organizations:DescribeResourcePolicy")?;
    verdicts.judge(
        &account,
        body.get("ResourcePolicy").is_none(),
        || format!("The organization of {label} delegates its policies to nobody."),
        || format!("The organization of {label} delegates its policies."),
    );
    Ok(())
}
