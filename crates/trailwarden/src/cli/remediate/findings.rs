//! Findings as `scan` and `assess` print them, in JSON or NDJSON, and which of them are meant.
//!
//! A report of a large account holds tens of thousands of rows, most of which nobody plans for. So of each only
//! what decides that is read, and the whole only of those that are meant.

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;
use trailwarden_model::finding::Status;
use trailwarden_model::posture::Verdict;
use trailwarden_model::{Finding, Severity};

use crate::cli::terminal;

/// A finding as it was printed, and what says whether somebody should act on it.
#[derive(Debug)]
pub(super) struct Row<'a> {
    head: Head,
    whole: &'a RawValue,
}

#[derive(Debug, Deserialize)]
struct Head {
    id: String,
    severity: Severity,
    status: Status,
    #[serde(default)]
    verdict: Option<Verdict>,
    #[serde(default)]
    exception: Option<String>,
    #[serde(default)]
    sentence: Option<String>,
}

/// What stands around findings; of a finding itself there is no such member.
#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    findings: Option<&'a RawValue>,
}

const WHAT: &str =
    "the findings are not what `scan` or `assess` prints with --format json or ndjson";

/// Reads a report of `scan` or `assess`, or findings one after the other.
pub(super) fn read(json: &[u8]) -> anyhow::Result<Vec<Row<'_>>> {
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_slice(json).into_iter::<&RawValue>() {
        let value = value.context(WHAT)?;
        let report: Report<'_> = serde_json::from_str(value.get()).context(WHAT)?;
        let all = match report.findings {
            Some(all) => serde_json::from_str::<Vec<&RawValue>>(all.get()).context(WHAT)?,
            None => vec![value],
        };
        for whole in all {
            let head = serde_json::from_str(whole.get()).context(WHAT)?;
            rows.push(Row { head, whole });
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
    pub(super) fn of(&self, rows: &[Row<'_>]) -> anyhow::Result<Vec<Finding>> {
        for id in self.ids {
            let is_there = rows.iter().any(|row| row.head.id == *id);
            ensure!(is_there, "no finding has the id `{id}`; the findings' file lists all ids");
        }
        let named = rows.iter().filter(|row| self.ids.contains(&row.head.id));
        named.filter_map(|row| row.head.why_no_flaw()).for_each(|why| terminal::warn(&why));
        let is_meant = |row: &&Row<'_>| match self.ids.is_empty() {
            false => self.ids.contains(&row.head.id),
            true => {
                row.head.is_open()
                    && self.min_severity.is_none_or(|least| row.head.severity >= least)
            }
        };
        let meant = rows.iter().filter(is_meant);
        meant.map(|row| serde_json::from_str(row.whole.get()).context(WHAT)).collect()
    }
}

impl Head {
    /// What is to be said of a row that is not known to be a flaw, and is asked for all the same.
    fn why_no_flaw(&self) -> Option<String> {
        let verdict = self.verdict.filter(|it| *it != Verdict::Fail && *it != Verdict::Manual)?;
        let what = match verdict {
            Verdict::Unknown => "whether it is a flaw is not known",
            _ => "it is no flaw",
        };
        let sentence = self.sentence.as_deref().unwrap_or_default();
        Some(format!("{}: {what}, so read what follows as what one would do. {sentence}", self.id))
    }

    /// Whether somebody should act on it: not accepted, not put right, and no verdict but a flaw.
    fn is_open(&self) -> bool {
        self.status == Status::Open
            && self.exception.is_none()
            && self.verdict.is_none_or(|verdict| verdict == Verdict::Fail)
    }
}
