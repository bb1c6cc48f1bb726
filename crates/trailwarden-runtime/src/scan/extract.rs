//! Stage one: bytes to rows, in parallel, one file after the other per worker.
//!
//! A worker walks each record once for the fields that select work. The record itself is kept only
//! when a detection reads records of that kind, the account models fold it, or a Sigma rule matched
//! it for a correlation; everything else leaves a row.
//!
//! # Soundness
//! What is skipped provably cannot matter: a detection sees a record's text only for calls that its
//! selection covers ([`Wants`]), the models take only calls that [`Wants::with_changes`] keeps, and a
//! Sigma rule is asked by a plan and a memory that say what asking all would ([`Memo`]). `--no-skip`
//! decodes and keeps everything, asks all rules of every record, and finds the same (`tests/no_skip.rs`).

use std::ops::RangeInclusive;
use std::sync::Arc;

use foldhash::HashMap;
use trailwarden_detect::detection::Detection;
use trailwarden_detect::select::{Keep, Wants, Words};
pub use trailwarden_detect::sigma::decode as decode_matches;
use trailwarden_detect::sigma::{Memo, Plan, RuleSet};
use trailwarden_model::report::REJECTS_MAX;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::envelope::{Place as Spot, Sink};
use trailwarden_record::limits::Limits;
use trailwarden_record::row::{ActionId, Actions, Call, Flags, Place};
use trailwarden_record::scan::Stop;
use trailwarden_record::skim::Outline;
use trailwarden_record::{Row, Skim, hash, redact, repair};

use crate::geo::{GeoCache, GeoIp};
use crate::scan::files::{Files, Rejected};
use crate::scan::runs::Run;

/// What all workers share.
pub struct Shared {
    /// The detections of this run.
    pub detections: Vec<&'static Detection>,
    /// Their words.
    pub words: Words,
    /// Sigma rules.
    pub rules: RuleSet,
    /// The calls of this run.
    pub actions: Actions,
    /// Databases of addresses.
    pub geoip: Option<GeoIp>,
    /// Limits on what a stranger sends.
    pub limits: Limits,
    /// Decode and keep everything.
    pub no_skip: bool,
    /// Keep every IAM change, refused ones too.
    pub changes: bool,
    /// Whether all calls are kept that change policies speak of.
    pub governed: bool,
    /// Keep the calls that begin sessions.
    pub sessions: bool,
    /// Successful calls that are kept besides, as a detection selects calls.
    pub also: &'static [&'static str],
    /// Records of these times are kept whole, whatever they are.
    pub whole: Option<RangeInclusive<Timestamp>>,
    /// Records after this are left out.
    pub until: Option<Timestamp>,
    /// Records of other accounts are left out; empty for all.
    pub accounts: Vec<AccountId>,
}

/// What a worker hands over.
pub struct Extracted {
    /// Its rows.
    pub run: Run,
    /// What it could not read: place in the input, then the reject.
    pub rejects: Vec<Rejected>,
    /// Counts.
    pub counts: Counts,
    /// The first error of the spill, if any: the run is incomplete then.
    pub error: Option<std::io::Error>,
}

/// A worker's counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Records taken.
    pub records: u64,
    /// Records left out by `until` or `accounts`.
    pub filtered: u64,
    /// Rejects, kept or not.
    pub rejects: u64,
}

/// How a record's fields were come by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// From its bytes, each field once and without escapes.
    InPlace,
    /// By decoding it: of a field that stands twice the last is known, and nothing of the first.
    InFull,
}

/// One worker.
pub struct Worker {
    shared: Arc<Shared>,
    files: Arc<Files>,
    file: u32,
    /// By action number: what the detections want of it.
    wants: Vec<Option<Wants>>,
    /// By hash of source and name: the call, without the shared table's lock.
    calls: HashMap<u64, Call>,
    sigma: Memo,
    /// Of the record at hand, where there are Sigma rules to ask.
    outline: Outline,
    /// By action number: which Sigma rules to ask.
    plans: Vec<Option<Plan>>,
    geo: GeoCache,
    extracted: Extracted,
}

