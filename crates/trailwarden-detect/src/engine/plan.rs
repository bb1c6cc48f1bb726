//! What a call means to the engine, looked up once for each kind of call.

use trailwarden_account::entry;
use trailwarden_record::row::{Action, ActionId};

use crate::by_effect::Class;
use crate::changes;
use crate::detection::{Detection, Logic};

/// What a call concerns.
#[derive(Clone, Default)]
pub(super) struct Plan {
    /// The detections that select it.
    pub(super) detections: Box<[Planned]>,
    /// Whether such a call may change an account's model. All others pass the models by.
    pub(super) is_folded: bool,
    /// Whether it is a row of the changes, whatever became of it.
    pub(super) is_change: bool,
}

/// A detection that a call concerns.
#[derive(Clone, Copy)]
pub(super) struct Planned {
    pub(super) index: u16,
    /// Whether it may see the record. What it does not ask for it never sees, even when it is at
    /// hand: else the fast path, which does not keep it, would judge differently.
    pub(super) sees_record: bool,
    pub(super) order: When,
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
        Some(plan.get_or_insert_with(|| Plan::of(detections, action)))
    }
}

impl Plan {
    pub(super) fn of(detections: &[&Detection], action: &Action) -> Self {
        let selected = (0_u16..)
            .zip(detections)
            .filter(|(_, detection)| detection.select.covers(action))
            .map(|(index, detection)| Planned {
                index,
                sees_record: detection.select.reads_record_of(action),
                order: match detection.logic {
                    Logic::Effect(Class::Opened) => When::Rest,
                    Logic::Effect(_) => When::First,
                    Logic::Text(_) => When::Text,
                    _ => When::Always,
                },
            });
        let mut detections: Box<[Planned]> = selected.collect();
        detections.sort_by_key(|planned| planned.order);
        Self {
            detections,
            is_folded: entry::is_folded(&action.service, &action.name),
            is_change: changes::is_change(action),
        }
    }
}
