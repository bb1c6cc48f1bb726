//! One call of a run, from whatever point a crash left it at to where AWS shows it.
//!
//! # Invariants
//! - The journal says what is about to happen before it does, and what came of it before anything else.
//! - A call whose fate is not known is never made again before AWS was asked, for as long as it may take
//!   to show.
//! - A password is handed over before it is set, so that none is set that nobody knows.
//! - What was made with a secret that got lost on its way is made anew once, and no more in one go.
//! - Whatever is not as expected stops the run.

mod attempt;
mod handing;
mod notes;
mod resolve;

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_remedy::plan::Check;
use trailwarden_remedy::{Plan, Step};

use super::going::{Going, Known};
use super::look::{Holds, Look};
use super::report::{Stop, Why};
use super::run::{Side, SideState};
use super::witness::{Progress, Witness};
use super::{Direction, Journal, World};
pub(super) use resolve::Resolved;

/// How long to wait for what was done to show, in milliseconds: IAM is consistent only in the end
/// ("Changes that I make are not always immediately visible", IAM User Guide), mostly within seconds.
pub(super) const WAITS_MS: &[u64] = &[1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/// How many of these waits what should be so already is given.
const WAITS_BEFORE: usize = 3;

/// Who carries out a run.
pub(super) struct Carrier<'a> {
    pub(super) world: &'a dyn World,
    pub(super) journal: &'a mut Journal,
    pub(super) witness: &'a mut dyn Witness,
    pub(super) run: String,
    pub(super) plan: &'a Plan,
    pub(super) known: Known,
    /// The steps whose secrets were lost, and that were made anew since.
    remade: BTreeSet<String>,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(
        world: &'a dyn World,
        journal: &'a mut Journal,
        witness: &'a mut dyn Witness,
        run: String,
        plan: &'a Plan,
        partition: String,
    ) -> Self {
        let mut known = Known { account: plan.account.clone(), partition, replies: [].into() };
        if let Some(run) = journal.run(&run) {
            let replies = plan.steps.iter().filter_map(|step| {
                let side = run.side(Direction::Apply, &step.id)?;
                Some((step.id.clone(), side.reply.clone()?))
            });
            known.replies = replies.collect();
        }
        let remade = BTreeSet::new();
        Self { world, journal, witness, run, plan, known, remade }
    }

    /// What the journal knows of a call.
    pub(super) fn side(&self, direction: Direction, step: &str) -> Option<Side> {
        self.journal.run(&self.run)?.side(direction, step).cloned()
    }

    pub(super) fn is_kept(&self, step: &str) -> bool {
        self.journal.run(&self.run).is_some_and(|run| run.is_kept(step))
    }

    /// Tells that a step begins.
    pub(super) fn begins(&mut self, direction: Direction, at: usize, step: &Step) {
        let (id, purpose, of) = (&step.id, &step.said(), self.plan.steps.len());
        self.witness.progress(&Progress::Step { direction, id, at: at + 1, of, purpose });
    }

    /// Brings a call to where AWS shows it, from where it stands.
    pub(super) fn carry(&mut self, going: &Going<'_>) -> Result<(), Stop> {
        let side = self.side(going.direction, &going.step.id);
        match side {
            Some(Side { state: SideState::Held, .. }) => Ok(()),
            Some(side @ Side { state: SideState::Replied, .. }) => {
                if going.reveals() && !side.is_handed {
                    return self.remake(going, side.reply);
                }
                self.settle(going, side.reply.as_ref())
            }
            Some(side @ Side { state: SideState::Unknown, .. }) => {
                match self.resolve(going, &side)? {
                    Resolved::Happened(reply) => self.found(going, reply),
                    Resolved::Not(cause) => {
                        self.not_done(going, &cause)?;
                        self.make(going, true)
                    }
                    Resolved::Again => self.make(going, true),
                }
            }
            Some(Side { state: SideState::NotDone, .. }) | None => self.make(going, false),
        }
    }

    /// Waits until AWS shows what a call did.
    fn settle(&mut self, going: &Going<'_>, reply: Option<&Value>) -> Result<(), Stop> {
        let Some(shows) = going.shows(reply) else {
            let cause = "the reply does not name what was made".to_owned();
            return Err(self.stop(Why::NotShown, going, cause));
        };
        if let Some(reply) = reply {
            self.keep(going, reply);
        }
        match self.look_until(going, &shows, WAITS_MS.len())? {
            Holds::Yes => self.held(going),
            Holds::No(cause) | Holds::Unknown(cause) => Err(self.stop(Why::NotShown, going, cause)),
        }
    }

    /// Looks until checks hold, with so many waits in between; the last look counts.
    fn look_until(
        &mut self,
        going: &Going<'_>,
        checks: &[Check],
        waits: usize,
    ) -> Result<Holds, Stop> {
        let mut waits = WAITS_MS.iter().take(waits);
        loop {
            let holds = Look::new(self.world).all_hold(going.region(), checks);
            match (holds, waits.next()) {
                (Holds::Yes, _) => return Ok(Holds::Yes),
                (holds, None) => return Ok(holds),
                (_, Some(wait_ms)) => self.wait(going, *wait_ms)?,
            }
        }
    }

    /// Whether nothing is to be done, since what is taken back is back already. Stops where the account
    /// is not as expected.
    fn is_there_already(&mut self, going: &Going<'_>) -> Result<bool, Stop> {
        // An earlier call may not show yet.
        let holds = self.look_until(going, &going.ready, WAITS_BEFORE)?;
        let cause = match holds {
            Holds::Yes => return Ok(false),
            Holds::Unknown(cause) => return Err(self.stop(Why::Unasked, going, cause)),
            Holds::No(cause) => cause,
        };
        if going.direction == Direction::Undo
            && let Some(shows) = going.shows(None).filter(|shows| !shows.is_empty())
            && Look::new(self.world).all_hold(going.region(), &shows) == Holds::Yes
        {
            return Ok(true);
        }
        Err(self.stop(Why::Drift, going, cause))
    }

    /// Whether the next call may be made at all.
    fn is_free(&mut self, going: &Going<'_>) -> Result<(), Stop> {
        if self.witness.is_interrupted() {
            return Err(self.stop(Why::Interrupted, going, String::new()));
        }
        match self.plan.preview.apply_before {
            Some(time) if going.direction == Direction::Apply && self.world.now() >= time => {
                Err(self.stop(Why::TooOld, going, time.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn wait(&mut self, going: &Going<'_>, wait_ms: u64) -> Result<(), Stop> {
        if self.witness.is_interrupted() {
            return Err(self.stop(Why::Interrupted, going, String::new()));
        }
        self.witness.progress(&Progress::Waiting { id: &going.step.id, wait_ms });
        self.world.pause(wait_ms);
        Ok(())
    }
}
