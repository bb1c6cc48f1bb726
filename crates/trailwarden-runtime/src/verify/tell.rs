//! From what is known of files to findings and counts.

mod digests;
mod draft;
mod logs;

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::{Finding, Integrity, IntegrityCounts};
use trailwarden_record::integrity::{Break, Digest, Held, Judged, Verdict};

use self::draft::Draft;
use super::listed::Listed;
use super::logs::{Logs, State};

/// Findings of one rule that are listed; more are counted in one finding.
const FINDINGS_MAX: usize = 1_000;

/// All that is known.
pub(super) struct Known<'a> {
    pub(super) held: &'a [Held],
    pub(super) judged: &'a Judged,
    pub(super) logs: &'a Logs<'a>,
    pub(super) listed: &'a Listed,
}

impl<'a> Known<'a> {
    fn digest(&self, place: usize) -> Option<&'a Digest> {
        Some(&self.held.get(place)?.content.as_ref().ok()?.0)
    }
}

/// What is told.
pub(super) struct Told {
    pub(super) findings: Vec<Finding>,
    pub(super) integrity: Integrity,
    pub(super) accounts: Vec<String>,
}

/// Tells it: most severe first, then oldest first, then by id.
pub(super) fn tell(known: &Known<'_>) -> Told {
    let mut drafts = Vec::new();
    digests::tell(known, &mut drafts);
    let uncovered = logs::tell(known, &mut drafts);
    let mut integrity = counts(known);
    integrity.logs_uncovered = uncovered;
    let chains = known.judged.chains.iter().filter_map(|chain| chain.name.as_ref());
    let mut accounts: BTreeSet<String> = chains.map(|name| name.account.clone()).collect();
    accounts.extend(drafts.iter().filter_map(|draft| draft.account.clone()));
    let mut findings = limited(drafts);
    findings.sort_by(|a, b| {
        (b.severity, a.first_time).cmp(&(a.severity, b.first_time)).then_with(|| a.id.cmp(&b.id))
    });
    Told { findings, integrity, accounts: accounts.into_iter().collect() }
}

/// At most so many of each rule, and what was left out.
fn limited(drafts: Vec<Draft>) -> Vec<Finding> {
    let mut by_rule: BTreeMap<&str, Vec<Draft>> = BTreeMap::new();
    for draft in drafts {
        by_rule.entry(draft.rule.id).or_default().push(draft);
    }
    let mut findings = Vec::new();
    for mut drafts in by_rule.into_values() {
        let more = drafts.split_off(drafts.len().min(FINDINGS_MAX));
        findings.extend(drafts.into_iter().map(Draft::finding));
        let left_out = more.len();
        findings.extend(more.into_iter().next().map(|first| first.and_more(left_out).finding()));
    }
    findings
}

fn counts(known: &Known<'_>) -> Integrity {
    let mut found = Integrity { chains: known.judged.chains.len() as u64, ..Integrity::default() };
    for chain in &known.judged.chains {
        for place in &chain.digests {
            let Some(verdict) = known.judged.verdicts.get(*place) else { continue };
            match verdict {
                Verdict::Valid(_) => found.digests.valid += 1,
                Verdict::Unknown(_) => found.digests.unknown += 1,
                Verdict::Invalid(_) => found.digests.invalid += 1,
            }
            if let Some(digest) = known.digest(*place).filter(|_| verdict.is_valid()) {
                let first = found.first_time.map_or(digest.start, |time| time.min(digest.start));
                let last = found.last_time.map_or(digest.end, |time| time.max(digest.end));
                (found.first_time, found.last_time) = (Some(first), Some(last));
            }
        }
        for broken in &chain.breaks {
            match broken {
                Break::Missing { .. } => found.digests.missing += 1,
                Break::Gap { .. } => found.gaps += 1,
                _ => {}
            }
        }
    }
    found.logs = log_counts(known.logs);
    found
}

fn log_counts(logs: &Logs<'_>) -> IntegrityCounts {
    let mut counts = IntegrityCounts::default();
    for log in &logs.checked {
        match log.state {
            State::Valid => counts.valid += 1,
            State::Unproven | State::Unread(_) => counts.unknown += 1,
            State::Changed(_) | State::Damaged(_) => counts.invalid += 1,
            State::Missing => counts.missing += 1,
        }
    }
    counts
}
