//! What the records behind findings changed, and what was so right before each.
//!
//! The logs are walked once, in the total order, with the models folded along: of the records that
//! findings name as evidence the change is kept, which holds the account before and after. What no
//! model holds, the settings of trails and the policies of their buckets, is kept call by call.
//!
//! # Invariants
//! - What is told of before a record comes from earlier records and earlier baselines alone.
//! - A record that is not there leaves its finding without a before, never with a guess.

mod attached;
mod gifts;
mod given;
mod runs;
mod sessions;
mod since;
mod switched;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::{Baseline, Change, Identity, Models};
use trailwarden_model::{AccountId, Finding, Outcome, Reject, Summary, Timestamp};
use trailwarden_record::row::{Order, Place};
use trailwarden_record::{Event, Row, hash};

use super::administrators::Works;
use crate::models::{Options, Walked, walk};
use crate::scan::{Progress, ScanError};
use crate::usage::Usage;
pub(super) use gifts::{Gift, Given};
pub(super) use sessions::Session;
use since::Since;
use wanted::{NAMED, SETTINGS};

/// So many calls about what findings name are kept; a flood of them leaves unknown what came of them.
pub(super) const SETTINGS_MAX: usize = 50_000;

/// The end of the year 9999, behind every record.
const LAST_SECOND: i64 = 253_402_300_799;

/// Logs as plans need them.
#[derive(Debug, Default)]
pub struct History {
    models: Models,
    changes: BTreeMap<(AccountId, String), Change>,
    /// Records of findings whose parameters a person's steps name, by event id.
    records: BTreeMap<String, Event>,
    settings: Vec<(Order, Event)>,
    is_flooded: bool,
    /// Keys that were switched off, and not on again.
    switched_off: BTreeMap<String, Timestamp>,
    /// When keys were last made or switched on.
    switched_on: BTreeMap<String, Timestamp>,
    /// When keys that were switched off last signed a call, by the hash of their ids: at the earliest when they
    /// were switched off.
    used_though_off: BTreeMap<u64, Timestamp>,
    given: given::Given,
    sessions: sessions::Sessions,
    attached: attached::Attachments,
    gifts: gifts::Gifts,
    runs: runs::Runs,
    since: Since,
    until: Option<Timestamp>,
    usage: Option<Usage>,
}

/// A history in the making: records come in the total order.
struct Telling {
    wanted: BTreeSet<String>,
    /// The trails and buckets that findings name, without their account: a flood of calls about others
    /// hides nothing of these.
    things: BTreeSet<String>,
    /// How many calls about them are kept.
    room: usize,
    history: History,
}

impl History {
    /// Reads logs for the findings that are to be planned for; the baselines of the options take
    /// over where their time has come, an old one as well as a new one.
    ///
    /// # Errors
    /// The folder for temporary files cannot be used.
    pub fn read(
        options: Options,
        findings: &[Finding],
        progress: &Progress,
    ) -> Result<(Self, Vec<Reject>, Summary), ScanError> {
        let mut telling = Telling::new(&options.baselines, findings);
        let mut usage = Usage::default();
        let walked = walk(options, wanted::read_for(findings), progress, |entry, event| {
            usage.take(&entry.row, None);
            telling.note_use(&entry.row);
            telling.history.until = Some(entry.row.time());
            if let Some(event) = event {
                telling.take(event, entry.row.order, entry.row.place);
            }
        })?;
        let Walked { rejects, summary, shared, .. } = walked;
        usage.name(&shared.actions);
        telling.history.usage = Some(usage);
        Ok((telling.finish(), rejects, summary))
    }

    /// The same of events at hand, in the total order.
    #[must_use]
    pub fn of_events(
        events: impl IntoIterator<Item = (Event, Order)>,
        baselines: &[Baseline],
        findings: &[Finding],
    ) -> Self {
        Telling::new(baselines, findings).of_events(events)
    }

