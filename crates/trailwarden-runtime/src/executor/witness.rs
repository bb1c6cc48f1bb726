//! Who looks on while a plan is carried out, and takes the secrets that it makes.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use super::Direction;

/// Looks on. One that prints is enough.
pub trait Witness {
    /// Something happened.
    fn progress(&mut self, progress: &Progress<'_>);

    /// Takes a secret, which is told nowhere else and forgotten after this call.
    ///
    /// A password comes *before* it is set, so that none is ever set that nobody knows: where the call
    /// then fails, the run stops and says so, and the password is void. What AWS makes, such as a
    /// secret access key, comes right after its reply.
    ///
    /// # Errors
    /// It could not be taken: the run stops, and makes another one when it goes on.
    fn hand_over(&mut self, secret: &Secret<'_>) -> io::Result<()>;

    /// Whether somebody wants it to stop; asked before each call and each wait.
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// What happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress<'a> {
    /// A step begins.
    Step {
        /// Whether it is made or taken back.
        direction: Direction,
        /// Its number in the plan.
        id: &'a str,
        /// Its place among the steps of the plan, from 1.
        at: usize,
        /// How many there are.
        of: usize,
        /// What it is for.
        purpose: &'a str,
    },
    /// What was done does not show yet, and is asked for again.
    Waiting {
        /// The step.
        id: &'a str,
        /// For how long, in milliseconds.
        wait_ms: u64,
    },
    /// The step is done, and shows.
    Held {
        /// The step.
        id: &'a str,
    },
    /// The step stays as it is, since it cannot be taken back.
    Kept {
        /// The step.
        id: &'a str,
        /// Why.
        reason: &'a str,
    },
}

/// A secret that is handed over once.
pub struct Secret<'a> {
    /// The step that makes it.
    pub step: &'a str,
    /// What it is: `Password`, or the member of AWS's reply, such as `SecretAccessKey`.
    pub what: &'a str,
    /// What it belongs to, by AWS's names: the user, the key's id.
    pub about: BTreeMap<String, String>,
    pub(super) value: &'a str,
}

impl Secret<'_> {
    /// The secret itself.
    #[must_use]
    pub fn value(&self) -> &str {
        self.value
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("step", &self.step)
            .field("what", &self.what)
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}
