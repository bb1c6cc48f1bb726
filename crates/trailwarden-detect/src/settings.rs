//! What the configuration tells the engine. Everything has a default; nothing excludes by user
//! agent or network.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::AccountId;

/// Settings of the engine.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// The organization's id, `o-...`.
    pub organization: Option<String>,
    /// Accounts that are ours.
    pub accounts: BTreeSet<AccountId>,
    /// ARNs or names of break-glass principals: every use is shown, and named as such.
    pub break_glass: BTreeSet<String>,
    /// ARNs, names or access key ids of decoys, which nobody has a reason to use.
    pub decoys: BTreeSet<String>,
    /// How many distinct values make a finding, by detection id.
    pub thresholds: BTreeMap<String, usize>,
    /// Length of windows in seconds, by detection id.
    pub windows: BTreeMap<String, i64>,
    /// Whether rows carry country and network.
    pub has_geoip: bool,
    /// Whether to draw the privilege graph, so that effects tell the ways that a change opened.
    pub draws_graph: bool,
}
