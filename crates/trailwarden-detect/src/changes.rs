//! Every IAM change of a run as one row with its effect, the quiet and the refused ones too.
//!
//! Findings say what is wrong; these rows say what happened. They are kept only when somebody asks
//! ([`Engine::with_changes`]), because refused calls must then be kept whole as well.

mod facts;
mod followed;
mod governed;

use std::collections::BTreeMap;

use trailwarden_account::effect::Verdict;
use trailwarden_account::{Effect, Touched, UNORDERED, entry};
use trailwarden_model::finding::{self, Authorized, Party};
use trailwarden_model::{AccountId, Finding, Outcome, Severity, Timestamp};
use trailwarden_record::row::{Action, Place};

use crate::conclude::{Sources, people};
use crate::context::Cx;
use crate::engine::Engine;

pub use facts::{Facts, Somebody};
pub use followed::{Behind, Governed};
pub use governed::{governed, is_governed};

/// How many rows are kept.
const ROWS_MAX: usize = 200_000;

/// One change of permissions, or the attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeRow {
    /// CloudTrail's `eventID`.
    pub event_id: String,
    /// When.
    pub time: Timestamp,
    /// The account whose permissions it is about.
    pub account: Option<AccountId>,
    /// Who: the person, key or service behind the call, as far as the logs show.
    pub actor: Party,
    /// The call, such as `iam:PutGroupPolicy`.
    pub event: String,
    /// What it was done to.
    pub target: Party,
    /// What became of it.
    pub outcome: Outcome,
    /// What it does to permissions; `None` when it moves none.
    pub effect: Option<finding::Effect>,
    /// The effect in a sentence.
    pub sentence: Option<String>,
    /// Harm by the effect, or by the finding that weighs it, where that is graver because something is
    /// not known; `None` when the effect makes no finding.
    pub severity: Option<Severity>,
    /// What the effect comes to; `None` when no model judged the call.
    pub verdict: Option<Verdict>,
    /// What change policies say of it; nothing unless some were asked.
    pub authorized: Authorized,
    /// Ids of the findings that rest on this record.
    pub findings: Vec<String>,
    /// File it was read from, as given on the command line.
    pub file: String,
    /// Number of the record in its file, from 0.
    pub record: u64,
}

/// Whether a call is a row of the changes: it changes what the models hold, or something else of IAM.
#[must_use]
pub fn is_change(action: &Action) -> bool {
    let (service, name) = (action.service.as_str(), action.name.as_str());
    let is_other = || {
        let others = entry::NOT_FOLDED.iter().filter_map(|(action, _)| action.split_once(':'));
        others.filter(|(other, _)| *other == "iam").any(|other| other == (service, name))
    };
    entry::is_folded(service, name) || is_other()
}

/// The rows of a run in the making.
#[derive(Clone, Default)]
pub(crate) struct Changes {
    rows: Vec<Noted>,
    recent: Vec<Recent>,
    is_truncated: bool,
    /// Whether all calls are noted that change policies speak of, with what those ask.
    is_governing: bool,
}

/// A row whose actor is not followed yet, and that knows no findings.
#[derive(Clone)]
struct Noted {
    row: ChangeRow,
    file: u32,
    stable: String,
    chain: Vec<Place>,
    /// Whether it is a row of the changes; else it is there for change policies alone.
    is_change: bool,
    /// What change policies may ask, where there are some.
    facts: Option<Box<Facts>>,
}

/// What a row of the second that goes on did.
#[derive(Clone)]
struct Recent {
    at: usize,
    cause: Option<String>,
    touched: Vec<Touched>,
}

impl Changes {
    /// With all that change policies may ask.
    pub(crate) fn governing() -> Self {
        Self { is_governing: true, ..Self::default() }
    }

    /// Whether a call is noted.
    pub(crate) fn takes(&self, is_change: bool, is_governed: bool) -> bool {
        is_change || self.is_governing && is_governed
    }

