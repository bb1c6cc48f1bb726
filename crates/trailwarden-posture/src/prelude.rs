//! What nearly every check needs.

pub use trailwarden_account::{Identity, Kind};
pub use trailwarden_model::{Confidence, Severity, Timestamp};

pub use crate::answers::{self, Known, Missing, flag, items, text};
pub use crate::check::{Area, Check, Logic};
pub use crate::frameworks::Control;
pub use crate::report::{Credentials, KeySlot, LastUse, ROOT, row};
pub use crate::state::State;
pub use crate::trails::{Trail, Trails};
pub use crate::verdicts::{Resource, Verdicts};

/// The authorization details.
pub const DETAILS: &str = crate::state::DETAILS;
/// The credential report.
pub const REPORT: &str = crate::report::CALL;
/// The account summary.
pub const SUMMARY: &str = "iam:GetAccountSummary";
/// The password policy.
pub const PASSWORDS: &str = "iam:GetAccountPasswordPolicy";
/// The trails.
pub const TRAILS: &str = crate::trails::LIST;
/// The status of a trail.
pub const STATUS: &str = "cloudtrail:GetTrailStatus";
/// The event selectors of a trail.
pub const SELECTORS: &str = "cloudtrail:GetEventSelectors";

/// A count with its noun.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Days with their noun.
#[must_use]
pub fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
