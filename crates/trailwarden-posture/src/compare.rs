//! Two assessments of the same accounts: what is new, what is still open, what was fixed.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::finding::Status;
use trailwarden_model::posture::{History, PostureRow, Verdict};

/// Marks rows by what an earlier assessment said, and adds what is there no more.
///
/// What is unknown now is neither fixed nor open: nobody looked. Neither is what an account had that is
/// not in this assessment, or a check that was not run: each account has a row for each check that was.
pub fn since(rows: &mut Vec<PostureRow>, earlier: Vec<PostureRow>) {
    let of = |row: &PostureRow| (row.check.clone(), row.finding.account.clone());
    let looked: BTreeSet<_> = rows.iter().map(of).collect();
    let mut failed: BTreeMap<String, PostureRow> = earlier
        .into_iter()
        .filter(|row| row.verdict == Verdict::Fail && looked.contains(&of(row)))
        .map(|row| (row.finding.id.clone(), row))
        .collect();
    for row in rows.iter_mut() {
        let before = failed.remove(&row.finding.id);
        row.history = match (row.verdict, before) {
            (Verdict::Fail, Some(_)) => Some(History::Open),
            (Verdict::Fail, None) => Some(History::New),
            (Verdict::Pass | Verdict::NotApplicable, Some(_)) => Some(History::Fixed),
            _ => None,
        };
    }
    // A check that knows less than before says so of the account; what it said then is not fixed.
    let unknown: BTreeSet<_> =
        rows.iter().filter(|row| row.verdict == Verdict::Unknown).map(of).collect();
    let gone: Vec<PostureRow> =
        failed.into_values().filter(|row| !unknown.contains(&of(row))).collect();
    rows.extend(gone.into_iter().map(|mut row| {
        row.sentence =
            format!("{} is there no more, or is no more what this is about.", row.resource);
        row.finding.explanation.clone_from(&row.sentence);
        row.finding.status = Status::Resolved;
        row.verdict = Verdict::NotApplicable;
        row.history = Some(History::Fixed);
        row
    }));
}
