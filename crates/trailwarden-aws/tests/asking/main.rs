//! AWS asked, by way of a server of our own on loopback: it throttles, denies, cuts off and lies.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod bucket;
mod changing;
mod collecting;
mod emulator;
mod failures;
mod fake;
mod lookup;
mod s3;