    /// The accounts as logs and baselines leave them.
    #[must_use]
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// The time of the last record.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Who called what; none of events at hand, which are not all.
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
    }

    /// What the records of a finding changed in an account, in their order.
    pub(super) fn changes(&self, account: AccountId, finding: &Finding) -> Vec<&Change> {
        let ids = finding.evidence.iter().map(|evidence| &evidence.event_id);
        ids.filter_map(|id| self.changes.get(&(account, id.clone()))).collect()
    }

    /// The calls about a trail or bucket that findings name, in order, before a record or up to the end.
    pub(super) fn settings(&self, before: Option<Order>) -> impl Iterator<Item = &Event> {
        let is_earlier = move |order: &Order| before.is_none_or(|before| *order < before);
        let earlier = self.settings.iter().filter(move |(order, _)| is_earlier(order));
        earlier.map(|(_, event)| event)
    }

    /// Whether there were more such calls than are kept.
    pub(super) fn is_flooded(&self) -> bool {
        self.is_flooded
    }

    /// The first record of a finding that is a call about a trail or bucket, and its place.
    pub(super) fn setting_of(&self, finding: &Finding) -> Option<(Order, &Event)> {
        let is_evidence =
            |event: &Event| finding.evidence.iter().any(|evidence| evidence.event_id == event.id);
        let mut all = self.settings.iter().filter(|(_, event)| is_evidence(event));
        all.next().map(|(order, event)| (*order, event))
    }

    /// A record of a finding.
    pub(super) fn record(&self, event_id: &str) -> Option<&Event> {
        self.records.get(event_id)
    }

    /// When a key was switched off, if it was not switched on again.
    pub(super) fn switched_off(&self, key: &str) -> Option<Timestamp> {
        self.switched_off.get(key).copied()
    }

    /// When a key that was switched off last signed a call: somebody had it on again, whatever the records show.
    pub(super) fn used_though_off(&self, key: &str) -> Option<Timestamp> {
        self.used_though_off.get(&hash::of(key)).copied()
    }

    fn note_use(&mut self, key: u64, time: Timestamp) {
        self.given.note_use(key, time);
        if let Some(last) = self.used_though_off.get_mut(&key) {
            *last = (*last).max(time);
        }
    }

    /// When a key was last made or switched on.
    pub(super) fn switched_on(&self, key: &str) -> Option<Timestamp> {
        self.switched_on.get(key).copied()
    }

    /// What was put right since, and who wrote what.
    pub(super) fn since(&self) -> &Since {
        &self.since
    }

    /// Whether what calls gave to a user, and none took away since, works: a baseline of that time says nothing of it.
    pub(super) fn given(&self, account: AccountId, user: &Identity, silent: Timestamp) -> Works {
        self.given.works(account, user, silent)
    }

    /// Whether records show that a user was deleted, and none that one of that name was made since.
    pub(super) fn is_deleted(&self, account: AccountId, user: &str) -> bool {
        self.given.is_deleted(account, user)
    }
}

impl Telling {
    fn new(baselines: &[Baseline], findings: &[Finding]) -> Self {
        let evidence = findings.iter().flat_map(|finding| &finding.evidence);
        let wanted = evidence.map(|evidence| evidence.event_id.clone()).collect();
        let models = Models::awaiting(baselines);
        let targets = findings.iter().map(|finding| &finding.target);
        let names = targets.flat_map(|target| [&target.arn, &target.name]).flatten();
        let things = names.map(|name| last(name).to_owned()).collect();
        Self {
            wanted,
            things,
            room: SETTINGS_MAX,
            history: History {
                models,
                sessions: sessions::Sessions::of(findings),
                ..History::default()
            },
        }
    }

    fn of_events(mut self, events: impl IntoIterator<Item = (Event, Order)>) -> History {
        for (event, order) in events {
            self.history.until = Some(order.time);
            if event.outcome == Outcome::Succeeded {
                self.history.note_use(hash::of(&event.caller.access_key), order.time);
            }
            self.take(event, order, Place::default());
        }
        self.finish()
    }

    fn note_use(&mut self, row: &Row) {
        if row.flags.outcome() == Outcome::Succeeded {
            self.history.note_use(row.key, row.time());
        }
    }

    fn take(&mut self, event: Event, order: Order, place: Place) {
        self.history.given.note_sign_in(&event);
        self.history.sessions.note(&event, &self.things);
        self.history.since.note(&event, self.wanted.contains(&event.id));
        let change = self.history.models.apply(&event, order, place);
        if let (Some(change), Some(account)) = (change, event.account) {
            self.note_keys(&change);
            self.history.since.note_change(&event, &change);
            self.history.given.note(&change);
            self.history.attached.note(&event, &change);
            self.history.gifts.note(&event, &change);
            let is_wanted = self.wanted.contains(&event.id);
            self.history.runs.note(&event, &change, is_wanted);
            if self.wanted.contains(&event.id) {
                self.history.changes.insert((account, event.id.clone()), change);
            }
        }
        if self.wanted.contains(&event.id) && NAMED.contains(&event.action().as_str()) {
            self.history.records.insert(event.id.clone(), event.clone());
        }
        let is_setting =
            event.outcome == Outcome::Succeeded && SETTINGS.contains(&event.action().as_str());
        if is_setting && (self.is_named(&event) || self.wanted.contains(&event.id)) {
            match self.history.settings.len() < self.room {
                true => self.history.settings.push((order, event)),
                false => self.history.is_flooded = true,
            }
        }
    }

    /// Whether a call is about a trail or bucket that a finding names.
    fn is_named(&self, event: &Event) -> bool {
        let named =
            ["bucketName", "name", "trailName"].into_iter().filter_map(|it| event.request(it));
        named.into_iter().any(|name| self.things.contains(last(name)))
    }

    fn finish(mut self) -> History {
        // Baselines from after the last record tell what is.
        self.history.models.advance(Timestamp::from_seconds(LAST_SECOND));
        self.history
    }
}

/// The name at the end of an ARN: of a trail it stands behind a slash, of a bucket behind a colon.
fn last(name: &str) -> &str {
    name.rsplit(['/', ':']).next().unwrap_or(name)
}
