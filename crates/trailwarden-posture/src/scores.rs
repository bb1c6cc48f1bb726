//! What an assessment comes to: scores of frameworks, and what to fix first.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::Severity;
use trailwarden_model::finding::Status;
use trailwarden_model::posture::{PostureRow, Verdict};

use crate::check::Check;
use crate::frameworks::{self, Framework};

/// How an account does in a framework. A control that several checks answer passes when all of them
/// do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// The framework's id, such as `cis-7.0.0`.
    pub framework: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Controls that pass.
    pub passed: u64,
    /// Controls of which some row fails.
    pub failed: u64,
    /// Controls that fail nowhere but where an exception accepts it.
    pub accepted: u64,
    /// Controls that cannot be told for want of an answer.
    pub unknown: u64,
    /// Controls that a person must look at.
    pub manual: u64,
    /// Controls that do not arise.
    pub not_applicable: u64,
    /// Of the controls that pass, fail, are accepted or unknown, how many pass, in whole percent.
    /// What is unknown counts against it.
    pub percent: Option<u64>,
    /// The controls that fail.
    pub failing: Vec<String>,
}

/// A thing to fix, with all that it mends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Priority {
    /// The check.
    pub check: String,
    /// What is wrong.
    pub title: String,
    /// What else is wrong and goes with it, since the same is to be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The worst severity among its rows.
    pub severity: Severity,
    /// Why it comes so early.
    pub reason: String,
    /// What to do.
    pub fix: String,
    /// The resources, the worst first.
    pub resources: Vec<String>,
}

/// Scores of all frameworks that the rows speak of.
#[must_use]
pub fn scores(rows: &[PostureRow], of: &[Framework]) -> Vec<Score> {
    of.iter().map(|framework| score(rows, *framework)).filter(|score| score.total() > 0).collect()
}

impl Score {
    fn total(&self) -> u64 {
        self.passed + self.failed + self.accepted + self.unknown + self.manual + self.not_applicable
    }
}

fn score(rows: &[PostureRow], framework: Framework) -> Score {
    let mut controls: BTreeMap<&str, BTreeSet<Standing>> = BTreeMap::new();
    for row in rows {
        for reference in row.frameworks.iter().filter(|one| framework.has(one)) {
            controls.entry(&reference.control).or_default().insert(Standing::of(row));
        }
    }
    let mut score = Score {
        framework: framework.id.to_owned(),
        name: framework.name.to_owned(),
        version: framework.version.to_owned(),
        passed: 0,
        failed: 0,
        accepted: 0,
        unknown: 0,
        manual: 0,
        not_applicable: 0,
        percent: None,
        failing: Vec::new(),
    };
    for (control, standings) in controls {
        // The first in order decides.
        match standings.first() {
            Some(Standing::Failed) => {
                score.failed += 1;
                score.failing.push(control.to_owned());
            }
            Some(Standing::Unknown) => score.unknown += 1,
            Some(Standing::Accepted) => score.accepted += 1,
            Some(Standing::Manual) => score.manual += 1,
            Some(Standing::Passed) => score.passed += 1,
            Some(Standing::NotApplicable) | None => score.not_applicable += 1,
        }
    }
    score.failing.sort_by_key(|control| frameworks::order(control));
    let judged = score.passed + score.failed + score.accepted + score.unknown;
    score.percent = (score.passed * 100).checked_div(judged);
    score
}

/// How a row counts, the one that decides first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Standing {
    Failed,
    Unknown,
    Accepted,
    Manual,
    Passed,
    NotApplicable,
}

impl Standing {
    fn of(row: &PostureRow) -> Self {
        match row.verdict {
            Verdict::Fail if row.finding.status == Status::Suppressed => Self::Accepted,
            Verdict::Fail => Self::Failed,
            Verdict::Unknown => Self::Unknown,
            Verdict::Manual => Self::Manual,
            Verdict::Pass => Self::Passed,
            Verdict::NotApplicable => Self::NotApplicable,
        }
    }
}

/// What to fix first: by harm, then by how many frameworks ask for it, then by how little there is to
/// do. Flaws that one thing mends are one.
#[must_use]
pub fn first(rows: &[PostureRow], checks: &[&'static Check], most: usize) -> Vec<Priority> {
    let mut by_check: BTreeMap<&str, Vec<&PostureRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| Standing::of(row) == Standing::Failed) {
        by_check.entry(&row.check).or_default().push(row);
    }
    let mut all: Vec<(Severity, usize, Vec<&PostureRow>)> = by_check
        .into_values()
        .filter_map(|mut rows| {
            rows.sort_by_key(|row| std::cmp::Reverse(row.finding.severity));
            let first = *rows.first()?;
            Some((first.finding.severity, frameworks_of(first).len(), rows))
        })
        .collect();
    all.sort_by(|a, b| (b.0, b.1, a.2.len()).cmp(&(a.0, a.1, b.2.len())));
    let mut found: Vec<Priority> = Vec::new();
    for one in all.into_iter().filter_map(|(severity, _, rows)| priority(severity, &rows, checks)) {
        if let Some(known) = found.iter_mut().find(|known| known.fix == one.fix) {
            known.join(one);
        } else if found.len() < most {
            found.push(one);
        }
    }
    found
}

impl Priority {
    fn join(&mut self, other: Self) {
        self.also.push(other.title);
        for resource in other.resources {
            if !self.resources.contains(&resource) {
                self.resources.push(resource);
            }
        }
    }
}

/// The frameworks that ask for it, whatever their versions.
fn frameworks_of(row: &PostureRow) -> BTreeSet<&str> {
    row.frameworks.iter().map(|one| one.name.as_str()).collect()
}

fn priority(
    severity: Severity,
    rows: &[&PostureRow],
    checks: &[&'static Check],
) -> Option<Priority> {
    let row = rows.first()?;
    let check = checks.iter().find(|check| check.id == row.check)?;
    let mut resources: Vec<String> = Vec::new();
    for row in rows {
        if !resources.contains(&row.resource) {
            resources.push(row.resource.clone());
        }
    }
    let names: Vec<&str> = frameworks_of(row).into_iter().collect();
    let closes = match names.is_empty() {
        true => String::new(),
        false => format!(" Asked for by {}.", names.join(", ")),
    };
    Some(Priority {
        check: check.id.to_owned(),
        title: check.title.to_owned(),
        also: Vec::new(),
        severity,
        reason: format!("{}{closes}", check.risk),
        fix: check.fix.to_owned(),
        resources,
    })
}
