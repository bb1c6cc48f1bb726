//! The record of plans that are carried out and taken back: what was about to be done, what came of it,
//! and where each run stands.
//!
//! # Invariants
//! - An entry is on disk before whatever it announces happens ([`Journal::append`]).
//! - Entries are chained by hashes: one that was changed, moved or taken out of the middle is found, with
//!   its line. Entries cut off at the end are found by whoever kept [`Journal::head`].
//! - Where a run stands follows from its entries alone ([`Run`]).
//! - No secret is in an entry: who appends takes them out, and members that AWS calls secrets are dropped
//!   here all the same.

mod approval;
mod entry;
mod journal;
mod run;
mod status;

pub use approval::{Approval, How};
pub use entry::{Entry, Event};
pub use journal::{Journal, JournalError};
pub use run::{Run, Side, SideState};
pub use status::{Direction, Status, StepReport, StepState};
