//! Going on with a run, or taking it back: shown, agreed to, done, told.

use std::io::{self, Write as _};

use anyhow::Context as _;
use trailwarden_model::escape::visible;
use trailwarden_runtime::executor::{
    self, Approval, Direction, Journal, Live, Refusal, Report, Run, Witness, World,
};

use super::CarryArgs;
use super::onlooker::{Interrupt, Onlooker};
use super::told::{Carried, sentence, state_words};
use crate::cli::Exit;

impl CarryArgs {
    /// Does it by `carry`, once somebody agreed.
    pub(in crate::cli::remediate) fn again(
        &self,
        id: &str,
        direction: Direction,
        carry: impl FnOnce(
            &dyn World,
            &mut Journal,
            &mut dyn Witness,
            &str,
            &Approval,
        ) -> Result<Report, Refusal>,
    ) -> anyhow::Result<Exit> {
        let folder = self.state.folder()?;
        // Nobody else is kept waiting while a person decides.
        let read = Journal::read(&folder)?;
        let run = super::found(&read, &folder, id)?;
        let plan = &run.plan;
        let mut carried = Carried::new(self.given());
        if let Err(refusal) = executor::may_go_on(run, direction) {
            carried.refuse(plan, &sentence(&refusal));
            return carried.tell(self.json);
        }
        let makes_secrets = executor::makes_secrets(plan, direction);
        self.approval.foresee(&[plan])?;
        self.handover.foresee(makes_secrets)?;
        let connection = self.reach()?.account(&plan.account)?;
        let (caller, _) = connection.identity()?;
        if !self.quiet {
            show(run, direction)?;
            super::tell_caller(&caller.arn);
        }
        let what = match direction {
            Direction::Apply => "go on with it",
            Direction::Undo => "take it back",
        };
        let approvals = self.approval.ask(&[plan], what)?;
        let approval = approvals.first().context("nobody approved it")?;
        let mut journal = super::open(&folder)?;
        let mut handover = self.handover.open(makes_secrets)?;
        let interrupt = Interrupt::listen()?;
        let mut onlooker = Onlooker {
            account: &plan.account,
            handover: &mut handover,
            interrupt: &interrupt,
            quiet: self.quiet,
        };
        let result = carry(&Live(&connection), &mut journal, &mut onlooker, id, approval);
        carried.add(plan, result);
        carried.tell(self.json)
    }
}

/// Shows where a run stands, and of an undo what brings each step back.
fn show(run: &Run, direction: Direction) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stderr().lock());
    let (id, status, plan) = (visible(&run.id), run.status.as_str(), &run.plan);
    writeln!(out, "Run {id} of {} in account {}: {status}", run.time, visible(&plan.account))?;
    writeln!(out, "Digest {}", visible(&plan.digest))?;
    for (step, report) in plan.steps.iter().zip(run.steps()) {
        let (id, said) = (visible(&step.id), step.said());
        let purpose = visible(&said);
        writeln!(out, "  {id}. {purpose}: {}", state_words(report.state))?;
        if direction == Direction::Undo
            && let Some(reason) = step.said_reason()
        {
            let lead = if step.inverse.is_none() { "cannot be taken back" } else { "know that" };
            writeln!(out, "     {lead}: {}", visible(&reason))?;
        }
    }
    out.flush()
}
