//! Has a user set another console password at the next sign-in. The password itself stays, so nobody is locked
//! out and none is handed round; where somebody else knows it, [`super::reset_console_password`] is the answer.

use super::reset_console_password::let_change;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "require-new-password",
    aliases: &[],
    title: "Ask for another console password at the next sign-in",
    effect: Effect::Renews,
    order: Order::Credentials,
    notes: &[
        "The old password counts until the user signs in, and is asked for once more then: whoever else knows it can set the new one. Where somebody may know it, set it anew instead (reset-console-password).",
    ],
    example: |subject| {
        subject.login_profile = Known::Is(false);
        subject.may_change_password = Some(true);
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    match subject.login_profile {
        Known::Absent => {
            return Err(NoPlan::Already("the user has no console password".to_owned()));
        }
        Known::Is(true) => {
            return Err(NoPlan::Already(
                "the user must set another password at the next sign-in".to_owned(),
            ));
        }
        Known::Is(false) | Known::Unknown => {}
    }
    // Taken back last, when nobody is asked for another password any more.
    let_change(subject, draft, user)?;
    draft.call(
        format!("have {user} set another console password at the next sign-in"),
        "iam:UpdateLoginProfile",
        [("UserName", user.into()), ("PasswordResetRequired", true.into())],
        &Before::was("PasswordResetRequired", false),
    )?;
    Ok(())
}
