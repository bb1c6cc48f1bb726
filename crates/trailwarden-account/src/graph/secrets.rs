//! What credentials a user has: what records show, and what the credential report counts.
//!
//! The report names no key and no device. It tells how many there were when the baseline was taken;
//! what records show came after it, and counts instead.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account".

use std::ops::RangeInclusive;

use crate::fact::{Fact, Proof, Why};
use crate::identity::{Identity, KeyStatus, Reported};

/// How many access keys a user has at most, inactive ones included.
///
/// Source: IAM User Guide, "IAM and AWS STS quotas".
pub(super) const KEYS_MAX: usize = 2;

/// The row of the report, unless something happened since that no record tells in full.
fn reported<'a>(identity: &'a Identity, completeness: &Fact<()>) -> Option<&'a Reported> {
    identity.reported.value().filter(|_| completeness.why() == Some(&Why::NeverSeen))
}

/// How many access keys there are.
pub(super) fn keys(identity: &Identity) -> RangeInclusive<usize> {
    let keys = &identity.keys;
    let seen = keys.len();
    if keys.is_complete() {
        return seen..=seen;
    }
    let Some(row) = reported(identity, keys.completeness()) else {
        return seen..=KEYS_MAX.max(seen);
    };
    let is_new = |status: &&Fact<KeyStatus>| match status.proof() {
        Some(Proof::Record(record)) => record.event_name == "CreateAccessKey",
        _ => false,
    };
    let new = keys.iter().filter(|(_, status)| is_new(status)).count();
    let (had, gone) = (row.keys_active.len(), keys.absences());
    let least = seen.max(had.saturating_sub(gone) + new).min(KEYS_MAX);
    // Who has both has to lose one before another is made.
    let lost = usize::from(gone > 0 && had >= KEYS_MAX);
    let most = (had.saturating_sub(lost) + seen).min(KEYS_MAX).max(least);
    least..=most
}

/// Whether some access key is inactive; none when nobody knows.
pub(super) fn has_inactive_key(identity: &Identity) -> Option<bool> {
    let keys = &identity.keys;
    if keys.iter().any(|(_, status)| status.value() == Some(&KeyStatus::Inactive)) {
        return Some(true);
    }
    if keys.iter().any(|(_, status)| !status.is_known()) {
        return None;
    }
    if keys.is_complete() {
        return Some(false);
    }
    let row = reported(identity, keys.completeness())?;
    match row.keys_active.contains(&false) {
        false => Some(false),
        true if keys.is_empty() && keys.absences() == 0 => Some(true),
        true => None,
    }
}

/// Whether there is an MFA device; none when nobody knows.
pub(super) fn has_mfa(identity: &Identity) -> Option<bool> {
    let devices = &identity.mfa;
    if devices.iter().any(|(_, device)| device.is_known()) {
        return Some(true);
    }
    if devices.is_complete() {
        return devices.is_empty().then_some(false);
    }
    let row = reported(identity, devices.completeness())?;
    (row.mfa_active == Some(true) && devices.absences() == 0).then_some(true)
}