    /// Takes down a record. Rows come in order. `gravest` is the severity of the gravest match that
    /// rests on it alone.
    pub(crate) fn note(&mut self, cx: &Cx<'_>, is_change: bool, gravest: Option<Severity>) {
        let (row, Some(event)) = (cx.row, cx.event) else { return };
        if self.rows.len() >= ROWS_MAX {
            self.is_truncated = true;
            return;
        }
        self.doubt_the_opposite(cx);
        self.rows.push(Noted {
            row: ChangeRow {
                event_id: event.id.clone(),
                time: row.time(),
                account: row.account_id(),
                actor: event.caller.party(&event.address),
                event: event.action(),
                target: event.target_party(),
                outcome: row.flags.outcome(),
                effect: cx.effect.filter(|effect| !effect.is_nothing()).map(Effect::to_finding),
                sentence: cx.effect.map(Effect::sentence),
                severity: cx.effect.and_then(Effect::severity).max(cx.told),
                verdict: cx.effect.map(Effect::verdict),
                authorized: Authorized::default(),
                findings: Vec::new(),
                file: String::new(),
                record: u64::from(row.place.record),
            },
            file: row.place.file,
            stable: event.caller.stable.clone(),
            chain: cx.lineage.chain(row),
            is_change,
            facts: self.is_governing.then(|| Box::new(Facts::of(cx, event, gravest))),
        });
    }

    /// What puts a thing there comes first of two calls of one second, and is judged before anybody
    /// knows of the other. Once that one is, neither is known to have been the last.
    fn doubt_the_opposite(&mut self, cx: &Cx<'_>) {
        let is_past = |noted: &Noted| {
            noted.row.time != cx.row.time() || noted.row.account != cx.row.account_id()
        };
        if self.rows.last().is_none_or(is_past) {
            self.recent.clear();
        }
        let unordered = cx.effect.map(|effect| effect.unordered.as_slice()).unwrap_or_default();
        for recent in &self.recent {
            let is_undone = recent.touched.iter().any(|touched| unordered.contains(touched));
            let Some(noted) = self.rows.get_mut(recent.at).filter(|_| is_undone) else { continue };
            noted.facts.iter_mut().for_each(|facts| facts.doubt(UNORDERED));
            if noted.row.verdict != Some(Verdict::Nothing) {
                continue;
            }
            noted.row.verdict = Some(Verdict::Unknown);
            let cause = recent.cause.as_ref().map(|cause| format!("{cause}; ")).unwrap_or_default();
            noted.row.sentence = Some(format!("{cause}unknown: {UNORDERED}"));
        }
        if let Some(change) = cx.change {
            self.recent.push(Recent {
                at: self.rows.len(),
                cause: cx.effect.and_then(|effect| effect.cause.clone()),
                touched: change.touched.clone(),
            });
        }
    }

    /// Whether there were more rows than are kept.
    pub(crate) fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// The records that tell who is behind the calls.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = Place> {
        self.rows.iter().flat_map(|noted| noted.chain.iter().copied())
    }
}

impl Engine {
    /// The changes in order, each with the ids of its findings; none unless asked for
    /// ([`Engine::with_changes`]).
    #[must_use]
    pub fn changes(&self, findings: &[Finding], sources: &Sources<'_>) -> Vec<ChangeRow> {
        self.rows(findings, sources, |_, is_change| is_change)
    }

    /// The same of all calls that change policies speak of, where somebody asked for those
    /// ([`Engine::with_governed`]). `is_wanted` is told whether one is a row of the changes.
    #[must_use]
    pub fn rows(
        &self,
        findings: &[Finding],
        sources: &Sources<'_>,
        is_wanted: impl Fn(&ChangeRow, bool) -> bool,
    ) -> Vec<ChangeRow> {
        let by_record = by_record(findings);
        let noted = self.changes.iter().flat_map(|changes| &changes.rows);
        let told = noted.map(|noted| (noted.told(&by_record, sources), noted.is_change));
        told.filter(|(row, is_change)| is_wanted(row, *is_change)).map(|(row, _)| row).collect()
    }
}

/// The ids of findings by account and event id.
type ByRecord<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a str>>;

fn by_record(findings: &[Finding]) -> ByRecord<'_> {
    let mut by_record = ByRecord::new();
    for finding in findings {
        for evidence in &finding.evidence {
            let key = (evidence.account.as_deref().unwrap_or_default(), &*evidence.event_id);
            by_record.entry(key).or_default().push(&finding.id);
        }
    }
    by_record
}

impl Noted {
    /// The row, with whoever is behind it and its findings.
    fn told(&self, by_record: &ByRecord<'_>, sources: &Sources<'_>) -> ChangeRow {
        let mut row = self.row.clone();
        row.actor = people::behind(row.actor, &self.stable, &self.chain, sources.records);
        row.file = sources.files.get(self.file as usize).cloned().unwrap_or_default();
        let account = row.account.map(|account| account.to_string()).unwrap_or_default();
        let ids = by_record.get(&(account.as_str(), row.event_id.as_str()));
        row.findings = ids.into_iter().flatten().map(|id| (*id).to_owned()).collect();
        row
    }
}
