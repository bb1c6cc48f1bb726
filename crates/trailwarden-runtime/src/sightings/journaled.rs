//! Which keys our own runs switched off, by the journal.

use std::collections::BTreeMap;

use serde_json::Value;
use trailwarden_model::Timestamp;

use crate::executor::{Direction, Event, Journal};

/// When a run switched a key off, and which, by account and key.
pub(super) type Journaled = BTreeMap<(String, String), (Timestamp, String)>;

/// The keys that runs switched off and that no run switched on again.
///
/// Only what AWS showed to hold counts; a call that may have switched a key on counts as if it had.
pub(super) fn journaled(journal: &Journal) -> Journaled {
    let mut all = Journaled::new();
    for run in journal.runs() {
        let account = &run.plan.account;
        let mut called: BTreeMap<(Direction, String), (String, bool)> = BTreeMap::new();
        for entry in journal.entries(&run.id) {
            match &entry.event {
                Event::Calling { direction, step, call, input, .. } => {
                    let Some((key, is_active)) = status_of(call, input) else { continue };
                    if is_active {
                        all.remove(&(account.clone(), key.clone()));
                    }
                    called.insert((*direction, step.clone()), (key, is_active));
                }
                Event::Held { direction, step, .. } => {
                    if let Some((key, false)) = called.get(&(*direction, step.clone())) {
                        let since = (entry.time, run.id.clone());
                        all.insert((account.clone(), key.clone()), since);
                    }
                }
                _ => {}
            }
        }
    }
    all
}

/// The key that a call switches, and whether on.
fn status_of(call: &str, input: &Value) -> Option<(String, bool)> {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let key = text("AccessKeyId")?.to_owned();
    match (call, text("Status")) {
        ("iam:UpdateAccessKey", status) => Some((key, status != Some("Inactive"))),
        _ => None,
    }
}
