//! What no plan does: the remediations that a person must carry out, why, and how.
//!
//! An id of a finding is either that of a remedy or stands here (`tests/registry.rs`).

/// A remediation that a person carries out.
#[derive(Debug)]
pub struct ByHand {
    /// Its id.
    pub id: &'static str,
    /// What to do, in the imperative, in a few words.
    pub title: &'static str,
    /// Why no plan does it.
    pub why: &'static str,
    /// How, step by step.
    pub how: &'static [&'static str],
}

pub mod calls;
mod checks;
mod fill;
mod policies;
mod remediations;
pub mod stops;

pub use calls::for_call;
pub use checks::{for_case, for_check, for_remedy};
pub use fill::{filled, of_any, part};
pub use policies::for_policy;
pub use remediations::ALL;
pub use stops::for_stop;

/// What a person does about checks and where remediations leave it to one, all of them.
pub fn of_checks_and_remedies() -> impl Iterator<Item = &'static ByHand> {
    checks::all().chain(&policies::ALL)
}

/// A name as one word of a shell.
#[must_use]
pub fn word(name: &str) -> String {
    crate::render::quote::bash_in_text(name)
}

/// A parameter of a command with its value, which never begins another parameter.
#[must_use]
pub fn option(parameter: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("{parameter}{between}{}", word(value))
}

/// The one of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static ByHand> {
    ALL.iter().find(|by_hand| by_hand.id == id)
}

const fn row(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    how: &'static [&'static str],
) -> ByHand {
    ByHand { id, title, why, how }
}
