//! Where a reader of a finding reads on: what `explain` knows of its rule and of its events.

use trailwarden_catalogue::{Entry, Heading};
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind;

/// More events in one finding would be a list, and no help.
const ENTRIES_MAX: usize = 3;

/// What of an entry is told beside a finding.
pub(super) const PARTS: [Heading; 3] = [Heading::Does, Heading::First, Heading::Traps];

/// The entries of the events that a finding rests on, in the order of its evidence.
pub(super) fn entries(finding: &Finding) -> Vec<&'static Entry> {
    let mut found: Vec<&'static Entry> = Vec::new();
    for record in &finding.evidence {
        let Some(service) = record.event_source.strip_suffix(".amazonaws.com") else { continue };
        let entry = trailwarden_catalogue::find(&format!("{service}:{}", record.event_name));
        if let Some(entry) = entry.filter(|entry| !found.contains(entry)) {
            found.push(entry);
        }
        if found.len() == ENTRIES_MAX {
            break;
        }
    }
    found
}

/// What to type to read on: of the rule, then of each event. Sigma rules are their authors' own.
pub(super) fn commands(finding: &Finding) -> Vec<String> {
    let rule = (finding.kind != Kind::Sigma).then_some(finding.rule.as_str());
    let events = entries(finding).into_iter().map(|entry| entry.name);
    rule.into_iter().chain(events).map(|name| format!("trailwarden explain {name}")).collect()
}
