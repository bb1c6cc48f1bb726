//! What nearly every detection needs.

pub use trailwarden_model::finding::Party;
pub use trailwarden_model::time::{DAY, HOUR, MINUTE};
pub use trailwarden_model::{AccountId, Arn, Confidence, Outcome, Severity, Timestamp};
pub use trailwarden_record::caller::{Caller, CallerKind};
pub use trailwarden_record::events::Call;
pub use trailwarden_record::row::{Flags, Row};
pub use trailwarden_record::{Event, hash};

pub use crate::context::Cx;
pub use crate::detection::{
    Absence, Detection, Distinct, First, Logic, Needs, Reads, Select, Sequence, Step,
};
pub use crate::judging::{Judge, Judging, Rows};
pub use crate::matches::{Match, Story, Weight, listed};
pub use crate::recall::Recall;
pub use crate::watch::{Fire, Watch};