impl Worker {
    /// A worker whose run may take so many bytes.
    pub fn new(shared: Arc<Shared>, files: Arc<Files>, run: Run) -> Self {
        let extracted =
            Extracted { run, rejects: Vec::new(), counts: Counts::default(), error: None };
        Self {
            sigma: Memo::new(shared.rules.clone()),
            outline: Outline::default(),
            plans: Vec::new(),
            shared,
            files,
            file: 0,
            wants: Vec::new(),
            calls: HashMap::default(),
            geo: GeoCache::default(),
            extracted,
        }
    }

    /// A file begins.
    pub fn begin(&mut self, item: u32, name: &str) {
        self.file = self.files.add(item, name);
    }

    /// A file, or a part of it, could not be read; it need not have begun.
    pub fn reject_file(&mut self, item: u32, file: &str, offset: Option<u64>, cause: String) {
        if !self.files.is_named(self.file, item, file) {
            self.file = self.files.add(item, file);
        }
        self.note(offset, None, cause);
    }

    /// Whether rows can no longer be spilled.
    pub fn has_failed(&self) -> bool {
        self.extracted.error.is_some()
    }

    fn note(&mut self, offset: Option<u64>, record: Option<u64>, cause: String) {
        self.extracted.counts.rejects += 1;
        if self.extracted.rejects.len() < REJECTS_MAX {
            self.extracted.rejects.push(Rejected { file: self.file, offset, record, cause });
        }
    }

    /// How many records have been taken so far.
    pub fn records(&self) -> u64 {
        self.extracted.counts.records
    }

    /// The worker is done.
    pub fn finish(self) -> Extracted {
        self.extracted
    }

    /// Takes a record by its fields.
    fn take(&mut self, skim: &Skim<'_>, bytes: &[u8], spot: Spot, reading: Reading) {
        if let Some(problem) = skim.problem() {
            self.reject(spot, problem.to_owned());
            return;
        }
        let Ok(record) = u32::try_from(spot.record) else {
            self.reject(spot, "more than four billion records in one file".to_owned());
            return;
        };
        self.extracted.counts.records += 1;
        let call = self.call(skim);
        let mut row = Row::of(skim, bytes, call, Place { file: self.file, record });
        if self.is_outside(&row) {
            self.extracted.counts.filtered += 1;
            return;
        }
        if let Some(geoip) = &self.shared.geoip
            && row.flags.has(Flags::FROM_ADDRESS)
        {
            let origin = self.geo.origin(geoip, row.address, skim.address.as_str());
            (row.country, row.asn) = (origin.country, origin.asn);
        }
        let plan = self.plan(skim, call.action, reading);
        let keep = self.shared.no_skip
            || call.action == ActionId::OVERFLOW
            || self.shared.whole.as_ref().is_some_and(|times| times.contains(&row.time()))
            || match self.wants(call.action).wants(row.flags.outcome()) {
                Keep::No => false,
                Keep::IfNaming => self.shared.words.may_stand_in(skim.user_agent.as_bytes()),
                Keep::Yes => true,
            };
        // What was decoded in full may stand twice, which an outline does not tell.
        let outline = (reading == Reading::InPlace).then_some(&self.outline);
        self.sigma.encoded(plan, bytes, outline);
        if self.sigma.is_broken() {
            self.extracted.counts.records -= 1;
            self.reject(spot, "not valid JSON somewhere inside the record".to_owned());
            return;
        }
        let encoded = self.sigma.last();
        let kept = if keep { redact::bytes(bytes) } else { Default::default() };
        if let Err(error) = self.extracted.run.push(row, &kept, encoded) {
            self.extracted.error.get_or_insert(error);
        }
    }

    fn is_outside(&self, row: &Row) -> bool {
        let accounts = &self.shared.accounts;
        self.shared.until.is_some_and(|until| row.time() > until)
            || !accounts.is_empty() && !row.account_id().is_some_and(|id| accounts.contains(&id))
    }

