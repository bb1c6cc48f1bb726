//! Every IAM change of a run: the wire format `trailwarden.changes/1`, and its renderings.
//!
//! # Invariants
//! - A row is there for every change, the quiet, failed and denied ones too, in the order of events.
//! - What is not known is never counted as quiet.
//! - Text that strangers control is escaped for whoever reads the format, as in the other reports.

mod counts;
mod csv;
mod markdown;
mod table;
mod words;

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_account::effect::Verdict;
use trailwarden_detect::changes::ChangeRow;
use trailwarden_model::finding::{Authorized, Effect, Party};
use trailwarden_model::{Outcome, Reject, Severity, Summary, Timestamp};

use super::{Style, html, write_compact, write_pretty};

pub(crate) use counts::Counts;
pub(super) use counts::Group;
pub(super) use markdown::section as markdown_section;
pub(super) use table::section as table_section;
pub(super) use words::{Tally, authorization, call, headline, on_what, places, tag, who};

/// The schema name that every list of changes carries.
pub(crate) const SCHEMA: &str = "trailwarden.changes/1";

/// Every IAM change of a run (`changes --format json`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Changes {
    /// Always `trailwarden.changes/1`.
    pub(crate) schema: String,
    /// The changes, oldest first.
    pub(crate) changes: Vec<Change>,
    /// How many there are of each kind.
    pub(crate) counts: Counts,
    /// What the reader must know first: what went wrong in trailwarden itself, so that rows or ids of
    /// findings may be missing, and of which records a baseline tells nothing.
    pub(crate) notes: Vec<String>,
    /// What could not be read, in the order of the input.
    pub(crate) rejects: Vec<Reject>,
    /// Counts of the run.
    pub(crate) summary: Summary,
}

/// One IAM change, or the attempt (a line of `changes --format ndjson`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(crate) struct Change {
    /// CloudTrail's `eventID`.
    pub(crate) event_id: String,
    /// When.
    pub(crate) time: Timestamp,
    /// The account whose permissions it is about; null when the record does not say.
    pub(crate) account: Option<String>,
    /// Who did it: the person, key or service behind the call, as far as the logs show.
    pub(crate) actor: Party,
    /// The call, such as `iam:PutGroupPolicy`.
    pub(crate) event: String,
    /// What it was done to.
    pub(crate) target: Party,
    /// What became of the call.
    pub(crate) outcome: Outcome,
    /// Which way permissions moved; of a call that did not succeed, which way they would have.
    pub(crate) moved: Moved,
    /// What it does to permissions; null when it moves none.
    pub(crate) effect: Option<Effect>,
    /// Harm by the effect alone; null when the effect is not worth a finding.
    pub(crate) severity: Option<Severity>,
    /// The effect in a sentence.
    pub(crate) sentence: String,
    /// Whether change policies allowed it.
    pub(crate) authorized: Authorized,
    /// Ids of the findings that rest on this record.
    pub(crate) findings: Vec<String>,
    /// File it was read from, as given on the command line; null when that is not known.
    pub(crate) file: Option<String>,
    /// Number of the record in its file, from 0.
    pub(crate) record: Option<u64>,
}

/// Which way permissions moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Moved {
    /// Somebody may do more, nobody less.
    Gained,
    /// Somebody may do less, nobody more.
    Lost,
    /// Some things were gained and others lost.
    Both,
    /// Something was granted, but a boundary or service control policy takes all of it away, or
    /// nobody holds it yet.
    Latent,
    /// Nobody may do more or less than before.
    Nothing,
    /// What is known does not tell.
    Unknown,
}

impl Moved {
    fn of(verdict: Option<Verdict>, effect: Option<&Effect>) -> Self {
        let loses = effect.is_some_and(|effect| {
            effect.principals.iter().any(|principal| !principal.lost.is_empty())
        });
        match verdict {
            None | Some(Verdict::Nothing) => Self::Nothing,
            Some(Verdict::Unknown | Verdict::Released) => Self::Unknown,
            Some(Verdict::Narrower) => Self::Lost,
            Some(Verdict::Capped | Verdict::Latent) => Self::Latent,
            Some(Verdict::Reads | Verdict::Writes | Verdict::Entry | Verdict::Escalates) => {
                if loses { Self::Both } else { Self::Gained }
            }
        }
    }

    /// The word used in every output.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::Lost => "lost",
            Self::Both => "both",
            Self::Latent => "latent",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
        }
    }
}

impl Change {
    /// Whether it was done and nobody knows what it does.
    pub(crate) fn is_unknown(&self) -> bool {
        Group::of(self) == Group::Unknown
    }
}

impl From<ChangeRow> for Change {
    fn from(row: ChangeRow) -> Self {
        let moved = Moved::of(row.verdict, row.effect.as_ref());
        let (moved, sentence) = match row.sentence {
            Some(sentence) => (moved, sentence),
            None => words::unjudged(row.outcome, &row.event),
        };
        Self {
            event_id: row.event_id,
            time: row.time,
            account: row.account.map(|account| account.to_string()),
            actor: row.actor,
            event: row.event,
            target: row.target,
            outcome: row.outcome,
            moved,
            effect: row.effect,
            severity: row.severity,
            sentence,
            authorized: row.authorized,
            findings: row.findings,
            file: (!row.file.is_empty()).then_some(row.file),
            record: Some(row.record),
        }
    }
}

/// How changes are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a person at a terminal
    Table,
    /// All changes and what was read, as one JSON object
    Json,
    /// One JSON object per change and line
    Ndjson,
    /// One row per change, for a spreadsheet
    Csv,
    /// A list to paste into a ticket
    Markdown,
    /// A page in a single file, to sort and to search
    Html,
}

/// Writes the changes in the given format; `full` lists all that was gained and lost where the
/// format is for people. The writer is not flushed.
pub(crate) fn write(
    changes: &Changes,
    format: Format,
    full: bool,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Table => table::write(changes, full, style, out),
        Format::Json => {
            write_pretty(changes, out)?;
            out.write_all(b"\n")
        }
        Format::Ndjson => changes.changes.iter().try_for_each(|change| {
            write_compact(change, out)?;
            out.write_all(b"\n")
        }),
        Format::Csv => csv::write(changes, out),
        Format::Markdown => markdown::write(changes, full, style, out),
        Format::Html => html::write_changes(changes, style, out),
    }
}

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;
