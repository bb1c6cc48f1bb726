//! The account is in no organization.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "account-outside-organization",
    title: "Account is in no organization",
    area: Area::Organization,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "No policy caps what an administrator of the account can do, and nobody else watches it.",
    fix: "Invite the account into your organization.",
    needs: &["organizations:DescribeOrganization"],
    controls: &[
        Control::Config("account-part-of-organizations"),
        Control::Prowler("organizations_account_part_of_organizations"),
    ],
    remedies: &[],
    fails_on: &["organizations:DescribeOrganization absent"],
    passes_on: &[
        r#"organizations:DescribeOrganization {"Organization":{"Id":"o-1","MasterAccountId":"444455556666"}}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    let body = state.answer("organizations:DescribeOrganization")?;
    let is_in = body.get("Organization").is_some();
    verdicts.judge(
        &account,
        !is_in,
        || format!("The {label} is in no organization."),
        || format!("The {label} is in an organization."),
    );
    Ok(())
}
