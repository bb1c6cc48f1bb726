//! Deletes an access key that has been inactive for long enough that nobody can miss it.

use trailwarden_model::time::DAY;

use crate::people::option;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "delete-credential",
    aliases: &["delete-access-key"],
    title: "Delete an inactive access key",
    effect: Effect::Renews,
    order: Order::Credentials,
    notes: &[
        "It cannot be taken back. An inactive key is not necessarily one that nobody needs: ask its owner.",
        "Deleting a key is not rotating it: a new one must be made and deployed before.",
    ],
    example: |subject| {
        let key = crate::subject::Key {
            is_active: false,
            inactive_since: Some(subject.time.plus(-40 * DAY)),
            ..Default::default()
        };
        subject.access_key = Some("AKIAEXAMPLEOFALICE02".to_owned());
        subject.keys = Some([("AKIAEXAMPLEOFALICE02".to_owned(), key)].into());
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

/// How many days a key stays inactive before it is deleted: long enough for what runs once a month.
pub(crate) const GRACE_DAYS: i64 = 35;

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    delete(subject, draft)
}

/// The call that deletes the subject's key, once it may.
pub(crate) fn delete(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    let id = subject.access_key.as_deref().ok_or(NoPlan::Missing("an access key"))?;
    let keys = subject.keys.as_ref().ok_or_else(|| NoPlan::unknown("which keys the user has"))?;
    let Some(key) = keys.get(id) else {
        return Err(NoPlan::Already(format!("the key `{id}` is gone")));
    };
    if key.is_active {
        return Err(NoPlan::Person(format!(
            "the key `{id}` is active: switch it off first (deactivate-access-key), and delete it {GRACE_DAYS} days later"
        )));
    }
    let since = key.inactive_since;
    let since = since.ok_or_else(|| NoPlan::unknown("since when the key has been inactive"))?;
    let due = since.plus(GRACE_DAYS * DAY);
    if subject.time < due {
        return Err(NoPlan::TooEarly {
            what: format!("the key `{id}` may be deleted"),
            due,
            meanwhile: vec![format!(
                "Until that day switch it on again where somebody misses it: `aws iam update-access-key {} --access-key-id {id} --status Active`; `--status Inactive` takes it back, and the days count anew.",
                option("--user-name", user)
            )],
        });
    }
    draft.call(
        format!("delete the access key {id} of {user}"),
        "iam:DeleteAccessKey",
        [("UserName", user.into()), ("AccessKeyId", id.into())],
        &Before::Implied,
    )?;
    draft.require(status_of(user, id, "Inactive"));
    Ok(())
}

/// That a user's access key has a status: `Active` or `Inactive`.
pub(super) fn status_of(user: &str, key: &str, status: &str) -> Check {
    Check {
        service: "iam".to_owned(),
        operation: "ListAccessKeys".to_owned(),
        input: [("UserName".to_owned(), user.into())].into(),
        path: vec![
            Part::Member("AccessKeyMetadata".to_owned()),
            Part::Where([("AccessKeyId".to_owned(), key.into())].into()),
            Part::Member("Status".to_owned()),
        ],
        expected: Expected::Equals(status.into()),
    }
}
