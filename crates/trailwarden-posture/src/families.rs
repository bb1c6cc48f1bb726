//! Families of like checks: tables with one mechanism each.

pub mod alarms;
pub mod manual;
pub mod passwords;
pub mod policies;
pub mod tags;

use crate::check::Check;

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Check> {
    passwords::ALL
        .iter()
        .chain(policies::ALL)
        .chain(alarms::ALL)
        .chain(alarms::network::ALL)
        .chain(tags::ALL)
        .chain(manual::ALL)
}
