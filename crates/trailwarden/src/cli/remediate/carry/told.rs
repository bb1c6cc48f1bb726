//! What became of runs, for people and as data.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_model::escape::visible;
use trailwarden_remedy::Plan;
use trailwarden_runtime::executor::{
    Refusal, Report, Sight, Status, StepReport, StepState, Stop, Why,
};

use super::given::Given;
use crate::cli::Exit;
use crate::cli::output::print_json;
use crate::cli::to_stdout;
use crate::formats::answer_schema;

const SCHEMA: &str = "trailwarden.runs/1";

/// What became of plans that were to be carried out or taken back, as data.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Carried {
    /// Always `trailwarden.runs/1`.
    schema: &'static str,
    /// Each plan, in the order in which they were given.
    runs: Vec<Told>,
    #[serde(skip)]
    given: Given,
}

/// What became of one plan.
#[derive(Serialize, JsonSchema)]
struct Told {
    /// The run; null when nothing was done.
    run: Option<String>,
    /// The account, twelve digits.
    account: String,
    /// The plan's digest.
    digest: String,
    /// Where the run stands, as `remediate history` tells it; null when nothing was done.
    status: Option<&'static str>,
    /// Its steps, in the order of the plan; empty when nothing was done.
    steps: Vec<StepTold>,
    /// Why it ended before its end; null when it did not.
    stop: Option<StopTold>,
    /// Why nothing was done; null when something was.
    refused: Option<String>,
    /// To what the plan's preview was held right before: `account`, `baseline`, or `nothing` where it was believed;
    /// null where nobody's access moves, where it was refused, and of a run that goes on or is taken back.
    #[schemars(with = "Option<String>")]
    held_to: Option<Sight>,
    /// What is not as it was before, after an undo, less what the plan calls volatile.
    differs: Vec<String>,
    /// The hash of the journal's last entry: who keeps it elsewhere can tell a journal that was cut.
    head: Option<String>,
    #[serde(skip)]
    is_interrupted: bool,
    #[serde(skip)]
    is_partial: bool,
    /// Whether some step can be taken back.
    #[serde(skip)]
    has_undo: bool,
}

/// A step of a run, as data.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli::remediate) struct StepTold {
    /// Its number in the plan.
    pub(in crate::cli::remediate) id: String,
    /// What it is for.
    pub(in crate::cli::remediate) purpose: String,
    /// Where it stands.
    #[schemars(with = "String")]
    pub(in crate::cli::remediate) state: StepState,
    /// Why it stays, where it cannot be taken back and that was tried.
    reason: Option<String>,
}

/// Why a run ended before its end.
#[derive(Serialize, JsonSchema)]
struct StopTold {
    /// Which kind of reason.
    #[schemars(with = "String")]
    why: Why,
    /// The step; null for what concerns the run.
    step: Option<String>,
    /// The call that it was about, such as `iam:PutUserPolicy`.
    call: Option<String>,
    /// AWS's words, what is not so, or why there is no answer.
    cause: String,
    /// The same as a sentence.
    sentence: String,
    /// What to do next.
    next: Option<String>,
}

impl Carried {
    /// The JSON Schema of it.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    /// Nothing yet. Commands that are advised get what was `given`.
    pub(in crate::cli::remediate) fn new(given: Given) -> Self {
        Self { schema: SCHEMA, runs: Vec::new(), given }
    }

    /// A plan of which nothing was done.
    pub(in crate::cli::remediate) fn refuse(&mut self, plan: &Plan, why: &str) {
        let refused = Some(self.given.added(why));
        self.runs.push(Told { refused, ..Told::nothing(plan) });
    }

    /// To what the preview of the last plan was held.
    pub(in crate::cli::remediate) fn held_to(&mut self, sight: Option<Sight>) {
        if let Some(last) = self.runs.last_mut().filter(|last| last.refused.is_none()) {
            last.held_to = sight;
        }
    }

    /// A plan that could be carried out now, and was not to be.
    pub(in crate::cli::remediate) fn checked(&mut self, plan: &Plan) {
        self.runs.push(Told::nothing(plan));
    }

    /// What became of a run; whether it ended as it should.
    pub(in crate::cli::remediate) fn add(
        &mut self,
        plan: &Plan,
        result: Result<Report, Refusal>,
    ) -> bool {
        match result {
            Ok(report) => {
                let is_complete = report.is_complete();
                self.runs.push(Told::of(plan, report, &self.given));
                is_complete
            }
            Err(refusal) => {
                self.refuse(plan, &sentence(&refusal));
                false
            }
        }
    }

    /// Tells it, and how the command ends by it.
    pub(in crate::cli::remediate) fn tell(&self, as_json: bool) -> anyhow::Result<Exit> {
        match as_json {
            true => print_json(self)?,
            false => {
                to_stdout(|out| self.runs.iter().try_for_each(|one| one.write(&self.given, out)))?
            }
        }
        Ok(self.exit())
    }

