//! The account has no contact for security.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "security-contact-missing",
    title: "No contact for security is registered",
    area: Area::Root,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "AWS writes to the owner of the account, who may not know what to do.",
    fix: "Register an alternate contact for security.",
    needs: &["account:GetAlternateContact"],
    controls: &[
        Control::Cis(["1.2", "1.2", "1.2", "2.2", "2.3"]),
        Control::Prowler("account_security_contact_information_is_registered"),
    ],
    remedies: &[],
    fails_on: &["account:GetAlternateContact AlternateContactType=SECURITY absent"],
    passes_on: &[
        r#"account:GetAlternateContact AlternateContactType=SECURITY {"AlternateContact":{"EmailAddress":"security@example.com"}}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    let body = state.about("account:GetAlternateContact", "AlternateContactType", "SECURITY")?;
    let has_one = body.get("AlternateContact").is_some();
    verdicts.judge(
        &account,
        !has_one,
        || format!("The {label} has no contact for security."),
        || format!("The {label} has a contact for security."),
    );
    Ok(())
}
