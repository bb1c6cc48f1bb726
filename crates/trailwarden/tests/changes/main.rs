//! `trailwarden changes` and `scan --changes` from end to end, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod baseline;
mod effect;
mod exit;
mod formats;
mod support;
