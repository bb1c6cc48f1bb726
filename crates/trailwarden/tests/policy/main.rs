//! The policy commands from end to end: files in, words and exit codes out, with the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod diff;
mod docs;
mod lint;
mod sarif;
mod simulate;
mod support;
