//! One row through the engine.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use trailwarden_account::Effect;
use trailwarden_model::{Outcome, Severity};
use trailwarden_record::row::Action;
use trailwarden_record::{Event, Row};

use super::accounts::Folded;
use super::plan::{Plan, When};
use super::weigh::weigh;
use super::{Engine, Unit, gather, panic_text};
use crate::by_effect::told;
use crate::context::Cx;
use crate::detection::{Detection, Logic};
use crate::draft::{Drafts, Rule};
use crate::lints::{Linted, lints};
use crate::matches::{Match, Weight};

impl Engine {
    /// Takes the next row. `event` must be there when [`Wants`](crate::select::Wants) asked for it.
    pub fn push(&mut self, row: &Row, action: &Action, event: Option<&Event>) {
        self.now = self.now.max(row.time());
        self.accounts.advance(row.time());
        let unplanned;
        let plan = match self.plans.of(&self.detections, &self.units, row.action, action) {
            Some(plan) => plan,
            None => {
                unplanned = Plan::of(&self.detections, &self.units, action);
                &unplanned
            }
        };
        let Self { detections, units, drafts, settings, history, lineage, panics, .. } = self;
        let folded = match (plan.is_folded, event) {
            (true, Some(event)) => self.accounts.fold(row, event, settings),
            _ => Folded::default(),
        };
        let mut cx = Cx {
            row,
            action,
            event,
            settings,
            history,
            lineage,
            change: folded.change.as_ref(),
            effect: folded.effect.as_ref(),
            models: self.accounts.models(),
            told: None,
            class: &OnceCell::new(),
        };
        let gravest = Bench { detections, units, drafts, panics }.put(plan, &mut cx);
        let (is_change, is_governed) = (plan.is_change, plan.is_governed);
        let changes = self.changes.as_mut().filter(|all| all.takes(is_change, is_governed));
        cx.event = event;
        if cx.change.is_some() || changes.is_some() {
            let beside = || {
                lint(&cx, drafts);
                changes.into_iter().for_each(|changes| changes.note(&cx, is_change, gravest));
            };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(beside)) {
                self.accounts.failed(panic_text(panic.as_ref()));
            }
        }
        self.history.note(row);
        self.lineage.note(row);
    }
}

/// The detections, and where what they find and how they fail is put down.
struct Bench<'a> {
    detections: &'a [&'static Detection],
    units: &'a mut [Unit],
    drafts: &'a mut Drafts,
    panics: &'a mut BTreeMap<usize, String>,
}

impl Bench<'_> {
    /// Puts a row to each detection that its call concerns. How grave the gravest is of what they found.
    fn put(self, plan: &Plan, cx: &mut Cx<'_>) -> Option<Severity> {
        let Self { detections, units, drafts, panics } = self;
        let event = cx.event;
        let (mut told_by, mut gravest) = (None, None);
        let mut selected = plan.selecting(cx.row, event.is_some());
        let (mut at, mut fires) = (0, Vec::new());
        // One net below all of them, as there are several for nearly every row. Whoever falls into it
        // is known by its place, and the rest go on behind it.
        loop {
            let judged = catch_unwind(AssertUnwindSafe(|| {
                for planned in selected.by_ref() {
                    at = usize::from(planned.index);
                    let (Some(detection), Some(unit)) = (detections.get(at), units.get_mut(at))
                    else {
                        continue;
                    };
                    if unit.off.is_some() || planned.order.yields_to(told_by) {
                        continue;
                    }
                    cx.event = event.filter(|_| planned.sees_record);
                    if let Some(watch) = &mut unit.watch {
                        watch.push(cx, &mut fires);
                        if !fires.is_empty() {
                            gather(at, &fires, drafts, cx.lineage);
                            fires.clear();
                        }
                        continue;
                    }
                    let Judged { told, severity } =
                        judge(at, detection, cx, drafts).unwrap_or_default();
                    gravest = gravest.max(severity);
                    if told.is_some() && planned.order != When::Always {
                        told_by = Some(planned.order);
                    }
                    cx.told = cx.told.max(told);
                }
            }));
            let Err(panic) = judged else { break };
            fires.clear();
            units.get_mut(at).into_iter().for_each(Unit::stop);
            panics.insert(at, panic_text(panic.as_ref()));
        }
        gravest
    }
}

/// What a detection found in one record.
#[derive(Default)]
struct Judged {
    /// How grave it is, where that tells the effect.
    told: Option<Severity>,
    /// How grave it is.
    severity: Option<Severity>,
}

/// None where it found nothing.
fn judge(index: usize, detection: &Detection, cx: &Cx<'_>, drafts: &mut Drafts) -> Option<Judged> {
    let matched = match &detection.logic {
        Logic::Effect(class) => told(cx, *class),
        Logic::Each(detect) | Logic::Text(detect) => detect(cx),
        // What they find rests on more than this record.
        Logic::Distinct(_)
        | Logic::Sequence(_)
        | Logic::Absence(_)
        | Logic::First(_)
        | Logic::Watch(_) => None,
    };
    let mut matched = matched?;
    let own = resolve(detection, &matched, cx.outcome());
    if !weigh(&mut matched, own, cx) {
        return None;
    }
    let is_by_effect = matches!(detection.logic, Logic::Effect(_)) || matched.weight != Weight::Own;
    let severity = matched.severity;
    matched.confidence = Some(matched.confidence.unwrap_or(detection.confidence));
    drafts.matched(Rule::BuiltIn(index), cx.row, matched, cx.lineage.chain(cx.row));
    Some(Judged { told: severity.filter(|_| is_by_effect), severity })
}

/// A match's severity: its own, else the detection's, which an attempt lowers.
fn resolve(detection: &Detection, matched: &Match, outcome: Outcome) -> Severity {
    matched.severity.unwrap_or(match outcome {
        Outcome::Succeeded => detection.severity,
        Outcome::Denied | Outcome::Failed => detection.severity.attempted(),
    })
}

/// What lint says of the document that a change brings.
fn lint(cx: &Cx<'_>, drafts: &mut Drafts) {
    let (Some(event), Some(change)) = (cx.event, cx.change) else { return };
    for Linted { check, matched } in
        lints(event, &change.before, cx.effect.and_then(Effect::severity))
    {
        drafts.matched(Rule::Lint(check), cx.row, matched, cx.lineage.chain(cx.row));
    }
}
