//! A baseline: what AWS said about an account at some time.
//!
//! The main part is the JSON that `aws iam get-account-authorization-details` prints, whole or as
//! several pages; beside it may stand the credential report, the account summary, the password
//! policy and the organization's policies. None of them names its own time, so the caller gives it;
//! else the newest date inside is the least it can be.
//!
//! # Invariants
//! - An empty list is no proof that there is nothing: `--filter` leaves lists empty too. Only the
//!   account summary can say zero.
//! - The same files in any order give the same baseline.

mod details;
mod error;
mod import;
mod organization;
mod parts;
mod report;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use trailwarden_model::{AccountId, Timestamp};

use crate::identity::Reported;
use crate::settings::PasswordPolicy;

pub use details::authorization_details;
pub use error::Error;
pub use organization::{BaselinePolicy, OrganizationBaseline, organization_policies};
pub use report::credential_report;
pub use settings::{account_summary, password_policy};

/// What AWS said about an account.
#[derive(Clone, Debug)]
pub struct Baseline {
    account: AccountId,
    taken: Option<Timestamp>,
    newest: Timestamp,
    details: details::Details,
    /// Whether the last page was among those read.
    is_whole: bool,
    report: BTreeMap<String, Reported>,
    has_report: bool,
    summary: Option<BTreeMap<String, i64>>,
    /// `Some(None)`: AWS said that there is none.
    password_policy: Option<Option<PasswordPolicy>>,
    organization: Option<OrganizationBaseline>,
}

impl Baseline {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// When it was taken: as told, else the newest date inside.
    #[must_use]
    pub fn taken(&self) -> Timestamp {
        self.taken.unwrap_or(self.newest)
    }

    /// Whether the time was told and not guessed from the newest date inside.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        self.taken.is_some()
    }

    /// Says when it was taken.
    #[must_use]
    pub fn taken_at(mut self, time: Timestamp) -> Self {
        self.taken = Some(time);
        self
    }

    /// Adds another page or part of the same account; the other's parts win where both have one.
    pub fn merge(&mut self, other: Self) -> Result<(), Error> {
        if other.account != self.account {
            return Err(Error::OtherAccount { expected: self.account, found: other.account });
        }
        self.taken = self.taken.max(other.taken);
        self.newest = self.newest.max(other.newest);
        self.is_whole |= other.is_whole;
        self.details.merge(other.details);
        self.has_report |= other.has_report;
        self.report.extend(other.report);
        self.summary = other.summary.or(self.summary.take());
        self.password_policy = other.password_policy.or(self.password_policy.take());
        self.organization = other.organization.or(self.organization.take());
        Ok(())
    }

    /// Adds the rows of a credential report.
    #[must_use]
    pub fn with_report(mut self, report: BTreeMap<String, Reported>) -> Self {
        self.report = report;
        self.has_report = true;
        self
    }

    /// Adds the account summary.
    #[must_use]
    pub fn with_summary(mut self, summary: BTreeMap<String, i64>) -> Self {
        self.summary = Some(summary);
        self
    }

    /// Adds the password policy; `None` says that AWS answered that there is none.
    #[must_use]
    pub fn with_password_policy(mut self, policy: Option<PasswordPolicy>) -> Self {
        self.password_policy = Some(policy);
        self
    }

    /// Adds the organization's policies.
    #[must_use]
    pub fn with_organization(mut self, organization: OrganizationBaseline) -> Self {
        self.organization = Some(organization);
        self
    }
}

/// Puts baselines of one account together; pages of several accounts may be mixed.
pub fn by_account(pages: Vec<Baseline>) -> Result<Vec<Baseline>, Error> {
    let mut accounts: BTreeMap<AccountId, Baseline> = BTreeMap::new();
    for page in pages {
        match accounts.get_mut(&page.account) {
            Some(known) => known.merge(page)?,
            None => {
                accounts.insert(page.account, page);
            }
        }
    }
    Ok(accounts.into_values().collect())
}

fn arc(text: &str) -> Arc<str> {
    text.into()
}
