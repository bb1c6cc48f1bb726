//! An assessment in nine renderings.
//!
//! # Invariants
//! - The formats for machines carry every row, whatever its verdict; those for people every fail, and
//!   what is not known with its reason.
//! - Names come from strangers; each rendering escapes them for whoever reads it.

mod csv;
mod html;
mod junit;
mod markdown;
mod ocsf;
mod sarif;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trailwarden_model::posture::{PostureRow, Verdict};
use trailwarden_model::{Severity, Timestamp};
use trailwarden_posture::scores::{Priority, Score};

use super::{Format, Style, answer_schema, write_compact, write_pretty};

/// The schema name of a whole assessment.
pub(crate) const SCHEMA: &str = "trailwarden.assessment/1";

/// What checks said of some accounts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Assessment {
    /// Always `trailwarden.assessment/1`.
    pub(crate) schema: String,
    /// Every verdict: fails first, the gravest before others, then by check and resource.
    pub(crate) findings: Vec<PostureRow>,
    /// Each account with its scores.
    pub(crate) accounts: Vec<Account>,
    /// What to fix first.
    pub(crate) first: Vec<Priority>,
    /// What could not be read.
    pub(crate) rejects: Vec<trailwarden_model::Reject>,
    /// Counts.
    pub(crate) summary: Counts,
}

/// One account of an assessment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Account {
    /// Its twelve digits.
    pub(crate) account: String,
    /// The time of the baseline, which all ages are counted to.
    pub(crate) taken: Timestamp,
    /// How it does in each framework.
    pub(crate) scores: Vec<Score>,
}

/// Counts of an assessment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Counts {
    /// How many checks were run.
    pub(crate) checks: u64,
    /// Rows by verdict.
    pub(crate) by_verdict: BTreeMap<String, u64>,
    /// Fails that nobody has accepted, by severity.
    pub(crate) by_severity: BTreeMap<String, u64>,
    /// Fails that an exception accepts.
    pub(crate) accepted: u64,
    /// Against an earlier assessment: new, open, fixed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) by_history: BTreeMap<String, u64>,
    /// Exceptions that have ended and would have covered something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) exceptions_expired: Vec<String>,
    /// Exceptions that cover nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) exceptions_idle: Vec<String>,
}

impl Assessment {
    /// Of rows, with everything else still to come from them.
    pub(crate) fn count(&mut self) {
        let counts = &mut self.summary;
        counts.by_verdict = tally(self.findings.iter().map(|row| row.verdict.as_str()));
        let failed = || self.findings.iter().filter(|row| row.verdict == Verdict::Fail);
        let open = failed().filter(|row| row.exception.is_none());
        counts.by_severity = tally(open.map(|row| row.finding.severity.as_str()));
        counts.accepted = failed().filter(|row| row.exception.is_some()).count() as u64;
        let history = self.findings.iter().filter_map(|row| row.history);
        counts.by_history = tally(history.map(|history| history.as_str()));
    }

    /// The fails that nobody has accepted.
    pub(crate) fn open(&self) -> impl Iterator<Item = &PostureRow> {
        self.findings.iter().filter(|row| row.verdict == Verdict::Fail && row.exception.is_none())
    }

    /// The gravest of them.
    pub(crate) fn gravest(&self) -> Option<Severity> {
        self.open().map(|row| row.finding.severity).max()
    }

    /// How many rows have a verdict.
    pub(crate) fn of_verdict(&self, verdict: Verdict) -> u64 {
        self.summary.by_verdict.get(verdict.as_str()).copied().unwrap_or_default()
    }
}

fn tally<'t>(words: impl Iterator<Item = &'t str>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

/// Writes the assessment. The writer is not flushed.
pub(crate) fn write(
    assessment: &Assessment,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Table => table::write(assessment, style, out),
        Format::Json => {
            write_pretty(assessment, out)?;
            out.write_all(b"\n")
        }
        Format::Ndjson => {
            for row in &assessment.findings {
                write_compact(row, out)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        }
        Format::Csv => csv::write(assessment, out),
        Format::Ocsf => ocsf::write(assessment, out),
        Format::Sarif => sarif::write(assessment, out),
        Format::Junit => junit::write(assessment, out),
        Format::Markdown => markdown::write(assessment, style, out),
        Format::Html => html::write(assessment, style, out),
    }
}

/// The schema of `assess --format json`; its `$defs` hold the rows of ndjson as `PostureRow`.
pub(crate) fn schema() -> Value {
    answer_schema::<Assessment>(SCHEMA)
}
