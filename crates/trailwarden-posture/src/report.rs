//! The credential report, as checks ask for it.

use serde_json::Value;

pub use trailwarden_account::report::{CALL, Credentials, KeySlot, LastUse, ROOT, Report};

use crate::answers::{Known, Missing};

/// Reads the answer.
pub fn read(answer: &Value) -> Known<Report> {
    Report::read(answer).ok_or_else(|| Missing::not_understood(CALL))
}

/// The row of a user, by its name or [`ROOT`].
pub fn row<'r>(report: &'r Report, user: &str) -> Known<&'r Credentials> {
    let missing = || Missing::new(format!("the credential report's row of {user}"), "is missing");
    report.row(user).ok_or_else(missing)
}
