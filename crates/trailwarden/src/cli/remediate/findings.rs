//! Findings as `scan` and `assess` print them, in JSON or NDJSON, and which of them are meant.

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use trailwarden_model::finding::Status;
use trailwarden_model::posture::Verdict;
use trailwarden_model::{Finding, Severity};

/// A finding, and of a posture row what says whether somebody should act on it.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    #[serde(flatten)]
    pub(super) finding: Finding,
    #[serde(default)]
    verdict: Option<Verdict>,
    #[serde(default)]
    exception: Option<String>,
}

/// Reads a report of `scan` or `assess`, or findings one after the other.
pub(super) fn read(json: &[u8]) -> anyhow::Result<Vec<Row>> {
    const WHAT: &str =
        "the findings are not what `scan` or `assess` prints with --format json or ndjson";
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_slice(json).into_iter::<Value>() {
        let mut value = value.context(WHAT)?;
        let all = match value.get_mut("findings").map(Value::take) {
            Some(Value::Array(all)) => all,
            Some(_) => bail!(WHAT),
            None => vec![value],
        };
        for one in all {
            rows.push(serde_json::from_value::<Row>(one).context(WHAT)?);
        }
    }
    Ok(rows)
}

/// Which findings are meant.
pub(super) struct Choice<'a> {
    pub(super) ids: &'a [String],
    pub(super) min_severity: Option<Severity>,
}

impl Choice<'_> {
    /// The findings that are meant: those that are named, or all that somebody should act on.
    pub(super) fn of(&self, rows: Vec<Row>) -> anyhow::Result<Vec<Finding>> {
        for id in self.ids {
            let is_there = rows.iter().any(|row| row.finding.id == *id);
            ensure!(is_there, "no finding has the id `{id}`; the findings' file lists all ids");
        }
        let is_meant = |row: &Row| match self.ids.is_empty() {
            false => self.ids.contains(&row.finding.id),
            true => {
                row.is_open() && self.min_severity.is_none_or(|least| row.finding.severity >= least)
            }
        };
        Ok(rows.into_iter().filter(is_meant).map(|row| row.finding).collect())
    }
}

impl Row {
    /// Whether somebody should act on it: not accepted, not put right, and no verdict but a flaw.
    fn is_open(&self) -> bool {
        self.finding.status == Status::Open
            && self.exception.is_none()
            && self.verdict.is_none_or(|verdict| verdict == Verdict::Fail)
    }
}
