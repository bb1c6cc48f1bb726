//! `remediate apply`, `undo`, `history` and `watch`, with the real binary: what is refused before anything is
//! done, what the journal tells, and plans carried out and taken back on emulators of AWS.
//!
//! The emulators are not part of the repository. `cargo xtask test` installs them and names their Pythons
//! in variables; without one, its tests say that they were skipped.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "../live/fake.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod fake;
#[path = "../../../trailwarden-remedy/tests/emulator/world.rs"]
mod world;

mod anew;
mod consent;
mod emulator;
mod examples;
mod history;
mod interrupt;
mod labels;
mod plans;
mod prompt;
mod quarantine;
mod stops;
mod support;
mod used;
mod walk;
mod watch;
