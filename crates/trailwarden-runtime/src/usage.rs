//! Who called what, by the logs: for each principal each call with its number and its last time.
//!
//! A row of each record is enough for it ([`crate::scan`]), so logs of any size are walked once in
//! bounded memory. A principal is known by its unique id, so a role answers for all of its sessions and
//! a user made again under an old name does not inherit the calls of the first.
//!
//! # Invariants
//! - A record counts once, however often it was delivered and for however many accounts.
//! - A denied call is no use: it is counted apart.
//! - Where the limit was hit, [`Usage::is_truncated`] says so: then no call may be taken for unused.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use trailwarden_account::{Timelines, timeline};
use trailwarden_model::{AccountId, Outcome, Reject, Summary, Timestamp};
use trailwarden_policy::facts;
use trailwarden_policy::facts::events::{action_of, service_of};
use trailwarden_record::Row;
use trailwarden_record::row::{self, Action, ActionId, Actions, Order};

use crate::models::{Options, Told, Walked, walk};
use crate::scan::{Progress, ScanError};

/// So many pairs of a principal and a call are told apart.
const CALLS_MAX: usize = 2_000_000;

/// Who called what.
#[derive(Debug, Default)]
pub struct Usage {
    /// By principal and the call's number.
    calls: BTreeMap<(u64, u32), Count>,
    names: HashMap<u32, Action>,
    /// The calls in the log of each account, whoever made them.
    called: BTreeMap<AccountId, BTreeSet<u32>>,
    observed: BTreeMap<AccountId, BTreeSet<i64>>,
    span: BTreeMap<AccountId, (Timestamp, Timestamp)>,
    is_truncated: bool,
    last: Option<(Order, u64)>,
}

/// How often something was called, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Count {
    /// Calls that succeeded.
    pub succeeded: u64,
    /// Calls that were allowed, as far as can be told, and failed for another reason.
    pub failed: u64,
    /// Calls that were refused.
    pub denied: u64,
    /// The first of those that were not refused.
    pub first: Option<Timestamp>,
    /// The last of those that were not refused.
    pub last: Option<Timestamp>,
}

/// One call of a principal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Used {
    /// `eventSource` as written; a stranger's text.
    pub event_source: String,
    /// `eventName` as written; a stranger's text.
    pub event_name: String,
    /// The service's prefix in policies; none when it is not known.
    pub service: Option<&'static str>,
    /// The action that allowed it; none when that cannot be told from the names.
    pub action: Option<facts::ActionId>,
    /// How often, and when.
    pub count: Count,
}

/// How long an account was observed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    /// The first record.
    pub first: Timestamp,
    /// The last record.
    pub last: Timestamp,
    /// On how many days there is any record.
    pub days: usize,
}

impl Count {
    const NONE: Self = Self { succeeded: 0, failed: 0, denied: 0, first: None, last: None };

    /// How many calls were not refused.
    #[must_use]
    pub fn allowed(&self) -> u64 {
        self.succeeded + self.failed
    }

    fn add(&mut self, outcome: Outcome, time: Timestamp) {
        match outcome {
            Outcome::Denied => return self.denied += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Succeeded => self.succeeded += 1,
        }
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = self.last.max(Some(time));
    }

    fn with(self, other: Self) -> Self {
        Self {
            succeeded: self.succeeded + other.succeeded,
            failed: self.failed + other.failed,
            denied: self.denied + other.denied,
            first: self.first.into_iter().chain(other.first).min(),
            last: self.last.max(other.last),
        }
    }
}

impl Usage {
    /// Reads logs; what was before `since` does not count.
    ///
    /// # Errors
    /// The folder for temporary files cannot be used.
    pub fn read(
        options: Options,
        since: Option<Timestamp>,
        progress: &Progress,
    ) -> Result<(Self, Vec<Reject>, Summary), ScanError> {
        let mut usage = Self::default();
        let walked = walk(options, &[], progress, |entry, _| usage.take(&entry.row, since))?;
        usage.name(&walked.shared.actions);
        Ok((usage, walked.rejects, walked.summary))
    }

