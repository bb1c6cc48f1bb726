//! `trailwarden remediate`, from findings and baselines to plans and their renderings, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "../questions/support.rs"]
mod support;

#[path = "../../../trailwarden-runtime/tests/outcomes/told.rs"]
mod told;

mod account;
mod cases;
mod checks;
mod example;
mod kept;
mod offers;
mod parts;
mod plan;
mod previews;
mod show;