    /// Which Sigma rules to ask; all, where the name and the source were not read in place.
    fn plan(&mut self, skim: &Skim<'_>, id: ActionId, reading: Reading) -> Plan {
        let rules = &self.shared.rules;
        if rules.rules().is_empty() {
            return Plan::Nothing;
        }
        if reading == Reading::InFull {
            return Plan::Everything;
        }
        let plan = || rules.plan(skim.event_name.as_str(), skim.event_source.as_str());
        if id == ActionId::OVERFLOW {
            return plan();
        }
        let index = id.0 as usize;
        if self.plans.len() <= index {
            self.plans.resize(index + 1, None);
        }
        self.plans.get_mut(index).map_or_else(plan, |slot| *slot.get_or_insert_with(plan))
    }

    fn call(&mut self, skim: &Skim<'_>) -> Call {
        let source = hash::of_bytes(skim.event_source.as_bytes());
        let key = hash::pair(source, hash::of_bytes(skim.event_name.as_bytes()));
        if let Some(call) = self.calls.get(&key) {
            return *call;
        }
        let call = self.shared.actions.call(skim.event_source.as_str(), skim.event_name.as_str());
        // What the shared table has no room for, a stranger made up; there may be any number of it.
        if call.action != ActionId::OVERFLOW {
            self.calls.insert(key, call);
        }
        call
    }

    fn wants(&mut self, id: ActionId) -> Wants {
        let index = id.0 as usize;
        if let Some(Some(wants)) = self.wants.get(index) {
            return *wants;
        }
        let action = self.shared.actions.get(id);
        let wants = Wants::of(&self.shared.detections, &action);
        let wants = wants.with_changes(&action, self.shared.changes);
        let wants = if self.shared.governed { wants.with_governed(&action) } else { wants };
        let wants = if self.shared.sessions { wants.with_sessions(&action) } else { wants };
        let wants = wants.with_also(&action, self.shared.also);
        if self.wants.len() <= index {
            self.wants.resize(index + 1, None);
        }
        self.wants.get_mut(index).into_iter().for_each(|slot| *slot = Some(wants));
        wants
    }
}

impl Sink for Worker {
    fn record(&mut self, bytes: &[u8], start: usize, spot: Spot) -> Result<usize, Stop> {
        let depth_max = self.shared.limits.depth_max;
        let outline = (!self.shared.rules.rules().is_empty()).then_some(&mut self.outline);
        let mut skim = Skim::default();
        let end = skim.read_into(bytes, start, depth_max, outline)?;
        let record = bytes.get(start..end).unwrap_or_default();
        if skim.plain && !self.shared.no_skip {
            self.take(&skim, record, spot, Reading::InPlace);
            return Ok(end);
        }
        // A field that cannot be taken as it stands, or the reference path: decode in full.
        match repair::tree(record) {
            Ok(tree) => self.take(&Skim::of_value(&tree), record, spot, Reading::InFull),
            Err(error) => self.reject(spot, format!("not valid JSON: {error}")),
        }
        Ok(end)
    }

    fn reject(&mut self, spot: Spot, cause: String) {
        self.note(Some(spot.offset), Some(spot.record), cause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_calls_take_no_more_room_than_the_table_has() {
        let shared = Shared {
            detections: Vec::new(),
            words: Words::of(&[]),
            rules: RuleSet::load(&[]).0,
            actions: Actions::default(),
            geoip: None,
            limits: Limits::default(),
            no_skip: false,
            changes: false,
            governed: false,
            sessions: false,
            also: &[],
            whole: None,
            until: None,
            accounts: Vec::new(),
        };
        let run = Run::new(1 << 20, None);
        let mut worker = Worker::new(Arc::new(shared), Arc::default(), run);
        for number in 0..Actions::MAX + 100 {
            let name = format!("Call{number}");
            worker.call(&Skim { event_name: name.as_str().into(), ..Skim::default() });
        }
        assert_eq!(worker.calls.len(), Actions::MAX);
    }
}
