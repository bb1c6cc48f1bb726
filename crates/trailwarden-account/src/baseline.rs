//! A baseline: what AWS said about an account at some time.
//!
//! The main part is the JSON that `aws iam get-account-authorization-details` prints, whole or as
//! several pages; beside it may stand the credential report, the account summary, the password
//! policy and the organization's policies. None of them names its own time, so the caller gives it;
//! else the newest date inside is the least it can be.
//!
//! # Invariants
//! - A list is known in full only when the account summary counts as many, or, without one, when its
//!   last page is there and nothing inside names what no list has (`answers`, `listed`).
//! - An empty list is no proof that there is nothing: `--filter` leaves lists empty too. Only the
//!   account summary can say zero.
//! - The same files in any order give the same baseline; files that contradict each other give none.

mod answers;
mod credentials;
mod details;
mod error;
mod import;
mod listed;
mod merge;
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

pub use credentials::Credentials;
pub use details::{authorization_details, authorization_details_of};
pub use error::Error;
pub use organization::{BaselinePolicy, OrganizationBaseline, organization_policies};
pub use report::{credential_report, decoded_credential_report, encoded_credential_report};
pub use settings::{account_summary, password_policy};

/// What AWS said about an account.
#[derive(Clone, Debug)]
pub struct Baseline {
    account: AccountId,
    taken: Option<Timestamp>,
    newest: Timestamp,
    details: details::Details,
    answers: answers::Answers,
    report: BTreeMap<String, Reported>,
    credentials: Credentials,
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

    /// This and another page or part of the same account, whichever comes first.
    pub fn merged(mut self, other: Self) -> Result<Self, Error> {
        if other.account != self.account {
            return Err(Error::OtherAccount { expected: self.account, found: other.account });
        }
        self.details.extend(other.details);
        self.details.settle()?;
        let password_policy =
            merge::either("password policy", self.password_policy, other.password_policy)?;
        Ok(Self {
            account: self.account,
            taken: self.taken.max(other.taken),
            newest: self.newest.max(other.newest),
            details: self.details,
            answers: self.answers.merged(other.answers),
            credentials: self.credentials.merged(other.credentials)?,
            report: merge::union("credential report's row", self.report, other.report)?,
            summary: merge::either("account summary", self.summary, other.summary)?,
            password_policy,
            organization: merge::either(
                "organization policies",
                self.organization,
                other.organization,
            )?,
        })
    }

    /// Adds the rows of a credential report.
    #[must_use]
    pub fn with_report(mut self, report: BTreeMap<String, Reported>) -> Self {
        self.report = report;
        self
    }

    /// Adds keys and MFA devices of users.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
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
        let merged = match accounts.remove(&page.account) {
            Some(known) => known.merged(page)?,
            None => page,
        };
        accounts.insert(merged.account, merged);
    }
    Ok(accounts.into_values().collect())
}

fn arc(text: &str) -> Arc<str> {
    text.into()
}
