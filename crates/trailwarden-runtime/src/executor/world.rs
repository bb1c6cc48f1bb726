//! What an executor needs of the world: somebody who asks and changes, a clock, and chance.
//!
//! There are two: AWS ([`Live`]), and the account of the tests, which breaks off wherever a test says.

use std::io;
use std::time::SystemTime;

use trailwarden_account::snapshot::{Answer, Outcome};
use trailwarden_aws::{Change, Connection, Error, Identity, Parameters, reads, writes};
use trailwarden_model::Timestamp;
use trailwarden_remedy::reads as questions;

/// The world of one account.
pub trait World {
    /// Who asks.
    ///
    /// # Errors
    /// AWS does not accept the credentials, or does not answer.
    fn identity(&self) -> Result<Identity, Error>;

    /// Asks a question of plans, such as `iam:GetUser`, where the call is made that it is about.
    fn ask(&self, api: &str, region: Option<&str>, parameters: Parameters) -> Answer;

    /// Makes a call of plans, such as `iam:PutUserPolicy`.
    fn change(&self, api: &str, region: Option<&str>, parameters: &Parameters) -> Change;

    /// This moment.
    fn now(&self) -> Timestamp;

    /// Waits so many milliseconds.
    fn pause(&self, wait_ms: u64);

    /// Fills bytes so that nobody can foresee them.
    ///
    /// # Errors
    /// The machine gives none.
    fn random(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// AWS.
#[derive(Clone, Copy, Debug)]
pub struct Live<'a>(pub &'a Connection);

impl World for Live<'_> {
    fn identity(&self) -> Result<Identity, Error> {
        self.0.identity().map(|(identity, _)| identity)
    }

    fn ask(&self, api: &str, region: Option<&str>, parameters: Parameters) -> Answer {
        let absent = api.split_once(':').and_then(|(service, name)| questions::find(service, name));
        match (reads::find(api), absent) {
            (Some(read), Some(question)) => {
                self.0.ask_whether(read, region, parameters, question.absent)
            }
            _ => Answer {
                api: api.to_owned(),
                region: None,
                about: [].into(),
                time: self.now(),
                outcome: Outcome::Unsupported { message: "no plan asks that".to_owned() },
            },
        }
    }

    fn change(&self, api: &str, region: Option<&str>, parameters: &Parameters) -> Change {
        match writes::find(api) {
            Some(write) => self.0.change(write, region, parameters),
            None => Change::NotSent { cause: "no plan makes this call".to_owned() },
        }
    }

    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    fn pause(&self, wait_ms: u64) {
        self.0.pause(wait_ms);
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(io::Error::other)
    }
}
