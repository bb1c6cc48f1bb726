//! Switches an access key off. Deleting it could not be taken back, and takes its last use with it.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "deactivate-access-key",
    aliases: &[],
    title: "Deactivate an access key",
    effect: Effect::Restricts,
    order: Order::Containment,
    notes: &[
        "Whatever signs with this key fails from now on; the user's other credentials stay.",
        "Sessions that were made with the key outlive it: end them too (revoke-sessions).",
        "IAM takes some seconds to be consistent everywhere: calls may still pass until then.",
    ],
    example: |subject| subject.access_key = Some("AKIAEXAMPLEOFALICE01".to_owned()),
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    let key = subject.access_key.as_deref().ok_or(NoPlan::Missing("an access key"))?;
    let state = subject.keys.as_ref().map(|keys| keys.get(key));
    match state {
        Some(None) => return Err(NoPlan::Already(format!("the key `{key}` is gone"))),
        Some(Some(key_state)) if !key_state.is_active => {
            return Err(NoPlan::Already(format!("the key `{key}` is inactive")));
        }
        // What is not known is asked right before the call.
        Some(Some(_)) | None => {}
    }
    switch_off(draft, user, key)
}

/// The call that switches a key off.
pub(crate) fn switch_off(draft: &mut Draft, user: &str, key: &str) -> Result<(), NoPlan> {
    draft.call(
        format!("switch the access key {key} of {user} off"),
        "iam:UpdateAccessKey",
        [("UserName", user.into()), ("AccessKeyId", key.into()), ("Status", "Inactive".into())],
        &Before::was("Status", "Active"),
    )?;
    Ok(())
}
