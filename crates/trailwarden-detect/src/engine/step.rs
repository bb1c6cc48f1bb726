//! One row through the engine.

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use trailwarden_account::Effect;
use trailwarden_model::{Outcome, Severity};
use trailwarden_record::row::Action;
use trailwarden_record::{Event, Row};

use super::accounts::Folded;
use super::plan::{Plan, When};
use super::weigh::weigh;
use super::{Engine, gather, panic_text};
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
        let (mut told_by, mut gravest) = (None, None);
        let selected = plan.detections.iter().filter(|one| one.selects(row, event.is_some()));
        for planned in selected {
            let index = usize::from(planned.index);
            let (Some(detection), Some(unit)) = (detections.get(index), units.get_mut(index))
            else {
                continue;
            };
            if unit.off.is_some() || planned.order.yields_to(told_by) {
                continue;
            }
            cx.event = event.filter(|_| planned.sees_record);
            let judged =
                catch_unwind(AssertUnwindSafe(|| judge(index, detection, unit, &cx, drafts)));
            match judged {
                Ok(Judged { told, severity }) => {
                    gravest = gravest.max(severity);
                    if told.is_some() && planned.order != When::Always {
                        told_by = Some(planned.order);
                    }
                    cx.told = cx.told.max(told);
                }
                Err(panic) => {
                    unit.stop();
                    panics.insert(index, panic_text(panic.as_ref()));
                }
            }
        }
        let (is_change, is_governed) = (plan.is_change, plan.is_governed);
        let changes = self.changes.as_mut().filter(|all| all.takes(is_change, is_governed));
        cx.event = event;
        let beside = || {
            lint(&cx, drafts);
            changes.into_iter().for_each(|changes| changes.note(&cx, is_change, gravest));
        };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(beside)) {
            self.accounts.failed(panic_text(panic.as_ref()));
        }
        self.history.note(row);
        self.lineage.note(row);
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

fn judge(
    index: usize,
    detection: &Detection,
    unit: &mut super::Unit,
    cx: &Cx<'_>,
    drafts: &mut Drafts,
) -> Judged {
    judge_one(index, detection, unit, cx, drafts).unwrap_or_default()
}

/// None where it found nothing that rests on this record alone.
fn judge_one(
    index: usize,
    detection: &Detection,
    unit: &mut super::Unit,
    cx: &Cx<'_>,
    drafts: &mut Drafts,
) -> Option<Judged> {
    let matched = match &detection.logic {
        Logic::Effect(class) => told(cx, *class),
        Logic::Each(detect) | Logic::Text(detect) => detect(cx),
        _ => {
            let mut fires = Vec::new();
            unit.watch.as_mut()?.push(cx, &mut fires);
            gather(index, &fires, drafts, cx.lineage);
            return None;
        }
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
