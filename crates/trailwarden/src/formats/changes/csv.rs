//! CSV: one row per change, for a spreadsheet.

use std::io;

use trailwarden_model::finding::Verdict;

use super::{Change, Changes, words};
use crate::formats::csv::{cell, effect_cells, known, of_kind, target_name};

const COLUMNS: [&str; 25] = [
    "time",
    "severity",
    "outcome",
    "moved",
    "account",
    "actor_kind",
    "actor_name",
    "actor_arn",
    "actor_address",
    "actor_access_key",
    "event",
    "target_kind",
    "target_name",
    "target_arn",
    "sentence",
    "grades",
    "gained",
    "lost",
    "paths_opened",
    "unknowns",
    "authorized",
    "authorized_by",
    "findings",
    "event_id",
    "record",
];

/// A header row, then one row per change.
pub(super) fn write(changes: &Changes, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(COLUMNS).map_err(of_kind)?;
    for change in &changes.changes {
        writer.write_record(row(change).iter().map(|text| cell(text))).map_err(of_kind)?;
    }
    writer.flush()
}

fn row(change: &Change) -> [String; 25] {
    let (actor, target) = (&change.actor, &change.target);
    let authorized = match change.authorized.verdict {
        Verdict::Permitted => "permitted",
        Verdict::Forbidden => "forbidden",
        Verdict::Unknown => "unknown",
    };
    let [grades, gained, lost, paths, unknowns] = effect_cells(change.effect.as_ref());
    [
        change.time.to_string(),
        change.severity.map(|severity| severity.as_str()).unwrap_or_default().to_owned(),
        change.outcome.as_str().to_owned(),
        change.moved.as_str().to_owned(),
        known(&change.account),
        known(&actor.kind),
        known(&actor.name),
        known(&actor.arn),
        known(&actor.address),
        known(&actor.access_key),
        change.event.clone(),
        known(&target.kind),
        target_name(target),
        known(&target.arn),
        change.sentence.clone(),
        grades,
        gained,
        lost,
        paths,
        unknowns,
        authorized.to_owned(),
        change.authorized.by.join(" "),
        change.findings.join(" "),
        change.event_id.clone(),
        words::places(change).unwrap_or_default(),
    ]
}
