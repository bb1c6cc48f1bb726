//! How groups of steps fit to those that are planned already.

use trailwarden_remedy::{Draft, NoPlan};

/// Groups of steps for a finding.
pub(crate) struct Fitting {
    /// Those that are new.
    pub(super) drafts: Vec<Draft>,
    /// Earlier ones that do a part of it already.
    pub(super) had: Vec<usize>,
}

/// Why a remediation has no steps for a finding.
pub(crate) enum Refusal {
    /// The remedy, or what it must know, says so.
    NoPlan(NoPlan),
    /// An earlier group of steps changes the same thing.
    Clash(usize),
    /// Exactly these steps are planned already.
    Same(Vec<usize>),
}

impl From<NoPlan> for Refusal {
    fn from(no_plan: NoPlan) -> Self {
        Self::NoPlan(no_plan)
    }
}
