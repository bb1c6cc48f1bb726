//! The baseline file, `trailwarden.baseline/1`: which questions AWS was asked about an account, and
//! what it answered, word for word.
//!
//! One JSON object for each account; a file may hold several, one after the other. Each answer is
//! what the AWS CLI prints for the same question, so that whatever reads saved output of the CLI
//! reads this too, and a file that somebody saved by hand becomes an answer unchanged.
//!
//! # Invariants
//! - A question that is not listed was **not asked**, and one that failed was not answered: neither
//!   says anything about the account. Only [`Outcome::Got`], [`Outcome::Implied`] and
//!   [`Outcome::Absent`] are knowledge.
//! - An answer that ended before its last page is [`Outcome::Partial`], never `Got`.
//! - There is no secret in it: none of the questions is answered with one ([`Snapshot::read`] drops
//!   members that would be one, such as the seed of a virtual MFA device, which emulators tell).
//!
//! The shell reads and writes the bytes, and compresses them; see `trailwarden-runtime`.

mod answer;
mod compose;
mod redact;
mod secrets;
#[cfg(test)]
mod tests;
mod usage;

use serde::{Deserialize, Serialize};
use trailwarden_model::{AccountId, Timestamp};

pub use answer::{Answer, Outcome};
pub use usage::may_use;

/// The name and version of the format, as the file says it.
pub const SCHEMA: &str = "trailwarden.baseline/1";

/// How much was asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Files that somebody saved: whatever they hold.
    #[default]
    Packed,
    /// The account itself: identities, policies, credentials and trails.
    Core,
    /// And what stands around it: organization, Identity Center, what watches each region, keys, the trails'
    /// buckets, alarms, use of services.
    Full,
}

/// What AWS said of one account.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Always [`SCHEMA`].
    schema: String,
    /// The account.
    #[serde(with = "account_text")]
    pub account: AccountId,
    /// `aws`, `aws-cn`, `aws-us-gov`...
    pub partition: String,
    /// When the first question was asked. Each answer has its own time besides.
    pub taken: Timestamp,
    /// The version of the tool that wrote it.
    pub tool: String,
    /// How much was asked.
    pub depth: Depth,
    /// Whether names were replaced by pseudonyms.
    pub redacted: bool,
    /// The questions in the order in which they were asked.
    pub answers: Vec<Answer>,
}

/// A baseline file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not such a file, or a damaged one.
    #[error("the baseline file is damaged or was written by something else")]
    Json(#[source] serde_json::Error),
    /// A version that this program does not know.
    #[error("the baseline file says that it is `{0}`, and this version reads `{SCHEMA}`")]
    Schema(String),
    /// There are no authorization details, so there is nothing to start a model from.
    #[error("the baseline of account {account} has no authorization details: {why}")]
    NoDetails {
        /// The account.
        account: AccountId,
        /// Why not.
        why: String,
    },
    /// An answer is not what AWS answers.
    #[error("the answer to `{api}` in the baseline of account {account} cannot be used")]
    Answer {
        /// The account.
        account: AccountId,
        /// The question.
        api: String,
        /// What is wrong.
        #[source]
        source: crate::baseline::Error,
    },
}

impl Snapshot {
    /// One without answers.
    #[must_use]
    pub fn new(account: AccountId, partition: &str, taken: Timestamp, depth: Depth) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            account,
            partition: partition.to_owned(),
            taken,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            depth,
            redacted: false,
            answers: Vec::new(),
        }
    }

    /// Whether text is such a file, by its beginning. It may be damaged nevertheless.
    #[must_use]
    pub fn is_one(text: &[u8]) -> bool {
        let beginning = text.get(..text.len().min(200)).unwrap_or_default();
        beginning.windows(BEGINNING.len()).any(|window| window == BEGINNING)
    }

    /// Reads a file: the snapshots of one or more accounts.
    ///
    /// # Errors
    /// Damage, another version, or nothing in it.
    pub fn read(json: &[u8]) -> Result<Vec<Self>, Error> {
        let mut all = Vec::new();
        for value in serde_json::Deserializer::from_slice(json).into_iter::<serde_json::Value>() {
            let value = value.map_err(Error::Json)?;
            let schema = value.get("schema").and_then(serde_json::Value::as_str);
            if schema != Some(SCHEMA) {
                return Err(Error::Schema(schema.unwrap_or_default().to_owned()));
            }
            let mut one: Self = serde_json::from_value(value).map_err(Error::Json)?;
            one.answers.iter_mut().for_each(Answer::drop_secrets);
            all.push(one);
        }
        match all.is_empty() {
            true => Err(Error::Schema(String::new())),
            false => Ok(all),
        }
    }

    /// The file's text for this account: one line.
    ///
    /// # Errors
    /// None that is known: all keys are text.
    pub fn to_json(&self) -> Result<String, Error> {
        let mut text = serde_json::to_string(self).map_err(Error::Json)?;
        text.push('\n');
        Ok(text)
    }

    /// The answer to a question that is asked once, such as `iam:GetAccountSummary`; `None` when it
    /// was not asked. Of several (a question asked in several regions) the first.
    #[must_use]
    pub fn answer(&self, api: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.api == api)
    }

    /// All answers to a question that is asked of several things, such as `cloudtrail:GetTrailStatus`.
    pub fn answers<'a>(&'a self, api: &'a str) -> impl Iterator<Item = &'a Answer> {
        self.answers.iter().filter(move |answer| answer.api == api)
    }

    /// The answer to a question about one thing: `about("s3:GetBucketPolicy", "Bucket", "logs")`.
    #[must_use]
    pub fn about(&self, api: &str, parameter: &str, value: &str) -> Option<&Answer> {
        self.answers.iter().find(|one| one.api == api && one.is_about(parameter, value))
    }

    /// The questions that were asked and not answered, or not to the end.
    pub fn unanswered(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(|answer| !answer.is_known())
    }

    /// Adds an answer, without the secrets that it may hold.
    pub fn push(&mut self, mut answer: Answer) {
        answer.drop_secrets();
        self.answers.push(answer);
    }
}

/// How the text begins; the writer keeps the order of members.
const BEGINNING: &[u8] = b"\"trailwarden.baseline/";

/// Accounts as text of twelve digits.
mod account_text {
    use serde::{Deserialize, Deserializer, Serializer};
    use trailwarden_model::AccountId;

    pub(super) fn serialize<S: Serializer>(id: &AccountId, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<AccountId, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
