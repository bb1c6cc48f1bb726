//! The answer: an investigation as it is written, `trailwarden.investigation/1`.

mod person;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::finding::{Authorized, Effect};
use trailwarden_model::{BaselineUse, Outcome, Reject, Timestamp};

pub use person::{Identity, Link, Relation};

/// The schema name that every investigation carries.
pub const SCHEMA: &str = "trailwarden.investigation/1";

/// The story of a principal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Investigation {
    /// Always `trailwarden.investigation/1`.
    pub schema: String,
    /// What was asked for, as it was typed.
    pub asked_for: String,
    /// What that was taken for: `name`, `ARN`, `access key`, `source address`...
    pub taken_for: String,
    /// Whether the logs know anybody of that description.
    pub found: bool,
    /// Names in the logs that are near one that was not found.
    pub near: Vec<String>,
    /// What the reader must know first: that a name meant several, that a limit was hit.
    pub notes: Vec<String>,
    /// Everybody in the story; the first are those asked for. Others refer to them by number.
    pub identities: Vec<Identity>,
    /// How one became, made or armed another.
    pub links: Vec<Link>,
    /// What happened, oldest first: changes one by one, reads and refusals grouped.
    pub timeline: Vec<Step>,
    /// What the story's identities gained for themselves, oldest first.
    pub gained: Vec<Gain>,
    /// What was added or altered, and whether it still stands at the end of the logs.
    pub left_behind: Vec<Left>,
    /// What could not be read, in the order of the input.
    pub rejects: Vec<Reject>,
    /// Counts of the run.
    pub summary: Counts,
}

/// What a step is about.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// It signed in, took a session or otherwise used an identity.
    Became,
    /// It read.
    Read,
    /// It changed something.
    Changed,
    /// It tried and was refused.
    Denied,
    /// It tried, and the call failed for another reason.
    Failed,
    /// Somebody else changed something of a subject.
    DoneTo,
}

impl StepKind {
    /// The word used in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Became => "became",
            Self::Read => "read",
            Self::Changed => "changed",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::DoneTo => "done to it",
        }
    }
}

/// One step: a change, or a group of calls alike.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// When; of a group, the first.
    pub time: Timestamp,
    /// Of a group, the last; else the same.
    pub last_time: Timestamp,
    /// What it is about.
    pub kind: StepKind,
    /// Who, by number.
    pub identity: u32,
    /// `iam`, `s3`...
    pub service: String,
    /// `PutUserPolicy`...
    pub event_name: String,
    /// How many calls.
    pub count: u64,
    /// What it was done to: the first few.
    pub targets: Vec<String>,
    /// The account in which it was done.
    pub account: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// AWS's code of the error, if it was one.
    pub error_code: Option<String>,
    /// From where; of a group, the first.
    pub address: Option<String>,
    /// The first few events.
    pub event_ids: Vec<String>,
    /// What a change of IAM does, in a sentence; null where it moves no permission.
    pub sentence: Option<String>,
    /// What it does to permissions; null where it moves none.
    pub effect: Option<Effect>,
    /// Grade of the permissions of whoever did it, before; of a step done to somebody, of that one.
    /// Null where nothing was judged; `at least` where not all is known.
    pub grade_before: Option<String>,
    /// The same, after.
    pub grade_after: Option<String>,
    /// What change policies say of it; left out where none were asked about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized: Option<Authorized>,
}

/// Permissions that an identity of the story gained by a step of the story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Gain {
    /// When.
    pub time: Timestamp,
    /// Who gained, by number.
    pub identity: u32,
    /// Who did it, by number.
    pub by: u32,
    /// The event.
    pub event_id: String,
    /// Its name.
    pub event_name: String,
    /// Grade before.
    pub grade_before: String,
    /// Grade after.
    pub grade_after: String,
    /// What it may do since.
    pub gained: Vec<String>,
}

/// Something added or altered by the story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Left {
    /// `access key`, `user`, `role trust`, `inline policy`, `function`...
    pub kind: String,
    /// Its name, id or ARN.
    pub name: String,
    /// What it belongs to, such as `user/bob`.
    pub of: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// Whether it was there before and only altered.
    pub altered: bool,
    /// Who did it, by number.
    pub identity: u32,
    /// When.
    pub time: Timestamp,
    /// The event.
    pub event_id: String,
    /// Its name.
    pub event_name: String,
    /// Of things alike, how many.
    pub count: u64,
    /// Whether it still stands at the end of the logs.
    pub stands: Stands,
    /// How that is known, or why it is not.
    pub because: String,
    /// The event that ended or replaced it, if one did.
    pub ended_by: Option<Ended>,
}

/// Whether something still stands.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// The logs do not tell.
    Unknown,
}

impl Stands {
    /// The word used in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "stands",
            Self::No => "gone",
            Self::Unknown => "unknown",
        }
    }
}

/// What ended something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Ended {
    /// When.
    pub time: Timestamp,
    /// The event.
    pub event_id: String,
    /// Its name.
    pub event_name: String,
    /// Whether an identity of the story did it itself.
    pub by_itself: bool,
}

/// Counts of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Files read to their end.
    pub files: u64,
    /// Bytes read, as stored.
    pub bytes_stored: u64,
    /// Bytes of JSON after inflating.
    pub bytes_inflated: u64,
    /// Records read, duplicates included.
    pub records: u64,
    /// Records outside `--until` or `--account`.
    pub filtered: u64,
    /// Things that could not be read.
    pub rejects: u64,
    /// Records of the story's own identities.
    pub own_records: u64,
    /// Accounts seen.
    pub accounts: Vec<String>,
    /// Time of the first record.
    pub first_time: Option<Timestamp>,
    /// Time of the last record: up to here, what is said to stand does.
    pub last_time: Option<Timestamp>,
    /// The baselines that were given, each with the records around it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<BaselineUse>,
    /// True when the run was cut short.
    pub interrupted: bool,
}
