//! One row through the engine.

use std::panic::{AssertUnwindSafe, catch_unwind};

use trailwarden_account::Effect;
use trailwarden_model::{Outcome, Severity};
use trailwarden_record::row::Action;
use trailwarden_record::{Event, Row};

use super::accounts::Folded;
use super::plan::{Plan, Planned, When};
use super::weigh::weigh;
use super::{Engine, gather, panic_text};
use crate::context::Cx;
use crate::detection::{Detection, Logic};
use crate::draft::{Drafts, Rule};
use crate::lints::{Linted, lints};
use crate::matches::Match;

impl Engine {
    /// Takes the next row. `event` must be there when [`Wants`](crate::select::Wants) asked for it.
    pub fn push(&mut self, row: &Row, action: &Action, event: Option<&Event>) {
        self.now = self.now.max(row.time());
        let unplanned;
        let plan = match self.plans.of(&self.detections, row.action, action) {
            Some(plan) => plan,
            None => {
                unplanned = Plan::of(&self.detections, action);
                &unplanned
            }
        };
        let Self { detections, units, drafts, settings, history, lineage, panics, .. } = self;
        let folded = match (plan.is_folded, event) {
            (true, Some(event)) => self.accounts.fold(row, event, settings),
            _ => Folded::default(),
        };
        let whole = Cx {
            row,
            action,
            event,
            settings,
            history,
            lineage,
            change: folded.change.as_ref(),
            effect: folded.effect.as_ref(),
            models: self.accounts.models(),
        };
        let mut is_told = false;
        for planned in &plan.detections {
            let index = usize::from(planned.index);
            let (Some(detection), Some(unit)) = (detections.get(index), units.get_mut(index))
            else {
                continue;
            };
            if unit.off.is_some()
                || !is_selected(detection, &whole)
                || is_told && planned.order == When::UnlessTold
            {
                continue;
            }
            let cx = whole.seen_by(planned);
            let before = drafts.matches;
            let judged =
                catch_unwind(AssertUnwindSafe(|| judge(index, detection, unit, &cx, drafts)));
            if let Err(panic) = judged {
                unit.stop();
                panics.insert(index, panic_text(panic.as_ref()));
            }
            is_told |= planned.order == When::First && drafts.matches != before;
        }
        let changes = self.changes.as_mut().filter(|_| plan.is_change);
        let told = catch_unwind(AssertUnwindSafe(|| {
            lint(&whole, drafts);
            if let Some(changes) = changes {
                changes.note(&whole);
            }
        }));
        if let Err(panic) = told {
            self.accounts.failed(panic_text(panic.as_ref()));
        }
        self.history.note(row);
        self.lineage.note(row);
    }
}

fn is_selected(detection: &Detection, cx: &Cx<'_>) -> bool {
    let select = &detection.select;
    cx.row.flags.has(select.flags)
        && select.takes(cx.outcome())
        && (!select.reads.is_record() || cx.event.is_some())
}

impl<'a> Cx<'a> {
    /// The same as a detection sees it.
    fn seen_by(&self, planned: &Planned) -> Self {
        Self { event: self.event.filter(|_| planned.sees_record), ..*self }
    }
}

fn judge(
    index: usize,
    detection: &Detection,
    unit: &mut super::Unit,
    cx: &Cx<'_>,
    drafts: &mut Drafts,
) {
    if let Logic::Each(detect) | Logic::Effect(detect) | Logic::Text(detect) = &detection.logic {
        if let Some(mut matched) = detect(cx) {
            let own = resolve(detection, &matched, cx.outcome());
            if !weigh(&mut matched, own, cx) {
                return;
            }
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
