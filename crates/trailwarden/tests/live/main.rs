//! `baseline` and `assess` ask AWS, or what stands in its place on loopback: an account that answers, one
//! that is half denied, throttled, without anything in it, and one whose connection dies.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod account;
mod asked;
mod fake;
mod partial;
