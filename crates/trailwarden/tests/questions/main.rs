//! Questions about permissions from end to end: logs and baselines in, words and exit codes out, with
//! the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod account;
mod can;
mod history;
mod paths;
mod roles;
mod sessions;
mod support;
mod who_can;
