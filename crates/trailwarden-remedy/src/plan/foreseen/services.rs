//! What AWS remembers of the use of services, beyond any logs.
//!
//! It knows the service and not the call, counts what was refused too, and is some hours late.
//!
//! Source: IAM User Guide, "Refine permissions in AWS using last accessed information".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::Timestamp;

use super::Affected;
use super::words::{Room, day, shortly};

/// A service of which somebody loses something, and used something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ServiceUsed {
    /// The service's prefix in policies, such as `s3`.
    pub service: String,
    /// The last time that it was called, as AWS says.
    pub last: Timestamp,
    /// Whether nothing of the service is left; else the calls may be of what stays.
    pub is_whole: bool,
}

/// All of somebody in a line.
pub(super) fn told(one: &Affected, room: Room) -> String {
    let word =
        if one.services.iter().any(|it| it.is_whole) { "BREAKS (perhaps)" } else { "MAY BREAK" };
    let used = one.services.iter().map(last).collect();
    format!("{word} {}: by what AWS keeps, it last called {}", shortly(&one.arn), room.names(used))
}

/// A service with its day.
pub(super) fn last(used: &ServiceUsed) -> String {
    let part = if used.is_whole { "" } else { " (of which it keeps a part)" };
    format!("{} on {}{part}", used.service, day(used.last))
}
