//! The privilege graph of accounts made by hand.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod accounts;
mod conditions;
mod credentials;
mod incremental;
mod kit;
