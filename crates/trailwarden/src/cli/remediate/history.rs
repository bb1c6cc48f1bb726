//! `trailwarden remediate history`: the runs of the journal, and one of them step by step.
//!
//! # Invariants
//! - The journal is only read, and its chain is held to its hashes before a word of it is told.

use std::io::{self, Write};

use clap::Args as ClapArgs;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_model::escape::visible;
use trailwarden_runtime::executor::{
    Approval, Direction, Entry, Event, How, Journal, JournalError, Run, Sight, StepState,
};

use super::carry::told::StepTold;
use super::carry::{PlanTold, StateArgs, found};
use crate::cli::output::print_json;
use crate::cli::{Exit, terminal, to_stdout};
use crate::formats::answer_schema;

const EXAMPLES: &str = "\
Examples:
  trailwarden remediate history                      all runs, the latest last
  trailwarden remediate history 20260601-1    one run, step by step, with its proof
  trailwarden remediate history --json --state /var/lib/trailwarden

The journal is chained by hashes: an entry that was changed, moved or taken out is found. Entries that were cut off at its end are found by whoever kept the head that is told here.

Exit codes: 0 done; 1 the journal is not what was written; 2 usage, or it cannot be read, or has no such run.";

/// What was carried out and taken back, from the journal
///
/// Asks AWS nothing.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// One run, step by step; else the list of all
    #[arg(value_name = "RUN")]
    run: Option<String>,

    #[command(flatten)]
    state: StateArgs,

    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

const SCHEMA: &str = "trailwarden.run/1";

/// A run in the list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Listed {
    /// Its id.
    run: String,
    /// What was carried out.
    plan: PlanTold,
    /// The plan's digest, sixty-four hexadecimal digits.
    digest: String,
    /// When it began.
    time: String,
    /// Where it stands: `applying`, `stopped`, `applied`, `undoing`, `undo-stopped`, `undone` or
    /// `partly-undone`.
    status: &'static str,
}

/// One run, with its proof.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Shown {
    /// Always `trailwarden.run/1`.
    schema: &'static str,
    #[serde(flatten)]
    listed: Listed,
    /// The ARN of who began it.
    caller: String,
    /// Who approved the plan, and how.
    #[schemars(with = "Value")]
    approval: Approval,
    /// Its steps.
    steps: Vec<StepTold>,
    /// The journal's entries of it, as they stand there: calls, what AWS said before and after them, and
    /// the hashes that chain them.
    #[schemars(with = "Vec<Value>")]
    entries: Vec<Entry>,
    /// The hash of the journal's last entry: who keeps it elsewhere can tell a journal that was cut.
    head: String,
}

impl Listed {
    fn of(run: &Run) -> Self {
        Self {
            run: run.id.clone(),
            plan: PlanTold::of(&run.plan),
            digest: run.plan.digest.clone(),
            time: run.time.to_string(),
            status: run.status.as_str(),
        }
    }

    /// The JSON Schema of the list.
    pub(crate) fn schema() -> Value {
        schemars::schema_for!(Vec<Self>).to_value()
    }
}

impl Shown {
    fn of(run: &Run, journal: &Journal) -> Self {
        Self {
            schema: SCHEMA,
            listed: Listed::of(run),
            caller: run.caller.clone(),
            approval: run.approval.clone(),
            steps: StepTold::all(run.steps()),
            entries: journal.entries(&run.id).cloned().collect(),
            head: journal.head().to_owned(),
        }
    }

