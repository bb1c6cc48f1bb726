//! AWS asked, by way of a server of our own on loopback: it throttles, denies, cuts off and lies.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod collecting;
mod emulator;
mod failures;
mod fake;
