//! `trailwarden authorize` from end to end, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod cases;
mod example;
mod explain;
mod guide;
mod noisy;
mod policies;
mod suggest;
mod support;
