//! Carries out plans that were approved, takes them back, and keeps the record of both: what was about to be
//! done, what came of it, and where each run stands.
//!
//! [`apply`], [`resume`] and [`undo`] carry; [`Journal`] records; [`World`] is AWS, and [`Witness`] who
//! looks on. See `docs/decisions/0013-one-door-for-writes.md`.
//!
//! # Invariants
//! - Only an approved plan is carried out, only in its account, and not against who runs it.
//! - What a plan takes for granted is asked before the first call and again right before each; what is not
//!   known counts as not so.
//! - The run stops at the first surprise, and says which steps are done, and of which nobody knows.
//! - From whatever point a crash left it, a run can be gone on with and taken back (`executor/tests`).
//! - An entry is on disk before whatever it announces happens ([`Journal::append`]).
//! - Entries are chained by hashes: one that was changed, moved or taken out of the middle is found, with
//!   its line. Entries cut off at the end are found by whoever kept [`Journal::head`].
//! - Where a run stands follows from its entries alone ([`Run`]).
//! - No secret is in an entry, in an error or in a `Debug`: secrets go to [`Witness::hand_over`] alone.

mod admission;
mod apply;
mod approval;
mod carrier;
mod differences;
mod entry;
mod going;
mod journal;
mod look;
mod makers;
mod needs;
mod options;
mod own;
mod refusal;
mod report;
mod run;
mod secrets;
mod status;
#[cfg(test)]
mod tests;
mod witness;
mod world;

pub use apply::{apply, check, may_go_on, resume, undo};
pub use approval::{Approval, How, Seen, Sight};
pub use entry::{Entry, Event};
pub use journal::{Journal, JournalError};
pub(crate) use journal::{keep_name, make_folder};
pub use needs::{makes_secrets, permissions};
pub use options::Options;
pub use refusal::Refusal;
pub use report::{Report, Stop, Why};
pub use run::{Run, Side, SideState};
pub use status::{Direction, Status, StepReport, StepState};
pub use witness::{Progress, Secret, Witness};
pub use world::{Live, World};
