//! The output formats: one report, nine renderings; and the changes of a run, six.
//!
//! # Invariants
//! - Every format carries every finding, and tells its id.
//! - Names, addresses, file names and policy text come from strangers. Each format escapes them for
//!   the program that will read it: terminals, spreadsheets, browsers, Markdown, XML and JSON.
//! - Formats for people show times in the reader's zone and name the zone; formats for machines
//!   stay in UTC.
//! - Rendering asks no clock: the same report gives the same bytes.

mod authorized;
pub(crate) mod changes;
mod csv;
mod effect;
mod html;
mod integrity;
mod investigation;
mod json;
mod junit;
mod learn;
mod markdown;
mod ocsf;
mod page;
pub(crate) mod posture;
mod sarif;
mod schema;
mod table;
mod text;

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;

use std::io;

use jiff::tz::TimeZone;
use trailwarden_model::Report;

use changes::Change;

pub(crate) use investigation::{StoryFormat, schema as story_schema, write as write_story};
pub(crate) use json::{write_compact, write_pretty};
pub(crate) use sarif::{
    level as sarif_level, message_text as sarif_text, score as sarif_score, uri as sarif_uri,
};
pub(crate) use schema::{answer_schema, change_schema, changes_schema, finding_schema, schema};

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a person at a terminal
    Table,
    /// The whole report as one JSON object
    Json,
    /// Findings only, one JSON object per line
    Ndjson,
    /// Findings only, one row each, for a spreadsheet
    Csv,
    /// OCSF 1.8.0 Detection Findings, for a SIEM or a security lake
    Ocsf,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for CI
    Junit,
    /// A report to paste into a ticket
    Markdown,
    /// A report in a single file, with a timeline and filters
    Html,
}

/// How people see it: colour, width and zone. Formats for machines ignore it.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// Whether the table may use terminal colours.
    pub(crate) colour: bool,
    /// Columns that the table may fill.
    pub(crate) width: u16,
    /// The zone that times are shown in.
    pub(crate) zone: TimeZone,
    /// What to call the zone, such as `UTC` or `Europe/Berlin`.
    pub(crate) zone_name: String,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 80, zone: TimeZone::UTC, zone_name: "UTC".to_owned() }
    }
}

/// Writes the report in the given format, with all changes where the format has a place for them.
/// The writer is not flushed.
pub(crate) fn write(
    report: &Report,
    changes: Option<&[Change]>,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Table => table::write(report, changes, style, out),
        Format::Json => json::write(report, changes, out),
        Format::Ndjson => json::write_lines(report, out),
        Format::Csv => csv::write(report, out),
        Format::Ocsf => ocsf::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Markdown => markdown::write(report, changes, style, out),
        Format::Html => html::write(report, changes, style, out),
    }
}
