//! Whoever has the name of somebody that a finding is about, and is somebody else.
//!
//! # Invariants
//! - A name can be used again after a deletion, an id never: where both ids are known they decide.
//! - Whoever was made after all of a finding's records is not in them.
//!
//! Source: IAM User Guide, "IAM identifiers".

use std::collections::BTreeSet;

use trailwarden_account::Identity;
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind;

use super::Known;
use super::named::Named;

impl Known<'_> {
    /// Whether the user, group or role that is there now is another one than the one of a finding.
    pub(super) fn is_namesake(&self, finding: &Finding, named: &Named, found: &Identity) -> bool {
        if found.id.is_provisional() {
            return is_younger(finding, found);
        }
        let changes = self.history.into_iter().flat_map(|it| it.changes(self.account(), finding));
        let changes = changes.filter(|_| finding.kind != Kind::Posture);
        let recorded = changes.flat_map(|change| {
            let models = [&change.before, &change.informed, &change.after].into_iter();
            models.filter_map(|model| model.find(named.kind, &named.name))
        });
        let recorded = recorded.filter(|one| !one.id.is_provisional());
        let ids: BTreeSet<String> =
            recorded.map(|one| one.id.to_string()).chain(named.id.clone()).collect();
        match ids.is_empty() {
            true => is_younger(finding, found),
            false => !ids.contains(found.id.as_str()),
        }
    }
}

/// Whether somebody was made after the last of a finding's records.
fn is_younger(finding: &Finding, found: &Identity) -> bool {
    let is_of_records = finding.kind != Kind::Posture && !finding.evidence.is_empty();
    is_of_records && found.created.value().is_some_and(|made| *made > finding.last_time)
}
