//! What people read of an assessment, before each format escapes it.

use std::collections::BTreeMap;

use trailwarden_model::posture::{PostureRow, Verdict};
use trailwarden_posture::scores::{Priority, Score};

use super::Assessment;
use crate::formats::text::{count, counted};

/// `12 flaws: 1 critical, 4 high, 7 low`.
pub(super) fn headline(assessment: &Assessment) -> String {
    let counts = &assessment.summary;
    let severities = ["critical", "high", "medium", "low", "info"]
        .into_iter()
        .filter_map(|name| Some(format!("{} {name}", count(*counts.by_severity.get(name)?))));
    let severities: Vec<String> = severities.collect();
    let total: u64 = counts.by_severity.values().sum();
    match severities.is_empty() {
        true => "No flaws found.".to_owned(),
        false => format!("{}: {}", counted(total, "flaw"), severities.join(", ")),
    }
}

/// Counts of the other verdicts.
pub(super) fn others(assessment: &Assessment) -> Vec<String> {
    let counts = &assessment.summary;
    let of = |verdict: Verdict, words: &str| {
        let number = assessment.of_verdict(verdict);
        (number > 0).then(|| format!("{} {words}", count(number)))
    };
    let accepted = (counts.accepted > 0).then(|| format!("{} accepted", count(counts.accepted)));
    [
        accepted,
        of(Verdict::Unknown, "not known"),
        of(Verdict::Manual, "for a person to look at"),
        of(Verdict::Pass, "passed"),
        of(Verdict::NotApplicable, "not applicable"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What was to be asked and could not be: accounts, or that there may be more of them.
pub(super) fn left_out(assessment: &Assessment) -> Vec<String> {
    let told = |one: &trailwarden_model::Reject| format!("{} is left out: {}", one.file, one.cause);
    assessment.rejects.iter().map(told).collect()
}

/// `3 new, 2 still open, 1 fixed since then`, when there is something to compare with.
pub(super) fn history(assessment: &Assessment) -> Option<String> {
    let counts = &assessment.summary.by_history;
    if counts.is_empty() {
        return None;
    }
    let of = |name: &str| count(counts.get(name).copied().unwrap_or_default());
    Some(format!(
        "Since then: {} new, {} still open, {} fixed.",
        of("new"),
        of("open"),
        of("fixed")
    ))
}

/// `61 % (30 of 49 controls), 12 failed, 7 not known, 3 by hand`.
pub(super) fn score(score: &Score) -> String {
    let judged = score.passed + score.failed + score.accepted + score.unknown;
    let percent = score.percent.map_or("-".to_owned(), |percent| format!("{percent} %"));
    let mut text = format!("{percent} ({} of {} controls)", score.passed, judged);
    let rest = [
        (score.failed, "failed"),
        (score.accepted, "accepted"),
        (score.unknown, "not known"),
        (score.manual, "by hand"),
        (score.not_applicable, "not applicable"),
    ];
    for (number, words) in rest.into_iter().filter(|(number, _)| *number > 0) {
        text.push_str(&format!(", {number} {words}"));
    }
    text
}

/// What is wrong, with what goes with it.
pub(super) fn titles(one: &Priority) -> String {
    match one.also.as_slice() {
        [] => one.title.clone(),
        [other] => format!("{}; {other}", one.title),
        others => format!("{}, and {} more that the same mends", one.title, others.len()),
    }
}

/// Open fails by check, the gravest check first.
pub(super) fn by_check(assessment: &Assessment) -> Vec<Vec<&PostureRow>> {
    let mut groups: Vec<Vec<&PostureRow>> = Vec::new();
    for row in assessment.open() {
        match groups.iter_mut().find(|group| group.iter().any(|one| one.check == row.check)) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// What is not known, by reason: the sentence behind "because", and how many rows have it.
pub(super) fn unknown(assessment: &Assessment) -> Vec<(String, Vec<&str>)> {
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in assessment.findings.iter().filter(|row| row.verdict == Verdict::Unknown) {
        let reason =
            row.sentence.split_once("because ").map_or(row.sentence.as_str(), |(_, why)| why);
        let checks = reasons.entry(without_subject(reason.trim_end_matches('.'))).or_default();
        if !checks.contains(&row.check.as_str()) {
            checks.push(&row.check);
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|a, b| (b.1.len(), &a.0).cmp(&(a.1.len(), &b.0)));
    reasons
}

/// A call that was asked of many things is one reason: which they are, the rows say.
fn without_subject(reason: &str) -> String {
    let parts = reason.split_once("` of ");
    match parts.and_then(|(call, rest)| Some((call, rest.split_once(' ')?.1))) {
        Some((call, why)) => format!("{call}` {why}"),
        None => reason.to_owned(),
    }
}

/// `CIS AWS Foundations 7.0.0: 2.5; AWS Security Hub CSPM: IAM.9`.
pub(super) fn controls(row: &PostureRow) -> String {
    let all =
        row.frameworks.iter().map(|one| format!("{} {} {}", one.name, one.version, one.control));
    all.collect::<Vec<_>>().join("; ")
}
