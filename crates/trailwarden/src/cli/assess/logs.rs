//! When password policies were last made stricter, as only logs tell.

use std::collections::BTreeMap;

use trailwarden_account::settings::PasswordPolicy;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_runtime::models::{self, Options, Told};
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::Input;

use crate::cli::terminal;

/// How many changes of a policy are looked at, the newest first.
const CHANGES_MAX: usize = 100;
/// The end of the year 9999, behind every record.
const LAST_SECOND: i64 = 253_402_300_799;

/// By account. One whose logs do not show the policy before a change is left out: whether the change
/// made it stricter is not known.
pub(super) fn tightened(
    paths: &[String],
    accounts: impl Iterator<Item = AccountId>,
) -> anyhow::Result<BTreeMap<AccountId, Timestamp>> {
    if paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut told =
        models::read(Options::new(Input::local(paths), Vec::new()), &Progress::default())?;
    if told.summary.rejects > 0 {
        terminal::warn(&format!("{} inputs or records could not be read", told.summary.rejects));
    }
    Ok(accounts.filter_map(|account| Some((account, last(&mut told, account)?))).collect())
}

fn last(told: &mut Told, account: AccountId) -> Option<Timestamp> {
    let mut at = Timestamp::from_seconds(LAST_SECOND);
    for _ in 0..CHANGES_MAX {
        let (after, time) = policy(told, account, at)?;
        at = time?.plus(-1);
        let (before, _) = policy(told, account, at)?;
        if is_stricter(after.as_ref(), before.as_ref()) {
            return time;
        }
    }
    None
}

/// The policy at a time and when it was set; none when it is not known.
fn policy(
    told: &mut Told,
    account: AccountId,
    at: Timestamp,
) -> Option<(Option<PasswordPolicy>, Option<Timestamp>)> {
    let models = told.at(at);
    let fact = &models.get(account)?.settings().password_policy;
    Some((fact.value()?.clone(), fact.proof()?.time()))
}

/// Whether a policy demands something of a password that another did not.
///
/// Source: IAM User Guide, "Set an account password policy for IAM users": without a policy, AWS asks
/// for eight characters of three kinds, whichever.
fn is_stricter(after: Option<&PasswordPolicy>, before: Option<&PasswordPolicy>) -> bool {
    let Some(after) = after else { return false };
    let usual = PasswordPolicy { minimum_length: 8, ..PasswordPolicy::default() };
    let before = before.unwrap_or(&usual);
    after.minimum_length > before.minimum_length
        || after.reuse_prevention > before.reuse_prevention
        || (after.require_lowercase && !before.require_lowercase)
        || (after.require_uppercase && !before.require_uppercase)
        || (after.require_numbers && !before.require_numbers)
        || (after.require_symbols && !before.require_symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stricter_is_what_asks_for_more() {
        let long = PasswordPolicy { minimum_length: 14, ..PasswordPolicy::default() };
        let short = PasswordPolicy { minimum_length: 6, ..PasswordPolicy::default() };
        assert!(is_stricter(Some(&long), Some(&short)));
        assert!(is_stricter(Some(&long), None));
        assert!(!is_stricter(Some(&short), Some(&long)));
        assert!(!is_stricter(None, Some(&long)));
        let symbols = PasswordPolicy { require_symbols: true, ..short };
        assert!(is_stricter(Some(&symbols), Some(&long)));
    }
}
