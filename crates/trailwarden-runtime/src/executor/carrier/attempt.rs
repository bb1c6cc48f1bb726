//! One attempt at a call: written down before it is made, and what came of it right after.

use serde_json::Value;
use trailwarden_aws::Change;

use super::super::going::Going;
use super::super::report::{Stop, Why};
use super::super::{Direction, Event, secrets};
use super::{Carrier, Resolved, WAITS_BEFORE, WAITS_MS};

impl Carrier<'_> {
    /// Makes the call. `was_unknown`: it may have been made before, though AWS did not show it.
    ///
    /// What an earlier step made may not be there yet for a call that needs it, whatever AWS showed: where
    /// that is why AWS refuses the call, it is made again some seconds later.
    pub(super) fn make(&mut self, going: &Going<'_>, was_unknown: bool) -> Result<(), Stop> {
        let is_late = going.direction == Direction::Apply
            && !going.makes_password()
            && self.plan.follows_maker(going.step);
        let mut waits = WAITS_MS.iter().take(if is_late { WAITS_BEFORE } else { 0 });
        loop {
            match (self.attempt(going, was_unknown), waits.next()) {
                (Err(stop), Some(wait_ms)) if is_absence(&stop) => self.wait(going, *wait_ms)?,
                (done, _) => return done,
            }
        }
    }

    fn attempt(&mut self, going: &Going<'_>, was_unknown: bool) -> Result<(), Stop> {
        self.is_free(going)?;
        if self.is_there_already(going)? {
            return self.held(going);
        }
        let before = self.captured(going)?;
        let password = self.password(going)?;
        self.note(Event::Calling {
            direction: going.direction,
            step: going.step.id.clone(),
            call: going.api(),
            input: serde_json::to_value(&going.input).unwrap_or_default(),
            before,
        })?;
        if let Some(password) = &password {
            if let Err(stop) = self.hand_over(going, &Value::Null, "Password", password) {
                return Err(self.not_made(going, stop.why, stop.cause));
            }
            self.handed(going)?;
        }
        let parameters = going.parameters(password.as_deref());
        let change = self.world.change(&going.api(), going.region(), &parameters);
        match secrets::hidden(change, password.as_deref()) {
            Change::Done(reply) => self.replied(going, reply),
            Change::NotSent { cause } => Err(self.not_made(going, Why::NotSent, cause)),
            Change::Refused { code, message } => {
                self.refused(going, format!("{code}: {message}"), was_unknown)
            }
            Change::Unanswered { cause } => self.unanswered(going, cause),
        }
    }

    /// AWS refused the call. The first attempt may have come through after all, so that the second found its
    /// place taken: AWS is asked once more.
    fn refused(&mut self, going: &Going<'_>, cause: String, was_unknown: bool) -> Result<(), Stop> {
        let side = self.side(going.direction, &going.step.id);
        let Some(side) = side.filter(|_| was_unknown && !going.replaces_password()) else {
            return Err(self.not_made(going, Why::Refused, cause));
        };
        let resolved = self.resolve(going, &side).map_err(|stop| Stop {
            cause: format!("{}; the last attempt was refused: {cause}", stop.cause),
            ..stop
        })?;
        match resolved {
            Resolved::Happened(reply) if going.makes_password() => {
                self.learned(going, reply)?;
                let cause = "an earlier attempt had come through after all, so the password of that attempt counts, and not the last one";
                Err(self.stop(Why::NotHanded, going, cause.to_owned()))
            }
            Resolved::Happened(reply) => self.found(going, reply),
            Resolved::Not(_) | Resolved::Again => Err(self.not_made(going, Why::Refused, cause)),
        }
    }

    /// Notes that an attempt changed nothing, and stops. What an earlier attempt did stays as unknown as it
    /// was.
    fn not_made(&mut self, going: &Going<'_>, why: Why, cause: String) -> Stop {
        let (direction, step) = (going.direction, going.step.id.clone());
        let is_doubtful = self.side(direction, &step).is_some_and(|side| side.is_doubtful);
        let (why, cause) = match is_doubtful {
            true => (
                Why::Unanswered,
                format!("an earlier attempt was not answered; the last one failed: {cause}"),
            ),
            false => (why, cause),
        };
        let noted = match is_doubtful {
            true => self.note(Event::Unanswered { direction, step, cause: cause.clone() }),
            false => self.not_done(going, &cause),
        };
        noted.err().unwrap_or_else(|| self.stop(why, going, cause))
    }

    /// AWS carried it out and said so.
    fn replied(&mut self, going: &Going<'_>, mut reply: Value) -> Result<(), Stop> {
        let secrets = secrets::taken_out(&mut reply);
        if going.shows(Some(&reply)).is_none() {
            return self.unanswered(going, "the reply does not name what was made".to_owned());
        }
        let (direction, step) = (going.direction, going.step.id.clone());
        self.note(Event::Replied { direction, step, reply: reply.clone() })?;
        for (what, secret) in &secrets {
            self.hand_over(going, &reply, what, secret)?;
        }
        match (secrets.is_empty(), going.reveals()) {
            (false, _) => self.handed(going)?,
            (true, true) => return self.remake(going, Some(reply)),
            (true, false) => {}
        }
        self.settle(going, Some(&reply))
    }

    /// No answer came. Whether AWS shows it decides; what may have been made is not made again.
    fn unanswered(&mut self, going: &Going<'_>, cause: String) -> Result<(), Stop> {
        let (direction, step) = (going.direction, going.step.id.clone());
        self.note(Event::Unanswered { direction, step: step.clone(), cause: cause.clone() })?;
        let Some(side) = self.side(direction, &step) else {
            return Err(self.stop(Why::Unanswered, going, cause));
        };
        match self.resolve(going, &side) {
            Ok(Resolved::Happened(reply)) => self.found(going, reply),
            Ok(Resolved::Not(_) | Resolved::Again) => Err(self.stop(Why::Unanswered, going, cause)),
            // Who does not answer the call may not answer the question either.
            Err(Stop { why: Why::Unasked, cause: why, .. }) => {
                Err(self.stop(Why::Unanswered, going, format!("{cause}; {why}")))
            }
            Err(stop) => Err(stop),
        }
    }

    /// A call that nobody knew of was carried out.
    pub(super) fn found(&mut self, going: &Going<'_>, reply: Option<Value>) -> Result<(), Stop> {
        self.learned(going, reply.clone())?;
        match going.reveals() {
            true => self.remake(going, reply),
            false => self.settle(going, reply.as_ref()),
        }
    }

    /// Notes that a call that nobody knew of was carried out.
    pub(in super::super) fn learned(
        &mut self,
        going: &Going<'_>,
        reply: Option<Value>,
    ) -> Result<(), Stop> {
        let (direction, step) = (going.direction, going.step.id.clone());
        let reply = reply.unwrap_or(Value::Null);
        self.keep(going, &reply);
        self.note(Event::Replied { direction, step, reply })
    }

    /// Keeps what a step's own call replied for the calls that refer to it.
    pub(super) fn keep(&mut self, going: &Going<'_>, reply: &Value) {
        if going.direction == Direction::Apply {
            self.known.replies.insert(going.step.id.clone(), reply.clone());
        }
    }
}

/// Whether AWS refused a call since something that it needs is not there.
fn is_absence(stop: &Stop) -> bool {
    stop.why == Why::Refused
        && ["NoSuch", "TrailNotFoundException"].iter().any(|code| stop.cause.starts_with(code))
}
