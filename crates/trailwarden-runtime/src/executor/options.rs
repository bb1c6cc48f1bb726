//! Bounds of one run.

use trailwarden_remedy::plan::{PRINCIPALS_MAX, STEPS_MAX};

/// Bounds of one run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Whether steps may run that cannot be taken back.
    pub accept_irreversible: bool,
    /// Whether a plan may run of which it is not known whether it takes access away from the caller.
    pub accept_unknown: bool,
    /// How many steps a plan may have.
    pub steps_max: usize,
    /// How many users, groups and roles a plan may touch.
    pub principals_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            accept_irreversible: false,
            accept_unknown: false,
            steps_max: STEPS_MAX,
            principals_max: PRINCIPALS_MAX,
        }
    }
}
