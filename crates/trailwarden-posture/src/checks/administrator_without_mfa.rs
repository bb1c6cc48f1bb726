//! A user with full control has no second factor.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "administrator-without-mfa",
    title: "Administrator without a second factor",
    area: Area::Mfa,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "One stolen password or key is the whole account.",
    fix: "Register a device for the user, and let the policies ask for it.",
    needs: &[DETAILS, REPORT],
    controls: &[Control::Prowler("iam_administrator_access_with_mfa")],
    remedies: &["enable-mfa"],
    fails_on: &[
        r#"user alice groups=admins
group admins
group/admins has AdministratorAccess"#,
        r#"user alice
user/alice allows iam:PutUserPolicy"#,
    ],
    passes_on: &[r#"user alice groups=admins
group admins
group/admins has AdministratorAccess
report alice mfa_active=true"#],
    logic: Logic::Each(judge),
};

// Whoever can make himself administrator counts as one: others look at one policy's name.
fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for user in state.all(Kind::User, verdicts)? {
        let resource = Resource::identity(state, user);
        let label = &resource.label;
        if state.graph().reaches_administrator(&state.node(user)).is_none() {
            // Whether something unseen makes him one is said by `user-is-administrator`.
            verdicts
                .not_applicable(&resource, format!("{label} is not known for an administrator."));
            continue;
        }
        match row(state.report()?, &user.name).map(|row| row.has_mfa) {
            Ok(Some(has_mfa)) => {
                let flawed =
                    || format!("{label} is or can become administrator, and has no second factor.");
                verdicts
                    .judge(&resource, !has_mfa, flawed, || format!("{label} has a second factor."));
            }
            Ok(None) => verdicts.unknown(&resource, "the credential report does not say"),
            Err(missing) => verdicts.missing(&resource, &missing),
        }
    }
    Ok(())
}
