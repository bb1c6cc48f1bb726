//! Sets a console password anew, to be changed at the next sign-in.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "reset-console-password",
    aliases: &["reset-password"],
    title: "Reset a console password",
    effect: Effect::Restricts,
    order: Order::Credentials,
    notes: &[
        "The plan holds no password: the scripts ask for one, and `remediate apply` makes one and hands it over once. Give it to the user by a way that others cannot read.",
        "Console sessions that exist live on, up to twelve hours: end them too (revoke-sessions).",
    ],
    example: |subject| subject.may_change_password = Some(true),
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    if subject.login_profile == Known::Absent {
        return Err(NoPlan::Already("the user has no console password".to_owned()));
    }
    if let_change(subject, draft, user)? {
        draft.keep("without the policy the user cannot change the password, and so cannot sign in: detach it once the password is changed");
    }
    draft.call(
        format!("set a new console password for {user}, to be changed at the next sign-in"),
        "iam:UpdateLoginProfile",
        [
            ("UserName", user.into()),
            ("Password", Argument::Made { made: Made::Password }),
            ("PasswordResetRequired", true.into()),
        ],
        &Before::Implied,
    )?;
    draft.require(Check {
        service: "iam".to_owned(),
        operation: "GetLoginProfile".to_owned(),
        input: [("UserName".to_owned(), user.into())].into(),
        path: vec![Part::Member("LoginProfile".to_owned())],
        expected: Expected::Present,
    });
    Ok(())
}

/// Lets a user change the own password, who is locked out else, and says whether that takes a step.
pub(super) fn let_change(subject: &Subject, draft: &mut Draft, user: &str) -> Result<bool, NoPlan> {
    match subject.may_change_password {
        Some(true) => return Ok(false),
        Some(false) => {}
        None => return Err(NoPlan::unknown("whether the user may change the own password")),
    }
    let policy = format!("arn:{}:iam::aws:policy/IAMUserChangePassword", subject.partition);
    draft.call(
        format!("let {user} change the own password"),
        "iam:AttachUserPolicy",
        [("UserName", user.into()), ("PolicyArn", policy.into())],
        &Before::Implied,
    )?;
    Ok(true)
}
