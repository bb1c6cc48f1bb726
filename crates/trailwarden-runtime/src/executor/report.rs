//! What became of a run, for whoever has to decide what to do next.

use std::fmt;

use serde::Serialize;
use trailwarden_remedy::Plan;

use super::{Journal, Run, Status, StepReport, StepState};

/// What became of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// The run.
    pub run: String,
    /// The plan's digest.
    pub digest: String,
    /// Where it stands, by the journal.
    pub status: Status,
    /// The steps, in the order of the plan.
    pub steps: Vec<StepReport>,
    /// Why it ended before its end; none when it did not.
    pub stop: Option<Stop>,
    /// What is not as it was before, after an undo, less what the plan calls volatile.
    pub differs: Vec<String>,
    /// The hash of the journal's last entry: who keeps it elsewhere can tell a journal that was cut.
    pub head: String,
}

impl Report {
    /// What the journal says of a run.
    pub(super) fn of(journal: &Journal, run: &str, plan: &Plan, stop: Option<Stop>) -> Self {
        let known = journal.run(run);
        Self {
            run: run.to_owned(),
            digest: plan.digest.clone(),
            status: known.map_or(Status::Applying, |known| known.status),
            steps: known.map(Run::steps).unwrap_or_default(),
            stop,
            differs: known.map(Run::differs).unwrap_or_default(),
            head: journal.head().to_owned(),
        }
    }

    /// Whether everything was done that was asked for. Steps that stay since they cannot be taken back
    /// are no failure of an undo: [`Status::PartlyUndone`] tells them.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stop.is_none()
    }

    /// Whether nobody knows of some step whether AWS carried it out.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        let unknown = [StepState::Unknown, StepState::UndoUnknown];
        self.steps.iter().any(|step| unknown.contains(&step.state))
    }

    /// What to do next, as a sentence; none when nothing is left to do. Commands stand in backticks.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        let stop = self.stop.as_ref()?;
        let run = &self.run;
        let undo = format!("take it back with `trailwarden remediate undo {run}`");
        let resume = format!("go on with `trailwarden remediate apply --resume {run}`");
        let is_undo = matches!(self.status, Status::Undoing | Status::UndoStopped);
        Some(match (is_undo, stop.why) {
            (true, Why::Drift) => format!(
                "see what was changed since and by whom; put it as the step left it, or take the rest back by hand, and then run `trailwarden remediate undo {run}` again"
            ),
            (true, _) => {
                format!("mend that, then run `trailwarden remediate undo {run}` again")
            }
            (false, Why::Drift | Why::TooOld) => {
                format!("{undo}, and make a new plan")
            }
            (false, _) => format!("mend that, then {resume}, or {undo}"),
        })
    }
}

/// Why a run ended before its end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, thiserror::Error)]
pub struct Stop {
    /// Which kind of reason.
    pub why: Why,
    /// The step; none for what concerns the run.
    pub step: Option<String>,
    /// The call that it was about, such as `iam:PutUserPolicy`.
    pub call: Option<String>,
    /// AWS's words, what is not so, or why there is no answer.
    pub cause: String,
}

/// Which kind of reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Somebody asked for it, between two calls.
    Interrupted,
    /// AWS refused a call: nothing of the step was changed.
    Refused,
    /// A call was not sent: nothing of the step was changed.
    NotSent,
    /// A call was sent, no answer came, and AWS does not show it: nobody knows.
    Unanswered,
    /// A call was made, and AWS does not show it yet.
    NotShown,
    /// The account is not as expected: somebody else changed it.
    Drift,
    /// A question before a call was not answered: nothing of the step was changed.
    Unasked,
    /// A secret was not taken.
    NotHanded,
    /// The plan holds a time that has passed.
    TooOld,
    /// The journal cannot be written, so nothing more is done.
    Journal,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = &self.step {
            write!(f, "step {step}: ")?;
        }
        let call = self.call.as_deref().unwrap_or("the call");
        let cause = &self.cause;
        match self.why {
            Why::Interrupted => f.write_str("interrupted between two calls"),
            Why::Refused => {
                write!(f, "AWS refused `{call}`, and nothing of this step was changed: {cause}")
            }
            Why::NotSent => {
                write!(f, "`{call}` could not be sent, so it changed nothing: {cause}")
            }
            Why::Unanswered => write!(
                f,
                "no answer to `{call}`, and AWS does not show that it was carried out, though it may have been: {cause}"
            ),
            Why::NotShown => {
                write!(f, "`{call}` was made, and AWS does not show it yet: {cause}")
            }
            Why::Drift => write!(f, "the account is not as expected: {cause}"),
            Why::Unasked => write!(f, "the state before `{call}` is not known: {cause}"),
            Why::NotHanded => {
                write!(f, "the secret of this step could not be handed over: {cause}")
            }
            Why::TooOld => write!(f, "the plan was to be applied before {cause}"),
            Why::Journal => {
                write!(f, "nothing more is done, since nobody would know of it: {cause}")
            }
        }
    }
}
