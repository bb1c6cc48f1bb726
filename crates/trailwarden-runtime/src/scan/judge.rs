//! Stage two: rows in the total order, each record once, through the engine and the correlations.

use std::collections::VecDeque;

use foldhash::HashSet;
use trailwarden_detect::Engine;
use trailwarden_detect::conclude::Records;
use trailwarden_detect::sigma::{Correlator, Matches};
use trailwarden_model::report::REJECTS_MAX;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::event::NotJson;
use trailwarden_record::row::{Action, ActionId, Actions, Place};
use trailwarden_record::{Event, Row, hash};

use crate::scan::extract::decode_matches;
use crate::scan::files::{Rejected, Table};
use crate::scan::runs::{Entry, Merge};

/// How many bytes of records that made findings are kept at hand, so that they need not be read
/// again.
const KEPT_BYTES_MAX: usize = 24 << 20;
/// How many rows correlations can look back on.
const HANDLES_MAX: usize = 200_000;

/// How many accounts the summary lists.
const ACCOUNTS_MAX: usize = 10_000;

/// What came out of judging.
pub struct Judged {
    /// The engine, finished.
    pub engine: Engine,
    /// Records of findings, as far as they were kept.
    pub records: Records,
    /// Duplicates dropped.
    pub duplicates: u64,
    /// Accounts seen.
    pub accounts: Vec<AccountId>,
    /// Time of the first and last record.
    pub first_time: Option<Timestamp>,
    /// Time of the last record.
    pub last_time: Option<Timestamp>,
    /// Kept records that are damaged where the fast path does not look.
    pub rejects: Vec<Rejected>,
    /// Their number, listed or not.
    pub reject_count: u64,
    /// The read of a spilled run that failed, if one did.
    pub error: Option<std::io::Error>,
}

/// Judges a merged sequence.
pub struct Judge<'a> {
    actions: &'a Actions,
    table: &'a Table,
    correlator: Correlator,
    recent: VecDeque<Row>,
    recent_base: u64,
    known_actions: Vec<Action>,
    seen_accounts: HashSet<u64>,
    kept_bytes: usize,
    judged: Judged,
}

impl<'a> Judge<'a> {
    /// A judge over an engine and the correlations of a rule set.
    pub fn new(
        engine: Engine,
        correlator: Correlator,
        actions: &'a Actions,
        table: &'a Table,
    ) -> Self {
        Self {
            actions,
            table,
            correlator,
            recent: VecDeque::new(),
            recent_base: 0,
            known_actions: Vec::new(),
            seen_accounts: HashSet::default(),
            kept_bytes: 0,
            judged: Judged {
                engine,
                records: Records::default(),
                duplicates: 0,
                accounts: Vec::new(),
                first_time: None,
                last_time: None,
                rejects: Vec::new(),
                reject_count: 0,
                error: None,
            },
        }
    }

    /// Judges everything.
    pub fn run(mut self, merge: &mut Merge) -> Judged {
        let mut same: Vec<Entry> = Vec::new();
        loop {
            match merge.next() {
                Ok(Some(entry)) => {
                    if same.last().is_some_and(|last| last.row.order != entry.row.order) {
                        self.group(&mut same);
                    }
                    same.push(entry);
                }
                Ok(None) => break,
                Err(error) => {
                    self.judged.error = Some(error);
                    break;
                }
            }
        }
        self.group(&mut same);
        self.finish()
    }

