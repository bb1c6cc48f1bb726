//! What a call means to the engine, looked up once for each kind of call.

use trailwarden_account::entry;
use trailwarden_model::Outcome;
use trailwarden_record::Row;
use trailwarden_record::row::{Action, ActionId, Flags};

use super::Unit;
use crate::by_effect::Class;
use crate::changes;
use crate::detection::{Detection, Logic};

/// What a call concerns.
#[derive(Clone, Default)]
pub(super) struct Plan {
    /// The detections that select it.
    detections: Box<[Planned]>,
    /// Those of them that judge such a call by its row alone, by what became of it: nearly all rows
    /// come without a record, and most detections have nothing to do with them.
    by_row: ByOutcome,
    /// Whether such a call may change an account's model. All others pass the models by.
    pub(super) is_folded: bool,
    /// Whether it is a row of the changes, whatever became of it.
    pub(super) is_change: bool,
    /// Whether change policies speak of it.
    pub(super) is_governed: bool,
}

/// Detections by the outcome that they take.
#[derive(Clone, Default)]
struct ByOutcome {
    succeeded: Box<[Planned]>,
    denied: Box<[Planned]>,
    failed: Box<[Planned]>,
}

/// A detection that a call concerns.
#[derive(Clone, Copy)]
pub(super) struct Planned {
    pub(super) index: u16,
    /// Whether it may see the record. What it does not ask for it never sees, even when it is at
    /// hand: else the fast path, which does not keep it, would judge differently.
    pub(super) sees_record: bool,
    pub(super) order: When,
    /// What its selection asks of a row, at hand for every row.
    flags: Flags,
    outcomes: Outcomes,
    /// Whether it judges nothing but records that were kept.
    needs_record: bool,
}

/// Some of the outcomes that a call may have.
#[derive(Clone, Copy)]
struct Outcomes {
    succeeded: bool,
    denied: bool,
    failed: bool,
}

impl Planned {
    fn of(index: u16, detection: &Detection, action: &Action) -> Self {
        let select = &detection.select;
        Self {
            index,
            sees_record: select.reads_record_of(action),
            order: match detection.logic {
                Logic::Effect(Class::Opened) => When::Rest,
                Logic::Effect(_) => When::First,
                Logic::Text(_) => When::Text,
                _ => When::Always,
            },
            flags: select.flags,
            outcomes: Outcomes {
                succeeded: select.takes(Outcome::Succeeded),
                denied: select.takes(Outcome::Denied),
                failed: select.takes(Outcome::Failed),
            },
            needs_record: select.reads.is_record(),
        }
    }

    fn takes(&self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Succeeded => self.outcomes.succeeded,
            Outcome::Denied => self.outcomes.denied,
            Outcome::Failed => self.outcomes.failed,
        }
    }
}

/// When a detection judges a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// Before all others: it tells the effect.
    First,
    Always,
    /// By the text alone: only where no detection by effect has spoken.
    Text,
    /// By the effect, where no detection by text has spoken: what others, which weigh the effect, have
    /// not told.
    Rest,
}

impl When {
    /// Whether it has nothing to add to what the last of those said that do not always speak.
    pub(super) fn yields_to(self, told_by: Option<Self>) -> bool {
        match self {
            Self::First | Self::Always => false,
            Self::Text => told_by == Some(Self::First),
            Self::Rest => told_by.is_some(),
        }
    }
}

/// Plans by action number.
#[derive(Clone, Default)]
pub(super) struct Plans(Vec<Option<Plan>>);

impl Plans {
    /// What a call concerns, by its number; `None` for numbers that stand for many calls.
    pub(super) fn of(
        &mut self,
        detections: &[&Detection],
        units: &[Unit],
        id: ActionId,
        action: &Action,
    ) -> Option<&Plan> {
        if id == ActionId::OVERFLOW {
            return None;
        }
        let index = id.0 as usize;
        if self.0.len() <= index {
            self.0.resize(index + 1, None);
        }
        let plan = self.0.get_mut(index)?;
        Some(plan.get_or_insert_with(|| Plan::of(detections, units, action)))
    }
}

impl Plan {
    pub(super) fn of(detections: &[&Detection], units: &[Unit], action: &Action) -> Self {
        let selected = (0_u16..)
            .zip(detections.iter().zip(units))
            // What is off stays off.
            .filter(|(_, (_, unit))| unit.off.is_none())
            .filter(|(_, (detection, _))| detection.select.covers(action))
            .map(|(index, (detection, _))| Planned::of(index, detection, action));
        let mut detections: Box<[Planned]> = selected.collect();
        detections.sort_by_key(|planned| planned.order);
        let by_row = |outcome| {
            let taking = |one: &&Planned| one.takes(outcome) && !one.needs_record;
            detections.iter().filter(taking).copied().collect()
        };
        Self {
            by_row: ByOutcome {
                succeeded: by_row(Outcome::Succeeded),
                denied: by_row(Outcome::Denied),
                failed: by_row(Outcome::Failed),
            },
            detections,
            is_folded: entry::is_folded(&action.service, &action.name),
            is_change: changes::is_change(action),
            is_governed: changes::is_governed(action),
        }
    }

    /// The detections that judge a row, in their order.
    pub(super) fn selecting(
        &self,
        row: &Row,
        has_record: bool,
    ) -> impl Iterator<Item = &Planned> + use<'_> {
        let (flags, outcome) = (row.flags, row.flags.outcome());
        let planned = match (has_record, outcome) {
            (true, _) => &self.detections,
            (false, Outcome::Succeeded) => &self.by_row.succeeded,
            (false, Outcome::Denied) => &self.by_row.denied,
            (false, Outcome::Failed) => &self.by_row.failed,
        };
        planned
            .iter()
            .filter(move |one| flags.has(one.flags) && (!has_record || one.takes(outcome)))
    }
}
