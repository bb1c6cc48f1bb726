//! One record after the other: whether it is a call of somebody contained, and what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use trailwarden_model::finding::Party;
use trailwarden_model::{AccountId, Finding, Outcome, Timestamp};
use trailwarden_record::caller::CallerKind;
use trailwarden_record::event::EventKind;
use trailwarden_record::row::{Order, Place};
use trailwarden_record::{Event, Row, hash};

use super::class::{Class, by_credential, by_password, by_policy, by_session};
use super::contained::{Contained, Containment};
use super::{SETTLES, Watched};

/// So many temporary keys are followed from those that were switched off.
const KEYS_MAX: usize = 100_000;
/// Of so many temporary keys it is kept that the logs show how they were given out.
const ISSUED_MAX: usize = 2_000_000;
/// How many kinds of calls a finding names.
const NAMED_MAX: usize = 5;

/// Calls of one class.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) total: u64,
    /// The first ones, with their files' numbers.
    pub(super) shown: Vec<Shown>,
    pub(super) last: Timestamp,
    pub(super) actor: Party,
    pub(super) region: String,
    /// Some of the calls, each once.
    pub(super) actions: BTreeSet<String>,
    /// Whether there were more kinds.
    pub(super) has_more: bool,
    /// Whether some were made with temporary credentials that came of a key.
    pub(super) by_sessions: bool,
}

/// A record that proves something.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) event_id: String,
    pub(super) event_name: String,
    pub(super) event_source: String,
    pub(super) time: Timestamp,
    pub(super) account: Option<AccountId>,
    pub(super) place: Place,
}

/// Somebody contained, while the records go by.
pub(super) struct Subject {
    pub(super) of: Contained,
    /// By hash: the keys and all that came of them.
    keys: BTreeMap<u64, Origin>,
    /// Whether there were more temporary keys than are followed.
    is_cut: bool,
    /// The names by now, in lower case.
    names: BTreeSet<String>,
    pub(super) tallies: BTreeMap<Class, Tally>,
}

/// Of which key something came.
#[derive(Clone, Copy)]
struct Origin {
    since: Timestamp,
    is_session: bool,
}

/// Looks at records in their order.
pub(super) struct Watcher {
    pub(super) account: AccountId,
    pub(super) run: String,
    pub(super) subjects: Vec<Subject>,
    /// By hash: all temporary keys that the logs show being given out.
    issued: BTreeSet<u64>,
    first: Timestamp,
    end: Option<Timestamp>,
    /// The first and the last record of the account.
    span: Option<(Timestamp, Timestamp)>,
    last: Option<(Order, u64)>,
}

impl Watcher {
    pub(super) fn new(containment: Containment, end: Option<Timestamp>) -> Self {
        let first = containment.first();
        let subjects = containment.contained.into_iter().map(Subject::new).collect();
        let Containment { account, run, .. } = containment;
        let issued = BTreeSet::new();
        Self { account, run, subjects, issued, first, end, span: None, last: None }
    }

    /// The times whose records must be known whole.
    pub(super) fn times(&self) -> Option<RangeInclusive<Timestamp>> {
        Some(self.first..=self.end.unwrap_or(Timestamp::from_seconds(i64::MAX)))
    }

    /// Takes a record; of those of [`Watcher::times`] the event is known.
    pub(super) fn take(&mut self, row: &Row, event: Option<&Event>) {
        if row.account_id() == Some(self.account) {
            let (first, _) = *self.span.get_or_insert((row.time(), row.time()));
            self.span = Some((first, row.time()));
        }
        // An event of several accounts stands in the log of each.
        let this = Some((row.order, row.actor));
        if self.last == this || self.end.is_some_and(|end| row.time() > end) {
            return;
        }
        self.last = this;
        if row.issued != 0 && self.issued.len() < ISSUED_MAX {
            self.issued.insert(row.issued);
        }
        let is_seen = self.issued.contains(&row.key);
        for subject in &mut self.subjects {
            subject.follow(row);
            if let Some(event) = event.filter(|_| row.time() >= self.first) {
                subject.take(self.account, (row, event), is_seen);
            }
        }
    }

    /// Why it is not known of somebody what came of the keys.
    fn cut(&self, subject: &Subject) -> Option<String> {
        let is_cut = self.issued.len() >= ISSUED_MAX && !subject.of.keys.is_empty();
        (subject.is_cut || is_cut).then(|| {
            "the logs tell of more temporary credentials than are followed; give fewer logs, of the days around the containment"
                .to_owned()
        })
    }

    /// The findings, gravest first, and what is known of everybody.
    pub(super) fn conclude(&self, files: &[String]) -> (Vec<Finding>, Vec<Watched>) {
        let watched = self.subjects.iter().map(|subject| self.watched(subject)).collect();
        let mut findings: Vec<Finding> =
            self.subjects.iter().flat_map(|subject| self.findings(subject, files)).collect();
        findings.sort_by(|a, b| {
            (b.severity, a.first_time, &a.id).cmp(&(a.severity, b.first_time, &b.id))
        });
        (findings, watched)
    }

    fn watched(&self, subject: &Subject) -> Watched {
        let (since, all_since) = subject.of.span();
        let until = self.span.map(|(_, last)| self.end.map_or(last, |end| end.min(last)));
        Watched {
            who: subject.of.who(),
            since,
            until: until.filter(|until| *until > since),
            calls: subject.tallies.values().map(|tally| tally.total).sum(),
            unknown: self.unknown(since, all_since).or_else(|| self.cut(subject)),
        }
    }

