//! What each event of AWS means: an encyclopedia, one Markdown file with a typed header per event.
//!
//! The files lie in `catalogue/<service>/<EventName>.md` and are compiled in. An [`Entry`] holds what a
//! person wrote: what the call does, who makes it, what can go wrong, where the traps are. Which
//! detections, techniques and remediations concern it is not written down here but follows from those
//! units themselves, and the binary puts both together.
//!
//! # Invariants
//! - Every entry that is compiled in can be read (`tests/entries.rs`), so [`all`] loses none.
//! - An entry is specific: no longer sentence stands in more than three of them (`tests/entries.rs`).
//! - The sample record is one of our own making, of the very event (`tests/entries.rs`).

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod entries;
mod entry;
mod header;
mod sections;

use std::sync::LazyLock;

pub use entry::{Entry, Fault};
pub use header::{Depth, Header, Kind, Parameter, Risk};
pub use sections::{Heading, Section};

/// A file of the catalogue as it is compiled in.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// `service:EventName`, after its place.
    pub name: &'static str,
    /// The file.
    pub markdown: &'static str,
    /// A record of such an event, made by us; none for what leaves no record.
    pub sample: Option<&'static str>,
}

/// The files.
#[must_use]
pub fn texts() -> &'static [Text] {
    entries::ALL
}

/// All entries, in order of their services and names.
#[must_use]
pub fn all() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> =
        LazyLock::new(|| texts().iter().filter_map(|text| Entry::read(text).ok()).collect());
    &ALL
}

/// The entry of `service:EventName`, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    all().iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
}
