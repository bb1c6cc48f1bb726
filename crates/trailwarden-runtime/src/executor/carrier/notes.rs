//! What a run writes down, and asks to be able to.

use trailwarden_account::snapshot::Answer;

use super::super::differences;
use super::super::going::Going;
use super::super::look::Look;
use super::super::report::{Stop, Why};
use super::super::witness::Progress;
use super::super::{Direction, Event, JournalError};
use super::{Carrier, WAITS_BEFORE, WAITS_MS};

impl Carrier<'_> {
    /// Writes what happened, or is about to. Where that fails, nothing more may be done.
    pub(in super::super) fn note(&mut self, event: Event) -> Result<(), Stop> {
        let now = self.world.now();
        self.journal.append(now, Some(&self.run), event).map_err(|error| unwritten(&error))
    }

    pub(in super::super) fn not_done(
        &mut self,
        going: &Going<'_>,
        cause: &str,
    ) -> Result<(), Stop> {
        let (direction, step) = (going.direction, going.step.id.clone());
        self.note(Event::NotDone { direction, step, cause: cause.to_owned() })
    }

    pub(super) fn handed(&mut self, going: &Going<'_>) -> Result<(), Stop> {
        let (direction, step) = (going.direction, going.step.id.clone());
        self.note(Event::Handed { direction, step })
    }

    /// AWS shows it. After an undo, what is not as before is written down with it.
    pub(super) fn held(&mut self, going: &Going<'_>) -> Result<(), Stop> {
        let (direction, step) = (going.direction, going.step.id.clone());
        let differs = match direction {
            Direction::Apply => Vec::new(),
            Direction::Undo => self.differences(going)?,
        };
        self.note(Event::Held { direction, step: step.clone(), differs })?;
        self.witness.progress(&Progress::Held { id: &step });
        Ok(())
    }

    /// What AWS says of the state before a call; all of it must be known.
    pub(super) fn captured(&mut self, going: &Going<'_>) -> Result<Vec<Answer>, Stop> {
        let mut look = Look::new(self.world);
        let mut answers = Vec::new();
        for (api, input) in &going.captures {
            let answer = look.ask(api, going.region(), input);
            if let Some(why) = answer.why_not() {
                return Err(self.stop(Why::Unasked, going, why));
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    /// Asks again what was captured before the step, until it is the same, for some seconds.
    fn differences(&mut self, going: &Going<'_>) -> Result<Vec<String>, Stop> {
        let side = self.side(Direction::Apply, &going.step.id);
        let before = side.map(|side| side.before).unwrap_or_default();
        let mut waits = WAITS_MS.iter().take(WAITS_BEFORE);
        loop {
            let found = differences::since(self.world, going, &before);
            match waits.next() {
                Some(wait_ms) if !found.is_empty() => self.wait(going, *wait_ms)?,
                _ => return Ok(found),
            }
        }
    }

    pub(in super::super) fn stop(&self, why: Why, going: &Going<'_>, cause: String) -> Stop {
        Stop { why, step: Some(going.step.id.clone()), call: Some(going.api()), cause }
    }
}

/// The journal takes nothing more.
fn unwritten(error: &JournalError) -> Stop {
    let mut cause = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        cause = format!("{cause}: {source}");
    }
    Stop { why: Why::Journal, step: None, call: None, cause }
}