    /// Entries of one order: the same record, delivered more than once, or to several accounts.
    fn group(&mut self, same: &mut Vec<Entry>) {
        if same.len() > 1 {
            let table = self.table;
            // By name and not by rank, so that the order of the arguments changes nothing.
            same.sort_by_key(|entry| {
                let Place { file, record } = entry.row.place;
                (entry.row.account, table.names.get(file as usize), table.rank(file), record)
            });
            // A damaged copy must not stand in for a good one.
            same.retain(|entry| match decode(entry) {
                Ok(_) => true,
                Err(error) => {
                    self.reject(entry.row.place, error.to_string());
                    false
                }
            });
            let before = same.len();
            same.dedup_by_key(|entry| entry.row.account);
            self.judged.duplicates += (before - same.len()) as u64;
        }
        for entry in same.drain(..) {
            self.entry(&entry);
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let row = &entry.row;
        let event = match decode(entry) {
            Ok(event) => event,
            Err(error) => return self.reject(row.place, error.to_string()),
        };
        self.judged.first_time.get_or_insert(row.time());
        self.judged.last_time = Some(row.time());
        if self.seen_accounts.len() < ACCOUNTS_MAX && self.seen_accounts.insert(row.account) {
            self.judged.accounts.extend(row.account_id());
        }
        let before = self.judged.engine.matches();
        match event.as_ref().filter(|_| row.action == ActionId::OVERFLOW) {
            Some(event) => self.judged.engine.push(row, &action_of(event), Some(event)),
            None => {
                let action = known(&mut self.known_actions, self.actions, row.action);
                self.judged.engine.push(row, action, event.as_ref());
            }
        }
        if !entry.matches.is_empty() {
            self.sigma(row, &entry.matches);
        }
        if let Some(event) = event
            && self.judged.engine.matches() != before
            && self.kept_bytes < KEPT_BYTES_MAX
        {
            // A decoded record takes a few times its text.
            self.kept_bytes += entry.record.len() * 4;
            self.judged.records.insert(row.place, event);
        }
    }

    /// Tells of a record whose damage shows only now that all of it is read.
    fn reject(&mut self, place: Place, cause: String) {
        self.judged.reject_count += 1;
        if self.judged.rejects.len() < REJECTS_MAX {
            let Place { file, record } = place;
            let record = Some(u64::from(record));
            self.judged.rejects.push(Rejected { file, offset: None, record, cause });
        }
    }

    fn sigma(&mut self, row: &Row, encoded: &[u8]) {
        let (rules, matches) = decode_matches(encoded);
        let group = self.judged.engine.origin(row);
        for rule in rules {
            self.judged.engine.sigma(rule, group, std::slice::from_ref(row));
        }
        if let Some(matches) = matches {
            self.correlate(row, &matches);
        }
    }

    fn correlate(&mut self, row: &Row, matches: &Matches) {
        let handle = self.recent_base + self.recent.len() as u64;
        self.recent.push_back(*row);
        if self.recent.len() > HANDLES_MAX {
            self.recent.pop_front();
            self.recent_base += 1;
        }
        let found = self.correlator.push(row.time(), handle, matches);
        self.correlated(found);
    }

    fn correlated(&mut self, found: Vec<trailwarden_detect::sigma::CorrelationMatch>) {
        for matched in found {
            let rows: Vec<Row> = matched
                .records
                .iter()
                .filter_map(|handle| handle.checked_sub(self.recent_base))
                .filter_map(|index| self.recent.get(usize::try_from(index).ok()?).copied())
                .collect();
            let mut group = 0;
            for (field, value) in &matched.group {
                group = hash::pair(group, hash::pair(hash::of(field), hash::of(value)));
            }
            self.judged.engine.sigma(matched.rule, group, &rows);
        }
    }

    fn finish(mut self) -> Judged {
        let found = self.correlator.finish();
        self.correlated(found);
        let dropped = self.correlator.dropped();
        if dropped.records > 0 || dropped.windows > 0 {
            self.judged.engine.forgot("the windows of the Sigma correlations");
        }
        let until = self.judged.last_time.unwrap_or_default();
        self.judged.engine.finish(until);
        self.judged.accounts.sort_unstable();
        self.judged.accounts.dedup();
        self.judged
    }
}

/// The record of an entry; none where only the row was kept.
fn decode(entry: &Entry) -> Result<Option<Event>, NotJson> {
    if entry.record.is_empty() { Ok(None) } else { Event::decode(&entry.record).map(Some) }
}

/// The call of a number, remembered so that the shared table is asked once.
fn known<'a>(known: &'a mut Vec<Action>, actions: &Actions, id: ActionId) -> &'a Action {
    static NONE: Action = Action::NONE;
    let index = id.0 as usize;
    while known.len() <= index {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        known.push(actions.get(ActionId(next)));
    }
    known.get(index).unwrap_or(&NONE)
}

fn action_of(event: &Event) -> Action {
    Action {
        service: event.service().to_owned(),
        name: event.name().to_owned(),
        event_source: event.event_source.clone(),
        event_name: event.event_name.clone(),
    }
}