    /// Why the logs do not tell of the time since then.
    fn unknown(&self, since: Timestamp, all_since: Timestamp) -> Option<String> {
        let Some((first, last)) = self.span else {
            return Some(format!("the logs hold no record of account {}", self.account));
        };
        let settled = all_since.plus(SETTLES);
        let due = self.end.map_or(settled, |end| end.max(settled));
        if first > since {
            return Some(format!(
                "the logs begin at {first}, after the containment of {since}; give those from before it, too"
            ));
        }
        (last < due).then(|| {
            format!(
                "the logs end at {last}, and the time up to {due} decides; give later ones, too"
            )
        })
    }
}

impl Subject {
    fn new(of: Contained) -> Self {
        let origin = |since| Origin { since, is_session: false };
        let keys = of.keys.iter().map(|(id, since)| (hash::of(id), origin(*since))).collect();
        let names = [of.name.to_lowercase()].into();
        Self { of, keys, is_cut: false, names, tallies: BTreeMap::new() }
    }

    /// Follows keys to the temporary ones that they were given.
    fn follow(&mut self, row: &Row) {
        if row.issued == 0 {
            return;
        }
        let Some(Origin { since, .. }) = self.keys.get(&row.key).copied() else { return };
        if self.keys.len() >= KEYS_MAX {
            self.is_cut = true;
            return;
        }
        self.keys.entry(row.issued).or_insert(Origin { since, is_session: true });
    }

    /// Takes a record. `is_seen`: the logs show how the key that signed it was given out.
    fn take(&mut self, account: AccountId, (row, event): (&Row, &Event), is_seen: bool) {
        self.follow_name(account, event);
        if matches!(event.kind, EventKind::ServiceEvent | EventKind::Insight) {
            return;
        }
        let origin = self.keys.get(&row.key).copied();
        let by_key = origin.and_then(|origin| by_credential(origin.since, event));
        let is_own = self.is_own(account, event);
        let unseen = || (!is_seen).then(|| self.by_unseen(event)).flatten();
        let own = is_own.then(|| self.by_measures(event).max(unseen())).flatten();
        let Some(class) = by_key.max(own) else { return };
        let tally = self.tallies.entry(class).or_insert_with(|| Tally::new(event));
        tally.by_sessions |= by_key == Some(class) && origin.is_some_and(|it| it.is_session);
        tally.add(row, event);
    }

    /// A user who is renamed stays contained.
    fn follow_name(&mut self, account: AccountId, event: &Event) {
        let is_rename = event.outcome == Outcome::Succeeded
            && event.account == Some(account)
            && event.action() == "iam:UpdateUser"
            && self.of.kind == CallerKind::User;
        if is_rename
            && let Some(old) = event.request("userName")
            && let Some(new) = event.request("newUserName")
            && self.names.contains(&old.to_lowercase())
        {
            self.names.insert(new.to_lowercase());
        }
    }

    /// Whether the principal itself calls: the user, a federated user of his, or a session of the role.
    fn is_own(&self, account: AccountId, event: &Event) -> bool {
        let caller = &event.caller;
        let name = match (self.of.kind, caller.kind) {
            (CallerKind::User, CallerKind::User) => caller.name(),
            (CallerKind::User, CallerKind::FederatedUser) => &caller.issuer_name,
            (CallerKind::Role, CallerKind::Role) => caller.role_name().unwrap_or_default(),
            _ => return false,
        };
        caller.account == Some(account) && self.names.contains(&name.to_lowercase())
    }

    /// What a call says that was made with temporary credentials of the user of which nobody saw how they were
    /// given out: they may have come of a key that is off now, unless they are younger than that. A user's own
    /// session of the console came of his password; one of a federated user came of a key of his
    /// ("GetFederationToken", AWS STS API Reference).
    fn by_unseen(&self, event: &Event) -> Option<Class> {
        let is_of_console =
            || event.text("sessionCredentialFromConsole").is_some_and(|it| it == "true");
        let is_of_key = match event.caller.kind {
            CallerKind::User => !is_of_console(),
            CallerKind::FederatedUser => true,
            _ => false,
        };
        if !is_of_key || !event.caller.access_key.starts_with("ASIA") {
            return None;
        }
        let since = self.of.keys.iter().map(|(_, since)| *since).max()?;
        let begun = event.text("userIdentity.sessionContext.attributes.creationDate");
        if begun.and_then(Timestamp::parse).is_some_and(|begun| begun >= since) {
            return None;
        }
        by_credential(since, event).map(|class| class.min(Class::Unclear))
    }

    /// What the principal's own call says, by what would have stopped it.
    fn by_measures(&self, event: &Event) -> Option<Class> {
        let denied = self.of.denied.and_then(|since| by_policy(since, event));
        let sessions = self.of.sessions;
        let sessions = sessions.and_then(|(since, before)| by_session(since, before, event));
        let password = self.of.password.and_then(|since| by_password(since, event));
        denied.max(sessions).max(password)
    }
}

impl Tally {
    fn new(event: &Event) -> Self {
        Self {
            total: 0,
            shown: Vec::new(),
            last: event.time,
            actor: event.caller.party(&event.address),
            region: event.region.clone(),
            actions: BTreeSet::new(),
            has_more: false,
            by_sessions: false,
        }
    }

    fn add(&mut self, row: &Row, event: &Event) {
        self.total += 1;
        self.last = event.time;
        let action = event.action();
        if self.actions.len() < NAMED_MAX {
            self.actions.insert(action);
        } else if !self.actions.contains(&action) {
            self.has_more = true;
        }
        if self.shown.len() < trailwarden_model::finding::EVIDENCE_MAX {
            self.shown.push(Shown::of(row, event));
        }
    }
}
