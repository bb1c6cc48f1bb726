//! What the digest chain proves, in words.

use trailwarden_model::report::{Integrity, IntegrityCounts};

use super::Style;
use super::text::{count, counted, period};

/// `14 digests valid from 2026-03-01 00:10:00 to 09:00:00 UTC, 2 missing`, and the same of log files.
pub(super) fn sentences(integrity: &Integrity, style: &Style) -> [String; 2] {
    let mut digests = vec![format!("{} valid", counted(integrity.digests.valid, "digest"))];
    if let (Some(first), Some(last)) = (integrity.first_time, integrity.last_time) {
        digests.push(format!(" from {}", period(first, last, style)));
    }
    digests.extend(others(integrity.digests));
    if integrity.gaps > 0 {
        digests.push(format!(", {}", counted(integrity.gaps, "gap")));
    }
    let mut logs = vec![format!("{} valid", counted(integrity.logs.valid, "log file"))];
    logs.extend(others(integrity.logs));
    if integrity.logs_uncovered > 0 {
        logs.push(format!(", {} not covered", count(integrity.logs_uncovered)));
    }
    [digests.concat(), logs.concat()]
}

fn others(counts: IntegrityCounts) -> impl Iterator<Item = String> {
    let IntegrityCounts { unknown, invalid, missing, .. } = counts;
    [(invalid, "invalid"), (missing, "missing"), (unknown, "unknown")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!(", {} {word}", count(number)))
}

/// What no findings means, and what it does not.
pub(super) fn nothing_found(integrity: &Integrity) -> String {
    if integrity.digests == IntegrityCounts::default() {
        return "There are no digest files, so nothing could be verified.".to_owned();
    }
    "Every digest and every log file that they name is as CloudTrail delivered it. That is not proof \
     that the newest digests are here: only a later one would tell of them."
        .to_owned()
}
