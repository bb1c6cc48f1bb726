//! The engine: rows in the total order go in, drafts of findings come out.
//!
//! # Invariants
//! - Detections cannot see each other. One that panics is caught, switched off, and becomes a
//!   health finding; it silences nobody else.
//! - State is bounded, and truncation is visible as a health finding.
//! - What comes out depends on the rows, their order and the baselines alone.
//! - An event that no model holds anything of costs the models one look at a boolean.

mod accounts;
mod off;
mod plan;
mod step;
mod weigh;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use trailwarden_account::Models;
use trailwarden_model::Timestamp;
use trailwarden_record::Row;
use trailwarden_record::row::Place;

use crate::changes::Changes;
use crate::detection::{Detection, Logic};
use crate::draft::{Drafts, Rule};
use crate::history::History;
use crate::lineage::Lineage;
use crate::lints::baseline::Flawed;
use crate::settings::Settings;
use crate::watch::{Fire, Watch};
use crate::window::{AbsenceState, DistinctState, FirstState, SequenceState};

use accounts::Accounts;
pub(crate) use accounts::GRAPH_ACCOUNTS_MAX;
use plan::Plans;

/// Judges rows in the total order.
#[derive(Clone)]
pub struct Engine {
    pub(crate) detections: Vec<&'static Detection>,
    pub(crate) units: Vec<Unit>,
    pub(crate) drafts: Drafts,
    settings: Arc<Settings>,
    plans: Plans,
    history: History,
    lineage: Lineage,
    pub(crate) accounts: Accounts,
    /// The changes, when somebody asked for them.
    pub(crate) changes: Option<Changes>,
    now: Timestamp,
    /// What a detection said as it panicked.
    pub(crate) panics: BTreeMap<usize, String>,
    /// What its user had to forget for lack of room.
    forgotten: BTreeSet<&'static str>,
    /// What lint says of the baselines' documents.
    pub(crate) flawed: Arc<[Flawed]>,
}

/// A detection's state.
pub(crate) struct Unit {
    pub(crate) watch: Option<Box<dyn Watch>>,
    off: Option<String>,
}

impl Clone for Unit {
    fn clone(&self) -> Self {
        Self { watch: self.watch.as_ref().map(|watch| watch.boxed_clone()), off: self.off.clone() }
    }
}

