//! Keys that are too young for "never used" to mean that nobody needs them.
//!
//! A key that was handed out lately may not be deployed yet, and least of all the second one of a rotation.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::time::DAY;
use trailwarden_model::{Finding, Timestamp};
use trailwarden_remedy::people::option;
use trailwarden_remedy::subject::{Key, Known as State};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;

/// Checks that find keys which nobody seems to need.
const UNNEEDED: [&str; 3] =
    ["access-key-never-used", "access-key-unused", "access-key-unused-for-90-days"];

/// So many days after its making a key may wait to be used, as the controls on unused credentials count ("1.12"
/// of the CIS AWS Foundations Benchmark).
const YOUNG_DAYS: i64 = 45;

/// So many days the second key of a rotation may: until the next one would be due ("1.14", the same).
const ROTATION_DAYS: i64 = 90;

impl Known<'_> {
    /// Refuses to switch off as unneeded what is too young to be.
    pub(super) fn are_old_enough(
        &self,
        finding: &Finding,
        subject: &Subject,
        keys: &BTreeSet<String>,
    ) -> Result<(), NoPlan> {
        if !UNNEEDED.contains(&finding.rule.as_str()) {
            return Ok(());
        }
        let mut dated = subject.clone();
        // Without a list nobody knows how old a key is: the check's own dates count then.
        if self.fill_dates(&mut dated).is_err() {
            return Ok(());
        }
        let user = subject.user()?;
        let of_user = dated.keys.unwrap_or_default();
        let too_early = keys.iter().find_map(|id| too_early(user, id, &of_user, subject.time));
        too_early.map_or(Ok(()), Err)
    }
}

/// One subject for each key.
pub(super) fn of_keys(subject: &Subject, keys: BTreeSet<String>) -> Vec<Subject> {
    let with = |key| Subject { access_key: Some(key), ..subject.clone() };
    keys.into_iter().map(with).collect()
}

fn too_early(user: &str, id: &str, keys: &BTreeMap<String, Key>, now: Timestamp) -> Option<NoPlan> {
    let made = keys.get(id)?.created?;
    let older = keys.iter().find(|(other, key)| {
        let is_used =
            matches!(key.last_used, State::Is(time) if now.since(time) < YOUNG_DAYS * DAY);
        *other != id && key.is_active && is_used && key.created.is_some_and(|other| other < made)
    });
    let days = if older.is_some() { ROTATION_DAYS } else { YOUNG_DAYS };
    let due = made.plus(days * DAY);
    if now >= due {
        return None;
    }
    let named = option("--user-name", user);
    let place = match older {
        Some((older, _)) => format!(
            "It is to take the place of {older}, as it seems: put it wherever that one is used; the finding about the age of {older} (access-key-not-rotated) goes on from there (`--remediation rotate-access-key`)."
        ),
        None => "Ask its owner whether it is to be deployed yet, and where.".to_owned(),
    };
    Some(NoPlan::TooEarly {
        what: format!(
            "the key `{id}` was made on {made}, and may not be deployed yet: it counts as unneeded"
        ),
        due,
        meanwhile: vec![
            place,
            format!(
                "Nobody needs it: `aws iam update-access-key {named} --access-key-id {id} --status Inactive`; `--status Active` takes it back. In the console: IAM > Users > the user > Security credentials."
            ),
        ],
    })
}
