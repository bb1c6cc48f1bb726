//! CSV: every verdict, one row each.

use std::io;

use trailwarden_model::posture::PostureRow;

use super::{Assessment, words};
use crate::formats::csv::{cell, known, of_kind};

type Column = (&'static str, fn(&PostureRow) -> String);

const COLUMNS: &[Column] = &[
    ("id", |row| row.finding.id.clone()),
    ("check", |row| row.check.clone()),
    ("verdict", |row| row.verdict.as_str().to_owned()),
    ("severity", |row| row.finding.severity.as_str().to_owned()),
    ("confidence", |row| row.finding.confidence.as_str().to_owned()),
    ("status", |row| row.finding.status.as_str().to_owned()),
    ("title", |row| row.finding.title.clone()),
    ("account", |row| known(&row.finding.account)),
    ("region", |row| known(&row.finding.region)),
    ("resource_kind", |row| known(&row.finding.target.kind)),
    ("resource", |row| row.resource.clone()),
    ("resource_arn", |row| known(&row.finding.target.arn)),
    ("sentence", |row| row.sentence.clone()),
    ("risk", |row| row.finding.risk.clone()),
    ("fix", |row| row.fix.clone()),
    ("frameworks", words::controls),
    ("remediation", |row| row.finding.remediation.join(" ")),
    ("exception", |row| known(&row.exception)),
    ("history", |row| row.history.map(|one| one.as_str()).unwrap_or_default().to_owned()),
    ("time", |row| row.finding.last_time.to_string()),
];

/// A header row, then one row for each verdict.
pub(super) fn write(assessment: &Assessment, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(COLUMNS.iter().map(|(name, _)| name)).map_err(of_kind)?;
    for row in &assessment.findings {
        let cells = COLUMNS.iter().map(|(_, content)| cell(&content(row)));
        writer.write_record(cells).map_err(of_kind)?;
    }
    writer.flush()
}
