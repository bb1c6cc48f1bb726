//! What the records behind findings changed, and what was so right before each.
//!
//! The logs are walked once, in the total order, with the models folded along: of the records that
//! findings name as evidence the change is kept, which holds the account before and after. What no
//! model holds, the settings of trails and the policies of their buckets, is kept call by call.
//!
//! # Invariants
//! - What is told of before a record comes from earlier records and earlier baselines alone.
//! - A record that is not there leaves its finding without a before, never with a guess.

mod given;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use trailwarden_account::fact::Proof;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Baseline, Change, Field, Models, Presence, Subject};
use trailwarden_model::{AccountId, Finding, Outcome, Reject, Summary, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::{Order, Place};
use trailwarden_remedy::people;

use crate::models::{Options, Walked, walk};
use crate::scan::{Progress, ScanError};
use crate::usage::Usage;

pub(crate) use given::Means;

/// Calls about what no model holds: trails, and the buckets that they write to.
const SETTINGS: &[&str] = &[
    "cloudtrail:CreateTrail",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StartLogging",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "s3:DeleteBucketPolicy",
    "s3:DeleteBucketPublicAccessBlock",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
];

/// Calls whose parameters the steps of a person name: their records are kept where findings name them.
static NAMED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_calls = people::calls::all().map(|(call, _)| *call);
    of_calls.chain(TOLD_BY_RECORD.iter().copied()).collect()
});

/// Calls of whose records more is read than any model holds: who made a federated session, and of which issuer a
/// provider is.
const TOLD_BY_RECORD: &[&str] = &[
    "iam:CreateOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "iam:DeleteVirtualMFADevice",
    "iam:UpdateGroup",
    "signin:ConsoleLogin",
    "signin:GetSigninToken",
];

/// What is read besides the calls that models fold.
static READ: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| SETTINGS.iter().chain(NAMED.iter()).copied().collect());

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
    given: given::Given,
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
        let walked = walk(options, READ.as_slice(), progress, |entry, event| {
            usage.take(&entry.row, None);
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

    /// When a key was last made or switched on.
    pub(super) fn switched_on(&self, key: &str) -> Option<Timestamp> {
        self.switched_on.get(key).copied()
    }

    /// What calls gave to a user, and none took away since.
    pub(super) fn given_to(&self, account: AccountId, user: &str) -> Option<&Means> {
        self.given.to(account, user)
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
            history: History { models, ..History::default() },
        }
    }

    fn of_events(mut self, events: impl IntoIterator<Item = (Event, Order)>) -> History {
        for (event, order) in events {
            self.history.until = Some(order.time);
            self.take(event, order, Place::default());
        }
        self.finish()
    }

    fn take(&mut self, event: Event, order: Order, place: Place) {
        let change = self.history.models.apply(&event, order, place);
        if let (Some(change), Some(account)) = (change, event.account) {
            self.note_keys(&change);
            self.history.given.note(&change);
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

    fn note_keys(&mut self, change: &Change) {
        for touched in change.touched.iter().filter(|touched| touched.field == Field::Keys) {
            let (Subject::Identity(_, id), Some(key)) = (&touched.subject, &touched.item) else {
                continue;
            };
            let user = change.after.identity(id);
            let status = user.and_then(|user| match user.keys.get(key) {
                Presence::Present(status) => status.value().copied(),
                Presence::Absent | Presence::Unknown(_) => None,
            });
            if let (Proof::Record(record), Some(KeyStatus::Active)) = (&change.proof, status) {
                self.history.switched_on.insert(key.to_string(), record.order.time);
            }
            let time = match (&change.proof, status) {
                (Proof::Record(record), Some(KeyStatus::Inactive)) => Some(record.order.time),
                _ => None,
            };
            match time {
                // A key that was inactive stays so since then.
                Some(time) => {
                    self.history.switched_off.entry(key.to_string()).or_insert(time);
                }
                None => {
                    self.history.switched_off.remove(key.as_ref());
                }
            }
        }
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
