//! The engine: rows in the total order go in, drafts of findings come out.
//!
//! # Invariants
//! - Detections cannot see each other. One that panics is caught, switched off, and becomes a
//!   health finding; it silences nobody else.
//! - State is bounded, and truncation is visible as a health finding.
//! - What comes out depends on the rows and their order alone.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use trailwarden_model::report::Off;
use trailwarden_model::time::DAY;
use trailwarden_model::{Outcome, Severity, Timestamp};
use trailwarden_record::row::{Action, ActionId};
use trailwarden_record::{Event, Row};

use crate::context::Cx;
use crate::detection::{Detection, Logic, Needs};
use crate::draft::{Drafts, Rule};
use crate::history::History;
use crate::lineage::Lineage;
use crate::matches::Match;
use crate::settings::Settings;
use crate::watch::{Fire, Watch};
use crate::window::{AbsenceState, DistinctState, FirstState, SequenceState};

/// Judges rows in the total order.
pub struct Engine {
    pub(crate) detections: Vec<&'static Detection>,
    pub(crate) units: Vec<Unit>,
    pub(crate) drafts: Drafts,
    settings: Arc<Settings>,
    /// By action number: the detections that select it.
    plans: Vec<Option<Box<[Planned]>>>,
    history: History,
    lineage: Lineage,
    now: Timestamp,
    /// What a detection said as it panicked.
    pub(crate) panics: BTreeMap<usize, String>,
    /// What its user had to forget for lack of room.
    forgotten: BTreeSet<&'static str>,
}

/// A detection that a call concerns.
#[derive(Clone, Copy)]
struct Planned {
    index: u16,
    /// Whether it may see the record. What it does not ask for it never sees, even when it is at
    /// hand: else the fast path, which does not keep it, would judge differently.
    sees_record: bool,
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

impl Clone for Engine {
    fn clone(&self) -> Self {
        Self {
            detections: self.detections.clone(),
            units: self.units.clone(),
            drafts: self.drafts.clone(),
            settings: Arc::clone(&self.settings),
            plans: self.plans.clone(),
            history: self.history.clone(),
            lineage: self.lineage.clone(),
            now: self.now,
            panics: self.panics.clone(),
            forgotten: self.forgotten.clone(),
        }
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
            plans: Vec::new(),
            history: History::default(),
            lineage: Lineage::default(),
            now: Timestamp::default(),
            panics: BTreeMap::new(),
            forgotten: BTreeSet::new(),
        }
    }

    /// The detections that these settings leave on: no record need be kept for the others.
    pub fn running(
        detections: &[&'static Detection],
        settings: &Settings,
    ) -> Vec<&'static Detection> {
        let is_on = |detection: &&&'static Detection| off_reason(detection, settings).is_none();
        detections.iter().filter(is_on).copied().collect()
    }

    /// Takes the next row. `event` must be there when [`Wants`](crate::select::Wants) asked for it.
    pub fn push(&mut self, row: &Row, action: &Action, event: Option<&Event>) {
        self.now = self.now.max(row.time());
        let Self { detections, units, drafts, settings, history, lineage, panics, plans, .. } =
            self;
        let unplanned;
        let plan = match plan_of(plans, detections, row.action, action) {
            Some(plan) => plan,
            None => {
                unplanned = plan_for(detections, action);
                &unplanned
            }
        };
        let outcome = row.flags.outcome();
        for planned in plan.iter() {
            let index = usize::from(planned.index);
            let (Some(detection), Some(unit)) = (detections.get(index), units.get_mut(index))
            else {
                continue;
            };
            let select = &detection.select;
            if unit.off.is_some()
                || !row.flags.has(select.flags)
                || !select.takes(outcome)
                || (select.reads.is_record() && event.is_none())
            {
                continue;
            }
            let event = event.filter(|_| planned.sees_record);
            let cx = Cx { row, action, event, settings, history, lineage };
            let judged =
                catch_unwind(AssertUnwindSafe(|| judge(index, detection, unit, &cx, drafts)));
            if let Err(panic) = judged {
                unit.stop();
                panics.insert(index, panic_text(panic.as_ref()));
            }
        }
        self.history.note(row);
        self.lineage.note(row);
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
        self.drafts
            .fired(Rule::Sigma(rule), group, rows, rows.len(), outcome, |row| lineage.chain(row));
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
        forgotten
    }

