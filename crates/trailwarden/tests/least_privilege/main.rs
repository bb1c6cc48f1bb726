//! `trailwarden least-privilege`, from baselines and logs to narrower policies, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "../questions/support.rs"]
mod support;

mod account;
mod lengths;
mod narrowing;
mod planning;
