//! Posture: what is weak in the state of an account, check by check.
//!
//! A check is a static value in one file under `checks/`, with the accounts that prove it; families
//! of like checks are tables under `families/`. [`State`] is what a check may ask: the answers of AWS,
//! the account model, permissions and the privilege graph. [`assess()`] runs all checks.
//!
//! # Invariants
//! - What was denied, not asked or not understood makes a verdict unknown, never pass: asking the
//!   state for it is the only way to it, and yields [`Missing`] (`tests/registry.rs` takes away what
//!   each check needs, from each of its examples).
//! - Permissions are judged by the policy engine and the graph, with conditions, boundaries and the
//!   organization; never by the text of one policy.
//! - No clock: the time is that of the state.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod alarms;
pub mod answers;
pub mod assess;
pub mod check;
pub mod checks;
pub mod compare;
pub mod coverage;
pub mod example;
pub mod exceptions;
pub mod families;
pub mod filter;
pub mod frameworks;
pub mod grants;
pub mod prelude;
pub mod readers;
pub mod report;
pub mod scores;
pub mod state;
pub mod trails;
pub mod verdicts;

pub use answers::Missing;
pub use assess::assess;
pub use check::Check;
pub use state::State;
pub use verdicts::{Resource, Row, Verdicts};