    /// Reads logs into accounts over time, too; what was before `since` does not count as use.
    ///
    /// # Errors
    /// The folder for temporary files cannot be used.
    pub fn read_with_accounts(
        options: Options,
        since: Option<Timestamp>,
        progress: &Progress,
    ) -> Result<(Told, Self), ScanError> {
        let mut usage = Self::default();
        let mut timelines = Timelines::new(&options.baselines, timeline::Limits::default());
        let walked = walk(options, &[], progress, |entry, event| {
            usage.take(&entry.row, since);
            if let Some(event) = event {
                timelines.push(&event, entry.row.order, entry.row.place);
            }
        })?;
        usage.name(&walked.shared.actions);
        let Walked { files, rejects, summary, .. } = walked;
        Ok((Told { timelines, sessions: Vec::new(), files, rejects, summary }, usage))
    }

    /// Keeps the names of the calls, which rows have by number.
    pub(crate) fn name(&mut self, actions: &Actions) {
        let called = self.called.values().flatten();
        for id in self.calls.keys().map(|(_, id)| id).chain(called) {
            self.names.entry(*id).or_insert_with(|| actions.get(ActionId(*id)));
        }
    }

    /// Counts a record; they come in the total order.
    pub(crate) fn take(&mut self, row: &Row, since: Option<Timestamp>) {
        if since.is_some_and(|since| row.time() < since) {
            return;
        }
        let time = row.time();
        if let Some(account) = row.account_id() {
            self.observed.entry(account).or_default().insert(time.day());
            self.called.entry(account).or_default().insert(row.action.0);
            let span = self.span.entry(account).or_insert((time, time));
            *span = (span.0.min(time), span.1.max(time));
        }
        // An event of several accounts stands in the log of each.
        let this = Some((row.order, row.actor));
        if row.actor == 0 || self.last == this {
            return;
        }
        self.last = this;
        let key = (row.actor, row.action.0);
        if self.calls.len() >= CALLS_MAX && !self.calls.contains_key(&key) {
            self.is_truncated = true;
            return;
        }
        self.calls.entry(key).or_insert(Count::NONE).add(row.flags.outcome(), time);
    }

    /// What a user, a role (by all its sessions) or, for an id that is the account's, root called, by
    /// source and name. The unique id counts, and the ARN where records tell no id.
    #[must_use]
    pub fn of(&self, account: AccountId, id: &str, arn: Option<&str>) -> Vec<Used> {
        let within = account.to_string();
        let of = |stable: &str| row::actor(stable.as_bytes(), within.as_bytes());
        let actors: BTreeSet<u64> = [Some(id), arn].into_iter().flatten().map(of).collect();
        let mut found: BTreeMap<u32, Count> = BTreeMap::new();
        for actor in actors {
            let all = (actor, 0)..=(actor, u32::MAX);
            for ((_, call), count) in self.calls.range(all) {
                let sum = found.entry(*call).or_insert(Count::NONE);
                *sum = sum.with(*count);
            }
        }
        let mut all: Vec<Used> =
            found.into_iter().map(|(id, count)| self.used(id, count)).collect();
        all.sort_by(|a, b| (&a.event_source, &a.event_name).cmp(&(&b.event_source, &b.event_name)));
        all
    }

    fn used(&self, id: u32, count: Count) -> Used {
        let Action { event_source, event_name, .. } =
            self.names.get(&id).cloned().unwrap_or(Action::NONE);
        Used {
            service: service_of(&event_source).map(facts::Service::prefix),
            action: action_of(&event_source, &event_name),
            event_source,
            event_name,
            count,
        }
    }

    /// The source and name of each call in the log of an account, whoever made it; strangers' texts.
    pub fn called_in(&self, account: AccountId) -> impl Iterator<Item = (&str, &str)> {
        let ids = self.called.get(&account).into_iter().flatten();
        let names = ids.filter_map(|id| self.names.get(id));
        names.map(|action| (action.event_source.as_str(), action.event_name.as_str()))
    }

    /// How long an account was observed; none when no record is of it.
    #[must_use]
    pub fn period(&self, account: AccountId) -> Option<Period> {
        let (first, last) = *self.span.get(&account)?;
        let days = self.observed.get(&account).map_or(0, BTreeSet::len);
        Some(Period { first, last, days })
    }

    /// Whether there were more calls than are told apart.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }
}
