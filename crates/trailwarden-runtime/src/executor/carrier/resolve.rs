//! What became of a call of which nobody knows whether AWS carried it out.

use serde_json::Value;

use super::super::going::Going;
use super::super::look::{Holds, Look};
use super::super::makers::Made;
use super::super::report::{Stop, Why};
use super::super::run::Side;
use super::{Carrier, WAITS_MS};

/// What became of a call.
pub(in super::super) enum Resolved {
    /// It was carried out; what it replied, where that matters.
    Happened(Option<Value>),
    /// It was not: why that is known.
    Not(String),
    /// Nothing can show it, and making it again leaves the same.
    Again,
}

/// What one look says.
enum Seen {
    Happened(Option<Value>),
    NotYet(String),
}

impl Carrier<'_> {
    /// Asks AWS what became of a call, for as long as it may take to show. Stops where the account is
    /// neither as before nor as after the call, and where that is not known.
    pub(in super::super) fn resolve(
        &mut self,
        going: &Going<'_>,
        side: &Side,
    ) -> Result<Resolved, Stop> {
        if going.makes_password() && !side.is_handed && !side.is_doubtful {
            return Ok(Resolved::Not("the password had not been handed over".to_owned()));
        }
        if going.replaces_password() {
            return Ok(Resolved::Again);
        }
        let mut waits = WAITS_MS.iter();
        let missing = loop {
            match (self.seen(going, side)?, waits.next()) {
                (Seen::Happened(reply), _) => return Ok(Resolved::Happened(reply)),
                (Seen::NotYet(_), Some(wait_ms)) => self.wait(going, *wait_ms)?,
                (Seen::NotYet(missing), None) => break missing,
            }
        };
        match Look::new(self.world).all_hold(going.region(), &going.ready) {
            Holds::Yes => Ok(Resolved::Not(missing)),
            Holds::No(cause) => Err(self.stop(Why::Drift, going, cause)),
            Holds::Unknown(cause) => Err(self.stop(Why::Unasked, going, cause)),
        }
    }

    fn seen(&self, going: &Going<'_>, side: &Side) -> Result<Seen, Stop> {
        let mut look = Look::new(self.world);
        if let Some(maker) = &going.maker {
            return match maker.made(&mut look, &side.before, side.since) {
                Made::One(reply) => Ok(Seen::Happened(Some(reply))),
                Made::Nothing => Ok(Seen::NotYet("AWS lists nothing new".to_owned())),
                Made::Unknown(cause) => Err(self.stop(Why::Unasked, going, cause)),
                Made::Several(ids) => {
                    let cause = format!(
                        "one of these may have been made by this step, and nobody knows which: {}; see who made them, and delete by hand what nobody needs",
                        ids.join(", ")
                    );
                    Err(self.stop(Why::Drift, going, cause))
                }
            };
        }
        let shows = going.shows(None).unwrap_or_default();
        if shows.is_empty() {
            let cause = "no question shows whether it was carried out".to_owned();
            return Err(self.stop(Why::Unasked, going, cause));
        }
        match look.all_hold(going.region(), &shows) {
            Holds::Yes => Ok(Seen::Happened(None)),
            Holds::No(cause) => Ok(Seen::NotYet(cause)),
            Holds::Unknown(cause) => Err(self.stop(Why::Unasked, going, cause)),
        }
    }
}
