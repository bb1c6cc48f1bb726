//! Stage two: rows in the total order, each record once, through the engine and the correlations.

use std::collections::VecDeque;

use foldhash::HashSet;
use trailwarden_detect::Engine;
use trailwarden_detect::conclude::Records;
use trailwarden_detect::sigma::{Correlator, Matches};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::row::{Action, ActionId, Actions};
use trailwarden_record::{Event, Row, hash};

use crate::baselines::Around;
use crate::scan::Progress;
use crate::scan::extract::decode_matches;
use crate::scan::files::Table;
use crate::scan::once::{self, Leftover};
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
    /// Accounts seen.
    pub accounts: Vec<AccountId>,
    /// Time of the first and last record.
    pub first_time: Option<Timestamp>,
    /// Time of the last record.
    pub last_time: Option<Timestamp>,
    /// Copies, damaged records, and what went wrong.
    pub left: Leftover,
    /// Baselines with the records around them.
    pub around: Around,
}

/// Judges a merged sequence.
pub struct Judge<'a> {
    actions: &'a Actions,
    correlator: Correlator,
    recent: VecDeque<Row>,
    recent_base: u64,
    known_actions: Vec<Action>,
    seen_accounts: HashSet<u64>,
    last_account: Option<u64>,
    kept_bytes: usize,
    judged: Judged,
}

impl<'a> Judge<'a> {
    /// A judge over an engine and the correlations of a rule set.
    pub fn new(
        engine: Engine,
        correlator: Correlator,
        actions: &'a Actions,
        around: Around,
    ) -> Self {
        Self {
            actions,
            correlator,
            recent: VecDeque::new(),
            recent_base: 0,
            known_actions: Vec::new(),
            seen_accounts: HashSet::default(),
            last_account: None,
            kept_bytes: 0,
            judged: Judged {
                engine,
                records: Records::default(),
                accounts: Vec::new(),
                first_time: None,
                last_time: None,
                left: Leftover::default(),
                around,
            },
        }
    }

    /// Judges everything.
    pub fn run(mut self, merge: &mut Merge, table: &Table, progress: &Progress) -> Judged {
        let left = once::each(merge, table, &progress.cut, |entry, event| self.entry(entry, event));
        self.judged.left = left;
        self.finish()
    }

    fn entry(&mut self, entry: &Entry, event: Option<Box<Event>>) {
        let row = &entry.row;
        self.judged.around.note(row);
        self.judged.first_time.get_or_insert(row.time());
        self.judged.last_time = Some(row.time());
        if self.last_account.replace(row.account) != Some(row.account)
            && self.seen_accounts.len() < ACCOUNTS_MAX
            && self.seen_accounts.insert(row.account)
        {
            self.judged.accounts.extend(row.account_id());
        }
        let before = self.judged.engine.matches();
        match event.as_deref().filter(|_| row.action == ActionId::OVERFLOW) {
            Some(event) => self.judged.engine.push(row, &action_of(event), Some(event)),
            None => {
                let action = known(&mut self.known_actions, self.actions, row.action);
                self.judged.engine.push(row, action, event.as_deref());
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
            self.judged.records.insert(row.place, *event);
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
