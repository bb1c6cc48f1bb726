//! What the tests of several crates share: the binary as a process of its own, scripts that are asked line by
//! line, and one way to say that a test was skipped.
//!
//! No product code knows it. Whatever goes wrong here fails the test that asked for it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "for tests, which fail by panicking and speak by printing"
)]

pub mod ran;
pub mod script;
pub mod skip;

pub use ran::Ran;
pub use script::Script;
