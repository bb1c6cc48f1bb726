//! The story of a principal in four renderings.
//!
//! # Invariants
//! - Every rendering tells every identity, every change, every group and everything left behind; JSON
//!   is the whole, `trailwarden.investigation/1`.
//! - Names, addresses and policy text come from strangers; each rendering escapes them for whoever
//!   reads it.

mod html;
mod markdown;
mod table;
mod words;

use std::io;

use schemars::generate::SchemaSettings;
use serde_json::Value;
use trailwarden_runtime::investigate::{Investigation, story};

use super::{Style, write_pretty};

/// How a story is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, clap::ValueEnum)]
pub(crate) enum StoryFormat {
    /// For a person at a terminal
    Table,
    /// The whole story as one JSON object
    Json,
    /// A story to paste into a ticket
    Markdown,
    /// A page in a single file, with a timeline and a graph
    Html,
}

/// Writes the story. The writer is not flushed.
pub(crate) fn write(
    story: &Investigation,
    format: StoryFormat,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        StoryFormat::Table => table::write(story, style, out),
        StoryFormat::Json => {
            write_pretty(story, out)?;
            out.write_all(b"\n")
        }
        StoryFormat::Markdown => markdown::write(story, style, out),
        StoryFormat::Html => html::write(story, style, out),
    }
}

/// The schema of `investigate --format json`.
pub(crate) fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Investigation>().to_value();
    if let Some(Value::Object(property)) = schema.pointer_mut("/properties/schema") {
        property.insert("const".to_owned(), story::SCHEMA.into());
    }
    schema
}
