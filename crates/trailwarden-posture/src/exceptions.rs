//! Exceptions: rows that somebody accepts as they are, with a reason and an end.
//!
//! # Invariants
//! - An exception without a reason or an end is refused when it is read; an expired one has no effect
//!   and is told.
//! - Only a fail can be accepted: what is not known stays unknown.

use serde::Deserialize;
use trailwarden_model::Timestamp;
use trailwarden_model::finding::Status;
use trailwarden_model::posture::{PostureRow, Verdict};
use trailwarden_policy::pattern;

use crate::assess::all;

/// A file of exceptions.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// Each `[[exception]]`.
    #[serde(default, rename = "exception")]
    pub all: Vec<Exception>,
}

/// One exception.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The check's id.
    pub check: String,
    /// The resource as reports call it, its ARN or its id; `*` stands for anything.
    pub resource: String,
    /// The account; every account when left out.
    pub account: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The first day on which it has no effect any more, as `2026-12-31`.
    pub expires: String,
}

/// An exception that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExceptionError {
    /// There is no such check.
    #[error(
        "an exception is for check `{0}`, which does not exist; `trailwarden assess --list` names all checks"
    )]
    NoCheck(String),
    /// It has no reason.
    #[error(
        "the exception for check `{check}` on `{resource}` has no reason; write why it is accepted"
    )]
    NoReason {
        /// The check.
        check: String,
        /// The resource.
        resource: String,
    },
    /// Its end cannot be read.
    #[error("`{0}` is no day; write the end of an exception as 2026-12-31")]
    NoDay(String),
}

/// What whoever wrote the exceptions should hear.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Notes {
    /// Exceptions that have expired and would have covered something.
    pub expired: Vec<String>,
    /// Exceptions that cover nothing, though their check was run.
    pub idle: Vec<String>,
}

impl Exceptions {
    /// Checks what was read.
    pub fn validate(&self) -> Result<(), ExceptionError> {
        for one in &self.all {
            if !all().iter().any(|check| check.id == one.check) {
                return Err(ExceptionError::NoCheck(one.check.clone()));
            }
            if one.reason.trim().is_empty() {
                let (check, resource) = (one.check.clone(), one.resource.clone());
                return Err(ExceptionError::NoReason { check, resource });
            }
            one.end().ok_or_else(|| ExceptionError::NoDay(one.expires.clone()))?;
        }
        Ok(())
    }

    /// Marks the rows that an exception covers at a time.
    pub fn apply(&self, rows: &mut [PostureRow], now: Timestamp) -> Notes {
        let mut notes = Notes::default();
        for one in &self.all {
            let is_over = one.end().is_none_or(|end| end <= now);
            let mut covered = 0;
            for row in rows.iter_mut().filter(|row| one.covers(row)) {
                covered += 1;
                if !is_over {
                    row.finding.status = Status::Suppressed;
                    row.exception = Some(format!("{} (until {})", one.reason, one.expires));
                }
            }
            let said = format!("{} on {}", one.check, one.resource);
            match (is_over, covered) {
                (true, 1..) => notes.expired.push(format!("{said} ended on {}", one.expires)),
                (_, 0) if rows.iter().any(|row| one.is_asked(row)) => notes.idle.push(said),
                _ => {}
            }
        }
        notes
    }
}

impl Exception {
    /// When it ends: midnight UTC of its day.
    fn end(&self) -> Option<Timestamp> {
        let day = &self.expires;
        (day.len() == 10).then(|| Timestamp::parse(&format!("{day}T00:00:00Z")))?
    }

    /// Whether a row is of its check and account.
    fn is_asked(&self, row: &PostureRow) -> bool {
        let is_account = |account: &str| row.finding.account.as_deref() == Some(account);
        row.check == self.check && self.account.as_deref().is_none_or(is_account)
    }

    fn covers(&self, row: &PostureRow) -> bool {
        let target = &row.finding.target;
        let names = [Some(row.resource.as_str()), target.arn.as_deref(), target.id.as_deref()];
        row.verdict == Verdict::Fail
            && self.is_asked(row)
            && names.into_iter().flatten().any(|name| pattern::glob_matches(&self.resource, name))
    }
}
