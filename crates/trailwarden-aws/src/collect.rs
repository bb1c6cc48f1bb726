//! What a baseline is made of: which questions are asked, and which answers lead to more of them.
//!
//! # Invariants
//! - The core takes at most fifteen calls for an account of fifty users and fifty roles without keys
//!   and MFA, one trail, and details on one page (`tests/asking/collecting.rs`). What it proves to be
//!   needed comes on top: two calls for each user with keys and MFA, one for each OIDC provider.
//! - Questions that do not wait for each other are asked several at a time, and stand in the file as if
//!   one had been asked after the other.
//! - What another answer proves to be empty is not asked ([`Outcome::Implied`]).
//! - Each failure is an answer; nothing ends the others.

mod accounts;
mod core;
mod full;
mod several;
mod trails;

use serde_json::{Value, json};
use trailwarden_account::Snapshot;
use trailwarden_account::snapshot::{Answer, Depth, Outcome};

use crate::connection::{Connection, Identity};
use crate::protocol::Parameters;
use crate::{Error, outcome, reads};

use full::Whose;

pub use accounts::{Listed, accounts};

/// What to collect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// How much is asked.
    pub depth: Depth,
    /// Whether it is asked of every user and role when he last used which service.
    pub last_access: bool,
}

/// Asks, and tells `note` after each answer. The error is only for an account that cannot be asked at all.
///
/// # Errors
/// AWS does not say which account this is.
pub fn collect(
    connection: &Connection,
    plan: Plan,
    note: &mut dyn FnMut(&Answer),
) -> Result<Snapshot, Error> {
    let mut asking = Asking::begin(connection, plan.depth, note)?;
    core::ask(&mut asking);
    if plan.depth == Depth::Full {
        full::ask(&mut asking);
    }
    match plan {
        Plan { last_access: true, .. } => full::ask_last_access(&mut asking, Whose::All),
        Plan { depth: Depth::Full, .. } => full::ask_last_access(&mut asking, Whose::OfChecks),
        Plan { .. } => {}
    }
    Ok(asking.snapshot)
}

/// Asks only who may do what, and by which credentials, with the policies of the organization as far as this
/// account sees them: what is needed to foresee a plan.
///
/// # Errors
/// AWS does not say which account this is.
pub fn access(connection: &Connection) -> Result<Snapshot, Error> {
    let mut note = |_: &Answer| {};
    let mut asking = Asking::begin(connection, Depth::Core, &mut note)?;
    core::ask_access(&mut asking);
    full::ask_organization(&mut asking);
    Ok(asking.snapshot)
}

/// When users and roles last used the services that they may use, as answers for a snapshot. Where AWS does not
/// answer about the first, nobody else is asked about.
#[must_use]
pub fn last_access(connection: &Connection, arns: &[String]) -> Vec<Answer> {
    full::of_some(connection, arns)
}

/// A baseline in the making.
struct Asking<'c> {
    connection: &'c Connection,
    identity: Identity,
    snapshot: Snapshot,
    note: &'c mut dyn FnMut(&Answer),
}

impl<'c> Asking<'c> {
    /// Asks who asks, which tells the account.
    fn begin(
        connection: &'c Connection,
        depth: Depth,
        note: &'c mut dyn FnMut(&Answer),
    ) -> Result<Self, Error> {
        let taken = outcome::now();
        let (identity, answer) = connection.identity()?;
        let snapshot = Snapshot::new(identity.account, &identity.partition, taken, depth);
        let mut asking = Self { connection, identity, snapshot, note };
        asking.keep(answer);
        Ok(asking)
    }

    /// Asks once; the body, when it came whole.
    fn ask(&mut self, api: &str, parameters: Value) -> Option<Value> {
        self.ask_in(api, None, parameters)
    }

    /// Asks in a region; the body, when it came whole.
    fn ask_in(&mut self, api: &str, region: Option<&str>, parameters: Value) -> Option<Value> {
        // The tests look up all names that are written in this folder.
        let read = reads::find(api)?;
        let answer = self.connection.ask(read, region, self::parameters(parameters));
        self.keep(answer)
    }

    /// Notes what another answer says.
    fn imply(&mut self, api: &str, by: &str, body: Value) {
        let outcome = Outcome::Implied { body, by: by.to_owned() };
        self.keep(Answer {
            api: api.to_owned(),
            region: None,
            about: Default::default(),
            time: outcome::now(),
            outcome,
        });
    }

    fn keep(&mut self, answer: Answer) -> Option<Value> {
        (self.note)(&answer);
        self.hold(answer)
    }

    /// Keeps an answer of which has been told already.
    fn hold(&mut self, answer: Answer) -> Option<Value> {
        let body = answer.body().cloned();
        self.snapshot.push(answer);
        body
    }
}

/// The items of a list in an answer.
fn items<'v>(body: Option<&'v Value>, list: &str) -> impl Iterator<Item = &'v Value> {
    body.and_then(|body| body.get(list)).and_then(Value::as_array).into_iter().flatten()
}

/// A text member.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn parameters(value: Value) -> Parameters {
    match value {
        Value::Object(parameters) => parameters,
        _ => Parameters::new(),
    }
}

fn none() -> Value {
    json!({})
}