impl Engine {
    /// An engine over some detections.
    pub fn new(detections: &[&'static Detection], settings: Settings) -> Self {
        let units = detections.iter().map(|detection| Unit::new(detection, &settings)).collect();
        Self {
            detections: detections.to_vec(),
            units,
            drafts: Drafts::default(),
            settings: Arc::new(settings),
            plans: Plans::default(),
            history: History::default(),
            lineage: Lineage::default(),
            accounts: Accounts::default(),
            changes: None,
            now: Timestamp::default(),
            panics: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            flawed: Arc::default(),
        }
    }

    /// Begins with what baselines tell of the accounts.
    #[must_use]
    pub fn with_models(mut self, models: Models) -> Self {
        self.accounts = Accounts::from(models);
        self
    }

    /// Keeps a row of every change, for [`Engine::changes`]. All records of
    /// [`is_change`](crate::changes::is_change) must then be there.
    #[must_use]
    pub fn with_changes(mut self) -> Self {
        self.changes = Some(Changes::default());
        self
    }

    /// Keeps all that change policies may ask of every call that they speak of, for
    /// [`Engine::each_governed`], and the rows of [`Engine::with_changes`]. All records of
    /// [`is_governed`](crate::changes::is_governed) must then be there.
    #[must_use]
    pub fn with_governed(mut self) -> Self {
        self.changes = Some(Changes::governing());
        self
    }

    pub(crate) fn draws_graph(&self) -> bool {
        self.settings.draws_graph
    }

    /// The accounts as the rows so far tell them.
    pub fn models(&self) -> &Models {
        self.accounts.models()
    }

    /// A Sigma match: the finding is about the rule and the group, usually the principal. Several rows
    /// are those that a correlation joins.
    pub fn sigma(&mut self, rule: usize, group: u64, rows: &[Row]) {
        // Records that match one by one stand apart by outcome; joined ones belong together.
        let outcome = match rows {
            [row] => Some(row.flags.outcome()),
            _ => None,
        };
        let lineage = &self.lineage;
        let chain = |row: &Row, places: &mut Vec<Place>| lineage.chain_into(row, places);
        self.drafts.fired(Rule::Sigma(rule), group, rows, rows.len(), outcome, chain);
    }

    /// How many matches there have been; a caller that compares it around [`Engine::push`] knows
    /// whether the record made a finding.
    pub fn matches(&self) -> u64 {
        self.drafts.matches
    }

    /// The group of a Sigma match: the principal behind the row.
    pub fn origin(&self, row: &Row) -> u64 {
        self.lineage.origin(row)
    }

    /// No more rows will come; `until` is the time to which the logs are complete.
    pub fn finish(&mut self, until: Timestamp) {
        let Self { units, drafts, lineage, panics, .. } = self;
        for (index, unit) in units.iter_mut().enumerate().filter(|(_, unit)| unit.off.is_none()) {
            let Some(watch) = &mut unit.watch else { continue };
            let mut fires = Vec::new();
            match catch_unwind(AssertUnwindSafe(|| watch.advance(until, &mut fires))) {
                Ok(()) => gather(index, &fires, drafts, lineage),
                Err(panic) => {
                    unit.stop();
                    panics.insert(index, panic_text(panic.as_ref()));
                }
            }
        }
    }

    /// Something that works beside the engine had to forget; a health finding says so.
    pub fn forgot(&mut self, what: &'static str) {
        self.forgotten.insert(what);
    }

    /// What has no detection of its own and had to forget something.
    pub(crate) fn forgotten(&self) -> BTreeSet<&'static str> {
        let mut forgotten = self.forgotten.clone();
        if self.history.is_truncated() {
            forgotten.insert("the memory of principals and keys");
        }
        if self.lineage.is_truncated() {
            forgotten.insert("the memory of temporary keys");
        }
        if self.models().iter().any(trailwarden_account::Model::is_truncated) {
            forgotten.insert("the model of an account");
        }
        if self.changes.as_ref().is_some_and(Changes::is_truncated) {
            forgotten.insert("the list of changes");
        }
        forgotten
    }

    /// The latest event time so far.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Ids of detections that had to forget something.
    pub fn truncated(&self) -> Vec<&'static str> {
        let watched = self.detections.iter().zip(&self.units);
        watched
            .filter(|(_, unit)| unit.watch.as_ref().is_some_and(|watch| watch.is_truncated()))
            .map(|(detection, _)| detection.id)
            .collect()
    }
}

impl Unit {
    fn stop(&mut self) {
        self.off = Some("it panicked; see the health finding".to_owned());
    }

    fn new(detection: &'static Detection, settings: &Settings) -> Self {
        let watch: Option<Box<dyn Watch>> = match &detection.logic {
            Logic::Each(_) | Logic::Effect(_) | Logic::Text(_) => None,
            Logic::Distinct(spec) => {
                Some(Box::new(DistinctState::new(detection.id, spec, settings)))
            }
            Logic::Sequence(spec) => {
                Some(Box::new(SequenceState::new(detection.id, spec, settings)))
            }
            Logic::Absence(spec) => Some(Box::new(AbsenceState::new(detection.id, spec, settings))),
            Logic::First(spec) => Some(Box::new(FirstState::new(spec))),
            Logic::Watch(build) => Some(build()),
        };
        Self { watch, off: off::off_reason(detection, settings) }
    }
}

fn gather(index: usize, fires: &[Fire], drafts: &mut Drafts, lineage: &Lineage) {
    for fire in fires {
        let chain = |row: &Row, places: &mut Vec<Place>| lineage.chain_into(row, places);
        drafts.fired(Rule::BuiltIn(index), fire.group, &fire.rows, fire.distinct, None, chain);
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