    fn exit(&self) -> Exit {
        let any = |is: &dyn Fn(&Told) -> bool| self.runs.iter().any(is);
        if any(&|one| one.is_interrupted) {
            Exit::Interrupted
        } else if any(&|one| one.stop.is_some()) {
            Exit::Found
        } else if any(&|one| one.refused.is_some()) {
            // What came before a refused plan was done all the same.
            if any(&|one| one.run.is_some()) { Exit::Found } else { Exit::Useless }
        } else if any(&|one| one.is_partial) {
            Exit::Partial
        } else {
            Exit::Done
        }
    }
}

impl Told {
    fn nothing(plan: &Plan) -> Self {
        Self {
            run: None,
            account: plan.account.clone(),
            digest: plan.digest.clone(),
            status: None,
            steps: Vec::new(),
            stop: None,
            refused: None,
            held_to: None,
            differs: Vec::new(),
            head: None,
            is_interrupted: false,
            is_partial: false,
            has_undo: plan.steps.iter().any(|step| step.inverse.is_some()),
        }
    }

    fn of(plan: &Plan, report: Report, given: &Given) -> Self {
        let next = report.next().map(|next| given.added(&next));
        let is_partial = report.is_unknown()
            || report.status == Status::PartlyUndone
            || !report.differs.is_empty();
        let is_interrupted = report.stop.as_ref().is_some_and(|it| it.why == Why::Interrupted);
        let stop = report.stop.map(|stop| StopTold::of(stop, next));
        Self {
            run: Some(report.run),
            status: Some(report.status.as_str()),
            steps: StepTold::all(report.steps),
            stop,
            differs: report.differs,
            head: Some(report.head),
            is_interrupted,
            is_partial,
            ..Self::nothing(plan)
        }
    }

    fn write(&self, given: &Given, out: &mut dyn Write) -> io::Result<()> {
        let account = visible(&self.account);
        if let Some(why) = &self.refused {
            return writeln!(out, "Account {account}: nothing was done: {}", visible(why));
        }
        let (Some(run), Some(status)) = (&self.run, self.status) else {
            return writeln!(
                out,
                "Account {account}: the plan can be carried out now{}; nothing was changed",
                self.held_to.map_or("", sight_words)
            );
        };
        writeln!(out, "Run {} in account {account}: {status}", visible(run))?;
        for step in &self.steps {
            let (id, purpose) = (visible(&step.id), visible(&step.purpose));
            writeln!(out, "  {id}. {purpose}: {}", step.words())?;
        }
        for one in &self.differs {
            writeln!(out, "  not as before: {}", visible(one))?;
        }
        if let Some(stop) = &self.stop {
            writeln!(out, "Stopped: {}", visible(&stop.sentence))?;
            if let Some(next) = &stop.next {
                writeln!(out, "Next: {}", visible(next))?;
            }
        } else if status == Status::Applied.as_str() && self.has_undo {
            let back = given.added(&format!("`trailwarden remediate undo {run}`"));
            writeln!(out, "Take it back with {}", visible(&back))?;
        }
        Ok(())
    }
}

impl StepTold {
    pub(in crate::cli::remediate) fn all(steps: Vec<StepReport>) -> Vec<Self> {
        let steps = steps.into_iter();
        steps
            .map(|it| Self { id: it.id, purpose: it.purpose, state: it.state, reason: it.reason })
            .collect()
    }

    /// Where it stands, and why, in words.
    pub(in crate::cli::remediate) fn words(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{}: {}", state_words(self.state), visible(reason)),
            None => state_words(self.state).to_owned(),
        }
    }
}

impl StopTold {
    fn of(stop: Stop, next: Option<String>) -> Self {
        let sentence = stop.to_string();
        Self { why: stop.why, step: stop.step, call: stop.call, cause: stop.cause, sentence, next }
    }
}

/// To what a preview was held, behind a sentence.
fn sight_words(sight: Sight) -> &'static str {
    match sight {
        Sight::Account => ", and does no more than its preview says",
        Sight::Baseline => ", and by the baseline does no more than its preview says",
        Sight::Nothing => ", and what it does to access is the word of its file",
    }
}

/// An error with its causes, in one sentence.
pub(in crate::cli::remediate) fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(", because ")
}

/// Where a step stands, in words.
pub(in crate::cli::remediate) fn state_words(state: StepState) -> &'static str {
    match state {
        StepState::New => "not done",
        StepState::Unknown => "not known whether it was done",
        StepState::Made => "done, not seen yet",
        StepState::Done => "done",
        StepState::UndoUnknown => "not known whether it was taken back",
        StepState::UndoMade => "taken back, not seen yet",
        StepState::Undone => "taken back",
        StepState::Kept => "stays: it cannot be taken back",
    }
}
