//! Logs in a bucket: the same answers as of a copy, and true ones when the bucket does not give all.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod cache;
mod emulator;
mod equal;
mod faults;
#[path = "../../../trailwarden-aws/tests/asking/s3.rs"]
mod s3;
mod support;
mod verify;