    /// The latest event time so far.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The detections that are off, each with its reason.
    pub fn off(&self) -> Vec<Off> {
        let reach = self.history.reach(self.now);
        let mut off = Vec::new();
        for (detection, unit) in self.detections.iter().zip(&self.units) {
            let reason = match (&unit.off, detection.needs) {
                (Some(reason), _) => reason.clone(),
                (None, Needs::History) if reach < learn_days(detection) * DAY => format!(
                    "needs {} days of logs before it speaks; these cover {}",
                    learn_days(detection),
                    days(reach)
                ),
                _ => continue,
            };
            off.push(Off { rule: detection.id.to_owned(), reason });
        }
        off
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

/// The detections that select a call, by its number; `None` for numbers that stand for many calls.
fn plan_of<'a>(
    plans: &'a mut Vec<Option<Box<[Planned]>>>,
    detections: &[&Detection],
    id: ActionId,
    action: &Action,
) -> Option<&'a [Planned]> {
    if id == ActionId::OVERFLOW {
        return None;
    }
    let index = id.0 as usize;
    if plans.len() <= index {
        plans.resize(index + 1, None);
    }
    let plan = plans.get_mut(index)?;
    Some(plan.get_or_insert_with(|| plan_for(detections, action)))
}

fn plan_for(detections: &[&Detection], action: &Action) -> Box<[Planned]> {
    (0_u16..)
        .zip(detections)
        .filter(|(_, detection)| detection.select.covers(action))
        .map(|(index, detection)| Planned {
            index,
            sees_record: detection.select.reads_record_of(action),
        })
        .collect()
}

impl Unit {
    fn stop(&mut self) {
        self.off = Some("it panicked; see the health finding".to_owned());
    }

    fn new(detection: &'static Detection, settings: &Settings) -> Self {
        let watch: Option<Box<dyn Watch>> = match &detection.logic {
            Logic::Each(_) => None,
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
        Self { watch, off: off_reason(detection, settings) }
    }
}

/// Why a detection cannot run at all under these settings.
fn off_reason(detection: &Detection, settings: &Settings) -> Option<String> {
    let reason = match detection.needs {
        Needs::GeoIp if !settings.has_geoip => {
            "needs country and network of addresses: give --geoip FILE"
        }
        Needs::Decoys if settings.decoys.is_empty() => {
            "needs decoys: name them under `decoys` in trailwarden.toml"
        }
        Needs::BreakGlass if settings.break_glass.is_empty() => {
            "needs break-glass principals: name them under `break_glass` in trailwarden.toml"
        }
        _ => return None,
    };
    Some(reason.to_owned())
}

fn judge(index: usize, detection: &Detection, unit: &mut Unit, cx: &Cx<'_>, drafts: &mut Drafts) {
    if let Logic::Each(detect) = &detection.logic {
        if let Some(mut matched) = detect(cx) {
            matched.severity = Some(resolve(detection, &matched, cx.outcome()));
            matched.confidence = Some(matched.confidence.unwrap_or(detection.confidence));
            drafts.matched(Rule::BuiltIn(index), cx.row, matched, cx.lineage.chain(cx.row));
        }
        return;
    }
    let Some(watch) = &mut unit.watch else { return };
    let mut fires = Vec::new();
    watch.push(cx, &mut fires);
    gather(index, &fires, drafts, cx.lineage);
}

fn gather(index: usize, fires: &[Fire], drafts: &mut Drafts, lineage: &Lineage) {
    for fire in fires {
        let chain = |row: &Row| lineage.chain(row);
        drafts.fired(Rule::BuiltIn(index), fire.group, &fire.rows, fire.distinct, None, chain);
    }
}

/// A match's severity: its own, else the detection's, which an attempt lowers.
fn resolve(detection: &Detection, matched: &Match, outcome: Outcome) -> Severity {
    matched.severity.unwrap_or(match outcome {
        Outcome::Succeeded => detection.severity,
        Outcome::Denied | Outcome::Failed => detection.severity.attempted(),
    })
}

fn learn_days(detection: &Detection) -> i64 {
    match &detection.logic {
        Logic::First(first) => first.learn_days,
        _ => 14,
    }
}

fn days(seconds: i64) -> String {
    match seconds / DAY {
        0 => "less than a day".to_owned(),
        1 => "one day".to_owned(),
        days => format!("{days} days"),
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
