//! Investigations from end to end: logs and a name in, the story out, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod attacks;
mod authorized;
mod equal;
mod follow;
mod formats;
mod incident;
mod left;
mod questions;
mod support;
