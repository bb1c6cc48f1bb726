//! Puts a new access key in the place of an old one, in three stages: each is a plan of its own, since
//! between them somebody must deploy the new key and show that it works.
//!
//! Source: IAM User Guide, "Update access keys" (the order of the stages, and that a user has two keys at
//! most).

use trailwarden_model::Timestamp;
use trailwarden_model::time::DAY;

use super::deactivate_access_key::switch_off;
use super::delete_credential::{GRACE_DAYS, delete, status_of};
use crate::people::option;
use crate::prelude::*;
use crate::subject::Key;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "rotate-access-key",
    aliases: &[],
    title: "Rotate an access key",
    effect: Effect::Renews,
    order: Order::Credentials,
    notes: &["A role with temporary credentials needs no rotation: ask whether one would do."],
    example: |subject| {
        subject.access_key = Some("AKIAEXAMPLEOFALICE01".to_owned());
        let key = Key { is_active: true, ..Default::default() };
        subject.keys = Some([("AKIAEXAMPLEOFALICE01".to_owned(), key)].into());
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    let id = subject.access_key.as_deref().ok_or(NoPlan::Missing("an access key"))?;
    let keys = subject.keys.as_ref().ok_or_else(|| NoPlan::unknown("which keys the user has"))?;
    let Some(key) = keys.get(id) else {
        return Err(NoPlan::Already(format!("the key `{id}` is gone")));
    };
    if !key.is_active {
        draft.note("Stage 3 of 3: nobody missed the old key since it was switched off.");
        return delete(subject, draft);
    }
    match keys.iter().find(|(other, _)| *other != id) {
        None if is_unused(key, subject) => Err(NoPlan::Missing("a key that is in use")),
        None => make_second(draft, user, id),
        Some((other, second)) if is_ready(subject.time, (id, key), (other, second))? => {
            draft.note(format!(
                "Stage 2 of 3: the new key {other} was used later than the old one, which nothing used for {QUIET_DAYS} days. {GRACE_DAYS} days after this step a plan for the inactive key (delete-credential), made with the logs, deletes it."
            ));
            switch_off(draft, user, id)
        }
        Some(_) if is_unused(key, subject) => Err(NoPlan::Missing("a key that is in use")),
        Some((other, second)) => Err(stage_two_later(subject, user, (id, key), (other, second))),
    }
}

/// The answer while the old key is still in use.
fn stage_two_later(
    subject: &Subject,
    user: &str,
    (id, key): (&str, &Key),
    (other, second): (&str, &Key),
) -> NoPlan {
    let (old, new) = (key.last_used.is(), second.last_used.is());
    let quiet_since = old.filter(|old| new > Some(*old)).unwrap_or(&subject.time);
    let state = match new {
        Some(_) if new > old => {
            format!("is in use, but the old one `{id}` was used within {QUIET_DAYS} days, too")
        }
        Some(_) => format!("is in use, but the old one `{id}` was used later"),
        None => "was never used".to_owned(),
    };
    let named = option("--user-name", user);
    NoPlan::TooEarly {
        what: format!(
            "stage 2 of 3 is not due: the new key `{other}` {state}; the old one may be switched off once the new one does its work, and so at the earliest"
        ),
        due: quiet_since.plus(QUIET_DAYS * DAY),
        meanwhile: vec![
            format!(
                "Find where the old key is used: `aws iam get-access-key-last-used --access-key-id {id}` names the service and the region of its last call, your logs each call with its address."
            ),
            format!(
                "Put the new key {other} there, and see that it is used: `aws iam get-access-key-last-used --access-key-id {other}`. Where its secret is lost, delete it (`aws iam delete-access-key {named} --access-key-id {other}`, which cannot be taken back) and make the plan again, which makes another one."
            ),
            format!(
                "Once nothing used the old key for {QUIET_DAYS} days, take a new baseline (`trailwarden baseline --output FILE`): the plan made with that switches it off."
            ),
        ],
    }
}

/// So many days after its last use a key counts as unused (CIS AWS Foundations Benchmark, the control on
/// credentials unused for 45 days): it is switched off, and gets no successor.
const UNUSED_DAYS: i64 = 45;

/// So many days the old key must have been left alone: that the new one was used says nothing of what
/// still has the old one. "Update access keys" (IAM User Guide) has one wait for several days and look.
const QUIET_DAYS: i64 = 3;

fn is_unused(key: &Key, subject: &Subject) -> bool {
    match key.last_used {
        Known::Unknown => false,
        Known::Absent => true,
        Known::Is(time) => subject.time.since(time) > UNUSED_DAYS * DAY,
    }
}

fn make_second(draft: &mut Draft, user: &str, old: &str) -> Result<(), NoPlan> {
    draft.note(format!(
        "Stage 1 of 3: a second key, whose secret is told once to who carries the plan out. Hand it to the owner of {old}, who deploys it wherever the old one is used; then take a new baseline and make the plan again: once the new key was used later than the old one, it switches the old one off."
    ));
    draft.call(
        format!("make a second access key for {user}"),
        "iam:CreateAccessKey",
        [("UserName", user.into())],
        &Before::Implied,
    )?;
    draft.require(status_of(user, old, "Active"));
    Ok(())
}

/// Whether a second key has taken the place of the old one.
fn is_ready(
    time: Timestamp,
    (id, key): (&str, &Key),
    (other, second): (&str, &Key),
) -> Result<bool, NoPlan> {
    if !second.is_active {
        return Err(NoPlan::Person(format!(
            "the user has two keys, which is as many as there may be, and the other one, `{other}`, is inactive: delete that first (delete-credential), then make this plan again"
        )));
    }
    let (Some(made), Some(made_second)) = (key.created, second.created) else {
        return Err(NoPlan::unknown("which of the two keys is the newer one"));
    };
    if made_second <= made {
        return Err(NoPlan::Person(format!(
            "the user has two keys, and `{id}` is the newer one: move what uses `{other}` to it and take that away (deactivate-access-key), then make this plan again"
        )));
    }
    match (&key.last_used, &second.last_used) {
        (Known::Unknown, _) | (_, Known::Unknown) => Err(NoPlan::Unknown {
            what: "when the two keys were last used".to_owned(),
            ask: ASK_LAST_USE,
        }),
        (_, Known::Absent) => Ok(false),
        (Known::Absent, Known::Is(_)) => Ok(true),
        (Known::Is(old), Known::Is(new)) => Ok(new > old && time.since(*old) >= QUIET_DAYS * DAY),
    }
}

/// The credential report names no keys: the dates at which they were made tell which is which.
const ASK_LAST_USE: &str = "give a baseline made just now, whose credential report tells it; where it does not, since both keys were made at once, IAM > Users > the user > Security credentials does: switch the one off there that nobody uses";