    /// The JSON Schema of it.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let folder = args.state.folder()?;
    let journal = match Journal::read(&folder) {
        Ok(journal) => journal,
        Err(error @ JournalError::Broken { .. }) => {
            terminal::error(&error.into());
            return Ok(Exit::Found);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(bytes) = journal.torn() {
        terminal::warn(&format!(
            "the journal ends in {bytes} bytes of an entry that was not finished: a run is at work, or was broken off; \
             nothing of what that entry announced was done"
        ));
    }
    match &args.run {
        Some(id) => {
            let run = found(&journal, &folder, id)?;
            let shown = Shown::of(run, &journal);
            match args.json {
                true => print_json(&shown)?,
                false => to_stdout(|out| shown.write(out))?,
            }
        }
        None => {
            let all: Vec<Listed> = journal.runs().iter().map(Listed::of).collect();
            match args.json {
                true => print_json(&all)?,
                false => to_stdout(|out| write_all(&all, journal.runs(), &journal, out))?,
            }
        }
    }
    Ok(Exit::Done)
}

fn write_all(
    all: &[Listed],
    runs: &[Run],
    journal: &Journal,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return writeln!(out, "No plan was carried out from here.");
    }
    let widest = all.iter().map(|one| one.run.chars().count()).max().unwrap_or_default();
    for (one, run) in all.iter().zip(runs) {
        let steps = run.steps();
        let changed = steps.iter().filter(|step| is_in_force(step.state)).count();
        writeln!(
            out,
            "{:widest$}  {}  {:<13}  {changed} of {} steps in force  {}",
            visible(&one.run),
            one.time,
            one.status,
            steps.len(),
            visible(&one.plan.words())
        )?;
    }
    writeln!(out, "The chain of the journal holds; its head is {}", journal.head())
}

/// Whether what a step did stands, or may stand.
fn is_in_force(state: StepState) -> bool {
    !matches!(state, StepState::New | StepState::Undone)
}

impl Shown {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let listed = &self.listed;
        writeln!(out, "Run {} of {}: {}", visible(&listed.run), listed.time, listed.status)?;
        writeln!(out, "{}", visible(&listed.plan.words()))?;
        writeln!(out, "Plan of {}, digest {}", listed.plan.created, visible(&listed.digest))?;
        let how = approval_words(self.approval.how);
        writeln!(out, "Approved by {} ({how})", visible(&self.approval.by))?;
        writeln!(out, "Carried out by {}\n", visible(&self.caller))?;
        for step in &self.steps {
            writeln!(out, "  {}. {}: {}", visible(&step.id), visible(&step.purpose), step.words())?;
        }
        writeln!(out)?;
        for entry in &self.entries {
            writeln!(out, "  {}  {}", entry.time, visible(&entry_words(&entry.event)))?;
            if let Event::Held { differs, .. } = &entry.event {
                for one in differs {
                    writeln!(out, "{:24}not as before: {}", "", visible(one))?;
                }
            }
        }
        writeln!(out, "\nThe chain of the journal holds; its head is {}", self.head)
    }
}

fn approval_words(how: How) -> &'static str {
    match how {
        How::Interactive => "was shown the plan and agreed",
        How::Digest => "gave its digest beforehand",
        How::Yes => "agreed to whatever was shown, with --yes",
    }
}

/// What an entry says, in words.
fn entry_words(event: &Event) -> String {
    let of = |direction: &Direction, step: &str| match direction {
        Direction::Apply => format!("step {step}"),
        Direction::Undo => format!("undo of step {step}"),
    };
    match event {
        Event::Begun { .. } => "begun".to_owned(),
        Event::Foreseen { by, unknown } => {
            let held = match by {
                Sight::Account => "its preview was held to the account as it was then",
                Sight::Baseline => "its preview was held to a baseline that was given",
                Sight::Nothing => {
                    "its preview was believed as the plan's file has it, with --trust-preview"
                }
            };
            match unknown.as_slice() {
                [] => held.to_owned(),
                all => format!("{held}; not known, and accepted: {}", all.join("; ")),
            }
        }
        Event::Accepted { doubts } => format!(
            "whether it takes access away from who runs it was not known, and accepted: {}",
            doubts.join("; ")
        ),
        Event::Continued { direction: Direction::Apply, caller, .. } => {
            format!("gone on with, by {caller}")
        }
        Event::Continued { direction: Direction::Undo, caller, .. } => {
            format!("being taken back, by {caller}")
        }
        Event::Calling { direction, step, call, .. } => {
            format!("{}: about to call {call}", of(direction, step))
        }
        Event::Replied { direction, step, .. } => {
            format!("{}: AWS carried it out", of(direction, step))
        }
        Event::NotDone { direction, step, cause } => {
            format!("{}: nothing was changed: {cause}", of(direction, step))
        }
        Event::Unanswered { direction, step, cause } => {
            format!("{}: no answer came, so nobody knows: {cause}", of(direction, step))
        }
        Event::Handed { direction, step } => {
            format!("{}: its secrets were handed over", of(direction, step))
        }
        Event::Held { direction, step, .. } => {
            format!("{}: AWS shows it", of(direction, step))
        }
        Event::Kept { step, reason } => format!("step {step} stays: {reason}"),
        Event::Stopped { direction: Direction::Apply, reason } => format!("stopped: {reason}"),
        Event::Stopped { direction: Direction::Undo, reason } => {
            format!("taking it back stopped: {reason}")
        }
        Event::Ended { direction: Direction::Apply } => "all steps are done".to_owned(),
        Event::Ended { direction: Direction::Undo } => "taken back".to_owned(),
        Event::Mended { bytes } => format!("{bytes} bytes of an unfinished entry were cut off"),
    }
}
