//! Nouns that two or more trailwarden crates share: parsing and display, nothing else.
//!
//! # Invariants
//! - No I/O, no clock, no randomness, no logging: every value is made from an argument.
//! - Wire names (the serde names of [`Finding`] and its parts) are a contract; `trailwarden
//!   generate schema` prints it and the tests of the binary validate every output against it.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod account;
pub mod arn;
pub mod attack;
mod digits;
pub mod escape;
pub mod finding;
pub mod outcome;
pub mod posture;
pub mod report;
pub mod severity;
pub mod time;

pub use account::AccountId;
pub use arn::Arn;
pub use finding::Finding;
pub use outcome::Outcome;
pub use report::{BaselineUse, Integrity, IntegrityCounts, Off, Reject, Report, Summary};
pub use severity::{Confidence, Severity};
pub use time::Timestamp;
