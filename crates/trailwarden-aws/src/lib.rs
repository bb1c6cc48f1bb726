//! Questions to AWS, and the few calls that a plan may make.
//!
//! [`Connection`] knows who asks (credential chain, profile, roles) and where; [`Read`] is one of a
//! closed list of operations that change nothing, each with the permission that it needs
//! ([`reads::ALL`]); [`Connection::ask`] asks, with retries, pacing and all pages, and gives back an
//! [`Answer`](trailwarden_account::snapshot::Answer): what AWS said, word for word, or why it said
//! nothing. [`collect()`] asks what a baseline is made of; [`bucket`] lists and fetches objects;
//! [`lookup`] reads the event history, page by page.
//!
//! # Invariants
//! - **Read only but for one door.** There is no client for the services here, only a table of reads and
//!   one of [`writes`]; nothing outside this crate can add a row or reach the signer. A write goes out by
//!   [`Connection::change`] alone, and only the executor of plans calls it (`xtask tidy`).
//! - **A write is never sent twice blindly** ([`Change`]).
//! - **A failure is an answer.** No question ends the others; what was not answered is recorded as such.
//! - **Every call is counted**, retries too ([`Ledger`]).
//! - No credential leaves the crate: not in an answer, an error or a `Debug`.
//!
//! # Why not the clients of the SDK?
//! Their answers are Rust structs, and a baseline holds what the AWS CLI prints: each would be written
//! out again by hand, member by member, and would lose what AWS adds tomorrow. Twelve clients would
//! also be most of the build, and each brings every write of its service along. From the SDK come the
//! credential chain, the signatures and the HTTP client. See `docs/decisions/0009-baseline-file.md`.

pub mod bucket;
mod change;
pub mod collect;
mod connection;
mod endpoint;
mod error;
mod ledger;
pub mod lookup;
mod outcome;
mod pace;
pub mod permissions;
mod protocol;
pub mod reads;
mod sign;
pub mod writes;

pub use change::Change;
pub use collect::{Listed, Plan, accounts, collect};
pub use connection::{Connection, Identity, Patience, Role, SESSION_NAME, Settings};
pub use error::Error;
pub use ledger::{Calls, Ledger};
pub use protocol::Parameters;
pub use reads::Read;
