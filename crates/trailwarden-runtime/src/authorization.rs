//! Change policies over a run: what is asked of each change, and what the answers make of findings.
//!
//! # Invariants
//! - A finding is authorized only when every record that it rests on is a change that is permitted, and
//!   all of them are listed. One forbidden change makes it forbidden.
//! - What a detection takes for graver than each of its changes stays open: it tells something that no
//!   permit was asked about, such as a stolen session, or what many changes come to together.
//! - What cannot be told is unknown: a policy that fails, a change beyond the limit of rows.
//! - Answers depend on the records, the baselines and the policies, never on who read them in which
//!   order (`tests/authorized.rs`).

mod asking;
mod folder;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;
use trailwarden_authorize::{Asked, Decision, EffectFacts, Policies};
use trailwarden_detect::Engine;
use trailwarden_detect::changes::{ChangeRow, Governed};
use trailwarden_detect::conclude::unauthorized::{Failed, Group};
use trailwarden_detect::conclude::{self, Sources};
use trailwarden_model::finding::{Authorized, Kind, Status, Verdict};
use trailwarden_model::report::PolicyUse;
use trailwarden_model::{Finding, Severity, Timestamp};

pub use asking::asked;
pub use folder::{FolderError, files};

/// How many changes of one finding are kept for its words.
const TOLD_MAX: usize = 1_000;

/// How many findings of forbidden changes are made; the rest of those changes still makes the findings
/// of others forbidden.
const FINDINGS_MAX: usize = 2_000;

/// What to ask.
#[derive(Clone, Default)]
pub struct Authorize {
    /// The policies; none when nobody gave any.
    pub policies: Option<Arc<Policies>>,
    /// Whether to keep what was asked, see [`crate::scan::Scanned::asked`]. Works without policies.
    pub keeps_asked: bool,
}

impl Authorize {
    /// Whether anything must be gathered.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.policies.is_some() || self.keeps_asked
    }
}

/// The answers of a run.
#[derive(Default)]
pub(crate) struct Answers {
    /// By file and number of the record.
    by_place: HashMap<(String, u64), Answer>,
    forbidden: BTreeMap<Group, Vec<Governed>>,
    failed: BTreeMap<String, Failed>,
    /// What was asked, where it is kept.
    asked: Vec<Asked>,
    counts: PolicyUse,
}

/// What is said of a change.
#[derive(Clone, Default)]
struct Answer {
    said: Authorized,
    /// The severity that policies were asked about. Where it is not known, what permits has no bound,
    /// and any is excused.
    gravest: Option<Severity>,
}

impl Answers {
    /// Asks about every change of the run, and counts those from `since` on: findings may rest on
    /// earlier ones, too.
    pub(crate) fn of(
        engine: &Engine,
        sources: &Sources<'_>,
        authorize: &Authorize,
        since: Option<Timestamp>,
    ) -> Self {
        let mut answers = Self::default();
        if let Some(policies) = &authorize.policies {
            answers.counts.policies = policies.listed().len() as u64;
        }
        engine.each_governed(sources, |governed| {
            let asked = asked(&governed);
            if let Some(policies) = &authorize.policies {
                let decision = policies.decide(&asked);
                if since.is_none_or(|since| asked.time >= since) {
                    answers.count(&decision);
                }
                answers.note(decision, &asked, governed);
            }
            if authorize.keeps_asked {
                answers.asked.push(asked);
            }
        });
        answers
    }

    fn count(&mut self, decision: &Decision) {
        let counts = &mut self.counts;
        counts.changes += 1;
        match decision.verdict {
            Verdict::Permitted => counts.permitted += 1,
            Verdict::Forbidden => counts.forbidden += 1,
            Verdict::Unknown => {
                counts.unknown += 1;
                match (decision.errors.is_empty(), decision.doubts.is_empty()) {
                    (false, _) => counts.failed += 1,
                    (true, false) => counts.doubted += 1,
                    (true, true) => {}
                }
            }
        }
    }

    fn note(&mut self, decision: Decision, asked: &Asked, governed: Governed) {
        let authorized = said(&decision);
        for failure in decision.errors {
            let first = || Failed {
                policy: failure.policy.clone(),
                message: failure.message.clone(),
                changes: 0,
                first: governed.clone(),
            };
            self.failed.entry(failure.policy.clone()).or_insert_with(first).changes += 1;
        }
        let gravest = match &asked.effect {
            EffectFacts::Known(effect) => effect.severity,
            EffectFacts::Unknown { .. } => Some(Severity::Critical),
        };
        let place = (governed.row.file.clone(), governed.row.record);
        // Members of an archive may have one name, so of a place that stands twice the worse counts.
        let answer = Answer { said: authorized.clone(), gravest };
        let told = self.by_place.entry(place).or_insert(answer);
        told.said = together([&told.said, &authorized]);
        told.gravest = told.gravest.min(gravest);
        if authorized.verdict == Verdict::Forbidden {
            for policy in &authorized.by {
                let group = Group::of(policy, &governed);
                if self.forbidden.len() >= FINDINGS_MAX && !self.forbidden.contains_key(&group) {
                    continue;
                }
                let changes = self.forbidden.entry(group).or_default();
                if changes.len() < TOLD_MAX {
                    changes.push(governed.clone());
                }
            }
        }
    }

