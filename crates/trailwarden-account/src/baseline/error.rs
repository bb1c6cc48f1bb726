//! What can be wrong with a baseline.

use trailwarden_model::AccountId;

/// A baseline that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not the JSON that was expected.
    #[error("the {what} is not the JSON that the AWS CLI prints")]
    Json {
        /// Which part.
        what: &'static str,
        /// What the parser says.
        #[source]
        source: serde_json::Error,
    },
    /// The credential report is no such table.
    #[error("the credential report is not the CSV that IAM writes")]
    Csv(#[source] csv::Error),
    /// A column of the credential report is missing.
    #[error("the credential report has no column `{0}`")]
    NoColumn(&'static str),
    /// Nothing inside names the account.
    #[error("no ARN in the authorization details names the account")]
    NoAccount,
    /// ARNs of several accounts in one answer.
    #[error("the authorization details are of several accounts: {first} and {second}")]
    SeveralAccounts {
        /// One.
        first: AccountId,
        /// Another.
        second: AccountId,
    },
    /// A part of another account.
    #[error("a part is of account {found}, not {expected}")]
    OtherAccount {
        /// The account of the baseline.
        expected: AccountId,
        /// The account of the part.
        found: AccountId,
    },
    /// Two parts that say different things of one thing.
    #[error("the {what} is there twice, with different {member}")]
    Differing {
        /// What is there twice.
        what: String,
        /// In what the two differ, as AWS calls it.
        member: &'static str,
    },
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Json { .. } => {
                "save the output of `aws iam get-account-authorization-details` with `--output json`"
            }
            Self::Csv(_) | Self::NoColumn(_) => {
                "save the decoded `Content` of `aws iam get-credential-report`"
            }
            Self::NoAccount => "leave out `--filter`, so that a user, role or policy is listed",
            Self::SeveralAccounts { .. } | Self::OtherAccount { .. } => {
                "give each account its own baseline"
            }
            Self::Differing { .. } => {
                "give parts that were saved together; leave out the older of the two"
            }
        }
    }
}
