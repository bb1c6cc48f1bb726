//! Takes the console password away from a user; AWS has no way to switch one off.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "delete-login-profile",
    aliases: &[],
    title: "Take a console password away",
    effect: Effect::Restricts,
    order: Order::Credentials,
    notes: &[
        "The user cannot sign in to the console any more; access keys are not concerned.",
        "Console sessions that exist live on, up to twelve hours: end them too (revoke-sessions).",
    ],
    example: |subject| subject.login_profile = Known::Is(false),
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    if subject.login_profile == Known::Absent {
        return Err(NoPlan::Already("the user has no console password".to_owned()));
    }
    draft.call(
        format!("delete the console password of {user}"),
        "iam:DeleteLoginProfile",
        [("UserName", user.into())],
        &Before::Implied,
    )?;
    if subject.may_change_password != Some(true) {
        draft.note("The undo sets a password that must be changed at the next sign-in, and it is not certain that the user may: attach IAMUserChangePassword before, or the user stays locked out.");
    }
    Ok(())
}
