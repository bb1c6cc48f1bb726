//! Several writings of one document by one hand, one soon after the other: what was before the first of them is what
//! to go back to, not what the same hand wrote a minute earlier.

use std::collections::BTreeMap;

use trailwarden_account::Change;
use trailwarden_model::{AccountId, Finding, Timestamp};
use trailwarden_record::Event;

use crate::remedies::copies::BURST;
use crate::remedies::mended::thing;

/// Writings of one document, one after the other.
#[derive(Debug)]
struct Run {
    by: String,
    key: String,
    last: Timestamp,
    first: String,
}

/// The writings of all documents.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// By account and document, the run that goes on.
    open: BTreeMap<(AccountId, String), Run>,
    /// By the id of a record that findings are about and its document, the first record of its run.
    firsts: BTreeMap<(String, String), String>,
}

impl super::History {
    /// What the records of a finding changed in an account, with their ids.
    pub(in crate::remedies) fn changes_by_id<'f>(
        &self,
        account: AccountId,
        finding: &'f Finding,
    ) -> Vec<(&'f str, &Change)> {
        let ids = finding.evidence.iter().map(|evidence| evidence.event_id.as_str());
        ids.filter_map(|id| Some((id, self.change(account, id)?))).collect()
    }

    /// What one record changed in an account.
    pub(in crate::remedies) fn change(
        &self,
        account: AccountId,
        event_id: &str,
    ) -> Option<&Change> {
        self.changes.get(&(account, event_id.to_owned()))
    }

    /// What the records of all findings changed in an account.
    pub(in crate::remedies) fn all_changes(
        &self,
        account: AccountId,
    ) -> impl Iterator<Item = &Change> {
        let of_it = self.changes.iter().filter(move |((of, _), _)| *of == account);
        of_it.map(|(_, change)| change)
    }

    /// The first record of the run in which a record wrote a document, where that is another one.
    pub(in crate::remedies) fn first_of_run(&self, event_id: &str, document: &str) -> Option<&str> {
        let first = self.runs.firsts.get(&(event_id.to_owned(), document.to_owned()))?;
        (first != event_id).then_some(first.as_str())
    }
}

impl Runs {
    pub(super) fn note(&mut self, event: &Event, change: &Change, is_wanted: bool) {
        let Some(account) = event.account else { return };
        let (by, key) = (&event.caller.stable, &event.caller.access_key);
        for touched in &change.touched {
            let item = touched.item.as_deref();
            let Some(document) = thing(change, &touched.subject, touched.field, item) else {
                continue;
            };
            let place = (account, document.clone());
            let is_of =
                |run: &Run| run.by == *by && run.key == *key && event.time.since(run.last) <= BURST;
            match self.open.get_mut(&place).filter(|run| is_of(run)) {
                Some(run) => run.last = event.time,
                None => {
                    let (by, key) = (by.clone(), key.clone());
                    let run = Run { by, key, last: event.time, first: event.id.clone() };
                    self.open.insert(place.clone(), run);
                }
            }
            if let (Some(run), true) = (self.open.get(&place), is_wanted) {
                self.firsts.insert((event.id.clone(), document), run.first.clone());
            }
        }
    }
}
