//! `--baseline [ACCOUNT=]FILE`: what AWS said about accounts, from baseline files, and from files as
//! the AWS CLI saved them.
//!
//! What a file holds is told by its content and never by its name. Several files of one account are
//! one baseline; a file that does not name its account needs `ACCOUNT=`, unless all others are of
//! one account.

mod around;
mod content;
mod pack;
mod shapes;

use std::collections::BTreeMap;
use std::path::Path;

use trailwarden_account::Baseline;
use trailwarden_account::baseline::{self, by_account};
use trailwarden_model::AccountId;
use trailwarden_record::limits::Limits;

use crate::sources;
pub use around::Around;
use content::{Part, parts};
pub use pack::{snapshots, write};

/// A baseline could not be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file could not be read or unpacked.
    #[error("cannot read the baseline `{file}`: {cause}")]
    Read {
        /// The file.
        file: String,
        /// What is wrong and what to do.
        cause: String,
    },
    /// The file holds nothing that belongs to a baseline.
    #[error(
        "`{file}` is no part of a baseline; give a file that `trailwarden baseline` wrote, or what `aws iam \
         get-account-authorization-details`, `get-account-summary`, `get-account-password-policy` or `get-credential-report` printed, or \
         the organization's policies"
    )]
    Unknown {
        /// The file.
        file: String,
    },
    /// The importer refused a part.
    #[error("cannot use the baseline `{file}`; {}", .source.help())]
    Part {
        /// The file, or the files.
        file: String,
        /// What is wrong.
        #[source]
        source: baseline::Error,
    },
    /// A part that names no account, with no account told.
    #[error(
        "the {what} in `{file}` does not say of which account it is; write `--baseline \
         ACCOUNT={file}` with the twelve digits of the account"
    )]
    NoAccount {
        /// The file.
        file: String,
        /// Which part.
        what: &'static str,
    },
    /// The account that was told is not the one inside.
    #[error("`{file}` is of account {found}, not {told}; correct what stands before the `=`")]
    OtherAccount {
        /// The file.
        file: String,
        /// The account before the `=`.
        told: AccountId,
        /// The account inside.
        found: AccountId,
    },
    /// A baseline file that cannot be used.
    #[error("cannot use `{file}`")]
    Snapshot {
        /// The file.
        file: String,
        /// What is wrong.
        #[source]
        source: trailwarden_account::snapshot::Error,
    },
    /// A baseline file that cannot be written.
    #[error("cannot write the baseline `{file}`; check the path and its permissions")]
    Write {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The status of one of several trails, or of one that is not described.
    #[error(
        "`{file}` is the status of a trail and does not say of which; give what `aws cloudtrail \
         describe-trails` printed before it, when there is one trail, or let `trailwarden baseline` ask"
    )]
    NoTrail {
        /// The file.
        file: String,
    },
    /// Parts of an account of which the main part is missing.
    #[error(
        "`{file}` is about account {account}, of which no authorization details are given; add what \
         `aws iam get-account-authorization-details` printed"
    )]
    NoDetails {
        /// The file.
        file: String,
        /// The account.
        account: AccountId,
    },
}

/// A part beside the authorization details.
struct Beside {
    file: String,
    account: Option<AccountId>,
    part: Part,
}

/// Reads the files of `--baseline` arguments, by account.
pub fn read(arguments: &[String], limits: Limits) -> Result<Vec<Baseline>, BaselineError> {
    let (mut pages, mut beside) = (Vec::new(), Vec::new());
    let mut files: BTreeMap<AccountId, Vec<&str>> = BTreeMap::new();
    for argument in arguments {
        let (told, file) = split(argument);
        let bytes = sources::contents(Path::new(file), limits)
            .map_err(|cause| BaselineError::Read { file: file.to_owned(), cause })?;
        if trailwarden_account::Snapshot::is_one(&bytes) {
            for one in pack::baselines(file, &pack::read(file, &bytes, told)?)? {
                files.entry(one.account()).or_default().push(file);
                pages.push(one);
            }
            continue;
        }
        let wrong = |source| BaselineError::Part { file: file.to_owned(), source };
        let parts = parts(&bytes).map_err(wrong)?;
        if parts.is_empty() {
            return Err(BaselineError::Unknown { file: file.to_owned() });
        }
        for (part, found) in parts {
            if let (Some(told), Some(found)) = (told, found)
                && told != found
            {
                return Err(BaselineError::OtherAccount { file: file.to_owned(), told, found });
            }
            match part {
                Part::Details(page) => {
                    files.entry(page.account()).or_default().push(file);
                    pages.push(*page);
                }
                part => {
                    beside.push(Beside { file: file.to_owned(), account: told.or(found), part });
                }
            }
        }
    }
    let merged = by_account(pages).map_err(|source| {
        let all: Vec<&str> = files.values().flatten().copied().collect();
        BaselineError::Part { file: all.join("`, `"), source }
    })?;
    complete(merged, beside)
}

/// Adds to the baselines what stands beside the authorization details.
fn complete(baselines: Vec<Baseline>, beside: Vec<Beside>) -> Result<Vec<Baseline>, BaselineError> {
    let only = match baselines.as_slice() {
        [only] => Some(only.account()),
        _ => None,
    };
    let mut accounts: BTreeMap<AccountId, Baseline> =
        baselines.into_iter().map(|baseline| (baseline.account(), baseline)).collect();
    for Beside { file, account, part } in beside {
        let Some(account) = account.or(only) else {
            return Err(BaselineError::NoAccount { file, what: part.name() });
        };
        // The organization's policies are of its management account, which may have no baseline of
        // its own; any model that holds them is found by the accounts that its tree names.
        let holder = match &part {
            Part::Organization(_) if !accounts.contains_key(&account) => {
                accounts.keys().next().copied().unwrap_or(account)
            }
            _ => account,
        };
        let Some(baseline) = accounts.remove(&holder) else {
            return Err(BaselineError::NoDetails { file, account });
        };
        let baseline = match part {
            Part::Details(_) => baseline,
            Part::Summary(summary) => baseline.with_summary(summary),
            Part::Passwords(policy) => baseline.with_password_policy(Some(policy)),
            Part::Report(report) => baseline.with_report(report),
            Part::Organization(organization) if holder != account => {
                baseline.with_organization(organization.managed_by(account))
            }
            Part::Organization(organization) => baseline.with_organization(organization),
        };
        accounts.insert(holder, baseline);
    }
    Ok(accounts.into_values().collect())
}

/// `111122223333=file` or `file`: twelve digits before the first `=` are an account.
fn split(argument: &str) -> (Option<AccountId>, &str) {
    match argument.split_once('=') {
        Some((account, file)) if account.len() == 12 => match AccountId::parse(account) {
            Some(account) => (Some(account), file),
            None => (None, argument),
        },
        _ => (None, argument),
    }
}

#[cfg(test)]
mod tests;
