//! Where a run stands, from its entries.

use std::collections::BTreeMap;

use serde_json::Value;
use trailwarden_account::snapshot::Answer;
use trailwarden_model::Timestamp;
use trailwarden_remedy::Plan;

use super::{Approval, Direction, Entry, Event, Status, StepReport, StepState};

/// A run: one plan, carried out in one account, and perhaps taken back.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// What is carried out.
    pub plan: Plan,
    /// When it began.
    pub time: Timestamp,
    /// Who approved it.
    pub approval: Approval,
    /// The ARN of who began it.
    pub caller: String,
    /// Where it stands.
    pub status: Status,
    sides: BTreeMap<(Direction, String), Side>,
    /// The steps that stay, and why.
    kept: BTreeMap<String, String>,
}

/// What is known of one call of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Side {
    /// Where it stands.
    pub state: SideState,
    /// When it was last about to be made.
    pub since: Timestamp,
    /// What AWS said of the state before it was first made.
    pub before: Vec<Answer>,
    /// What AWS replied, less secrets.
    pub reply: Option<Value>,
    /// Whether its secrets were handed over.
    pub is_handed: bool,
    /// Whether a password that was handed over earlier may have been set, of which nobody knows.
    pub is_doubtful: bool,
    /// What is not as before.
    pub differs: Vec<String>,
}

/// Where a call stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SideState {
    /// It was not carried out.
    NotDone,
    /// It was about to be made, and nobody knows.
    Unknown,
    /// AWS said that it was carried out.
    Replied,
    /// AWS shows it.
    Held,
}

impl Run {
    pub(super) fn begun(entry: &Entry) -> Option<Self> {
        let (Event::Begun { plan, approval, caller }, Some(id)) = (&entry.event, &entry.run) else {
            return None;
        };
        Some(Self {
            id: id.clone(),
            plan: (**plan).clone(),
            time: entry.time,
            approval: approval.clone(),
            caller: caller.clone(),
            status: Status::Applying,
            sides: BTreeMap::new(),
            kept: BTreeMap::new(),
        })
    }

    /// What is known of a step's call; none when it was never about to be made.
    #[must_use]
    pub fn side(&self, direction: Direction, step: &str) -> Option<&Side> {
        self.sides.get(&(direction, step.to_owned()))
    }

    /// The steps, in the order of the plan, and where each stands.
    #[must_use]
    pub fn steps(&self) -> Vec<StepReport> {
        let steps = self.plan.steps.iter().map(|step| StepReport {
            id: step.id.clone(),
            purpose: step.said(),
            state: self.state(&step.id),
            reason: self.kept.get(&step.id).cloned(),
        });
        steps.collect()
    }

    /// What is not as before after an undo, by step.
    #[must_use]
    pub fn differs(&self) -> Vec<String> {
        let undone = self.sides.iter().filter(|((direction, _), _)| *direction == Direction::Undo);
        undone
            .flat_map(|((_, step), side)| {
                side.differs.iter().map(move |place| format!("step {step}: {place}"))
            })
            .collect()
    }

    /// Whether a step stays, since it cannot be taken back.
    #[must_use]
    pub(super) fn is_kept(&self, step: &str) -> bool {
        self.kept.contains_key(step)
    }

    fn state(&self, step: &str) -> StepState {
        let of = |direction| self.side(direction, step).map(|side| side.state);
        if self.is_kept(step) {
            return StepState::Kept;
        }
        match (of(Direction::Undo), of(Direction::Apply)) {
            (Some(SideState::Held), _) => StepState::Undone,
            (Some(SideState::Replied), _) => StepState::UndoMade,
            (Some(SideState::Unknown), _) => StepState::UndoUnknown,
            (_, Some(SideState::Held)) => StepState::Done,
            (_, Some(SideState::Replied)) => StepState::Made,
            (_, Some(SideState::Unknown)) => StepState::Unknown,
            (_, Some(SideState::NotDone) | None) => StepState::New,
        }
    }

    /// Adds what happened; what makes no sense after what came before changes nothing.
    pub(super) fn add(&mut self, entry: &Entry) {
        match &entry.event {
            Event::Calling { direction, step, before, .. } => {
                let side = self.side_mut(*direction, step, entry.time);
                if side.before.is_empty() {
                    side.before.clone_from(before);
                }
                side.is_doubtful |= side.state == SideState::Unknown && side.is_handed;
                side.state = SideState::Unknown;
                side.since = entry.time;
                side.is_handed = false;
            }
            Event::Replied { direction, step, reply } => {
                self.edit(*direction, step, |side| {
                    side.state = SideState::Replied;
                    side.is_doubtful = false;
                    side.reply = Some(reply.clone());
                });
            }
            Event::NotDone { direction, step, .. } => {
                self.edit(*direction, step, |side| {
                    side.state = SideState::NotDone;
                    side.is_doubtful = false;
                    // What was told of it before is of a call that does not count.
                    side.reply = None;
                    side.differs.clear();
                });
                // What is not done is not taken back either, even if it was once.
                if *direction == Direction::Apply {
                    self.sides.remove(&(Direction::Undo, step.clone()));
                }
            }
            Event::Unanswered { direction, step, .. } => {
                self.edit(*direction, step, |side| side.state = SideState::Unknown);
            }
            Event::Handed { direction, step } => {
                self.edit(*direction, step, |side| side.is_handed = true);
            }
            // What was back already was not called for.
            Event::Held { direction, step, differs } => {
                let side = self.side_mut(*direction, step, entry.time);
                side.state = SideState::Held;
                side.differs.clone_from(differs);
            }
            Event::Kept { step, reason } => {
                self.kept.insert(step.clone(), reason.clone());
            }
            Event::Continued { direction, .. } => {
                self.status = match direction {
                    Direction::Apply => Status::Applying,
                    Direction::Undo => Status::Undoing,
                };
            }
            Event::Stopped { direction, .. } => {
                self.status = match direction {
                    Direction::Apply => Status::Stopped,
                    Direction::Undo => Status::UndoStopped,
                };
            }
            Event::Ended { direction } => self.status = self.ended(*direction),
            Event::Begun { .. }
            | Event::Foreseen { .. }
            | Event::Accepted { .. }
            | Event::Mended { .. } => {}
        }
    }

    /// Where it stands when it came to its end.
    fn ended(&self, direction: Direction) -> Status {
        match direction {
            Direction::Apply => Status::Applied,
            Direction::Undo if self.kept.is_empty() => Status::Undone,
            Direction::Undo => Status::PartlyUndone,
        }
    }

    fn side_mut(&mut self, direction: Direction, step: &str, since: Timestamp) -> &mut Side {
        self.sides.entry((direction, step.to_owned())).or_insert_with(|| Side {
            state: SideState::Unknown,
            since,
            before: Vec::new(),
            reply: None,
            is_handed: false,
            is_doubtful: false,
            differs: Vec::new(),
        })
    }

    fn edit(&mut self, direction: Direction, step: &str, edit: impl FnOnce(&mut Side)) {
        if let Some(side) = self.sides.get_mut(&(direction, step.to_owned())) {
            edit(side);
        }
    }
}