    /// Marks findings, and adds those of the policies themselves.
    pub(crate) fn add_to(&self, findings: &mut Vec<Finding>) {
        self.mark(findings);
        let forbidden = self.forbidden.iter().filter_map(|(group, all)| group.finding(all));
        let before = findings.len();
        findings.extend(forbidden.chain(self.failed.values().map(Failed::finding)));
        if findings.len() > before {
            conclude::sort(findings);
        }
    }

    /// The rows of the changes, with what policies say. A call that is no change of IAM is among them
    /// where one of them speaks of it.
    pub(crate) fn rows(
        &self,
        engine: &Engine,
        findings: &[Finding],
        sources: &Sources<'_>,
    ) -> Vec<ChangeRow> {
        let is_spoken_of = |row: &ChangeRow| self.of_row(row).verdict != Verdict::Unknown;
        let mut rows =
            engine.rows(findings, sources, |row, is_change| is_change || is_spoken_of(row));
        for row in &mut rows {
            row.authorized = self.of_row(row);
        }
        rows
    }

    /// Marks findings by what is said of the changes that they rest on.
    fn mark(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|one| one.authorized == Authorized::default()) {
            let all = finding.evidence.iter().map(|evidence| {
                // What no policy was asked about, nobody permitted.
                static NOT_ASKED: Answer = Answer {
                    said: Authorized {
                        verdict: Verdict::Unknown,
                        by: Vec::new(),
                        doubts: Vec::new(),
                    },
                    gravest: None,
                };
                let place = (evidence.file.clone(), evidence.record);
                self.by_place.get(&place).unwrap_or(&NOT_ASKED)
            });
            let gravest = all.clone().filter_map(|answer| answer.gravest).max();
            let is_listed = finding.evidence.len() as u64 == finding.evidence_total;
            let is_weighed = finding.kind != Kind::Detection || Some(finding.severity) <= gravest;
            let told = together(all.map(|answer| &answer.said));
            let is_whole = is_listed && is_weighed && !finding.evidence.is_empty();
            if told.verdict == Verdict::Permitted && !is_whole {
                continue;
            }
            if told.verdict == Verdict::Permitted && finding.status == Status::Open {
                finding.status = Status::Authorized;
            }
            finding.authorized = told;
        }
    }

    /// What is said of a row.
    fn of_row(&self, row: &ChangeRow) -> Authorized {
        let place = (row.file.clone(), row.record);
        self.by_place.get(&place).map(|answer| answer.said.clone()).unwrap_or_default()
    }

    /// What was asked, where it is kept.
    pub(crate) fn take_asked(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.asked)
    }

    /// Counts, with the findings as they were marked.
    pub(crate) fn counts(&self, findings: &[Finding]) -> PolicyUse {
        let is_it = |finding: &&Finding| finding.status == Status::Authorized;
        PolicyUse {
            authorized_findings: findings.iter().filter(is_it).count() as u64,
            ..self.counts
        }
    }
}

/// What policies say of a change.
#[must_use]
pub fn said(decision: &Decision) -> Authorized {
    let Decision { verdict, by, doubts, .. } = decision;
    let doubts = doubts.iter().map(ToString::to_string).collect();
    Authorized { verdict: *verdict, by: by.clone(), doubts }
}

/// What is said of several changes as a whole: one that is forbidden decides, and one of which nothing
/// is known leaves nothing known of all.
#[must_use]
pub fn together<'a>(all: impl IntoIterator<Item = &'a Authorized>) -> Authorized {
    let all: Vec<&Authorized> = all.into_iter().collect();
    let has = |verdict| all.iter().any(|one| one.verdict == verdict);
    let verdict = match (has(Verdict::Forbidden), has(Verdict::Unknown)) {
        (true, _) => Verdict::Forbidden,
        (false, true) => Verdict::Unknown,
        (false, false) if all.is_empty() => Verdict::Unknown,
        (false, false) => Verdict::Permitted,
    };
    let mut by: Vec<String> = match verdict {
        Verdict::Unknown => Vec::new(),
        _ => {
            let deciding = all.iter().filter(|one| one.verdict == verdict);
            deciding.flat_map(|one| one.by.iter().cloned()).collect()
        }
    };
    by.sort_unstable();
    by.dedup();
    let mut doubts: Vec<String> = match verdict {
        Verdict::Unknown => all.iter().flat_map(|one| one.doubts.iter().cloned()).collect(),
        _ => Vec::new(),
    };
    doubts.sort_unstable();
    doubts.dedup();
    Authorized { verdict, by, doubts }
}
