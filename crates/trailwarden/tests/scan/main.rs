//! The command line from end to end: bytes in, findings out, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod authorized;
mod baseline;
mod equal;
mod exit;
mod formats;
mod hostile;
mod interrupt;
mod know_thyself;
mod narrow;
mod ordinary;
mod partitions;
mod secrets;
mod support;
