//! From snapshots to an assessment.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use trailwarden_account::{Baseline, Models, Snapshot};
use trailwarden_model::posture::{PostureRow, Verdict};
use trailwarden_model::{AccountId, Timestamp, escape};
use trailwarden_posture::check::{Area, Check};
use trailwarden_posture::exceptions::Exceptions;
use trailwarden_posture::frameworks::Framework;
use trailwarden_posture::state::Accounts;
use trailwarden_posture::{State, assess, compare, scores};

use crate::cli::terminal;
use crate::formats::posture::{Account, Assessment, Counts, SCHEMA};

/// How many things to fix first.
const FIRST: usize = 10;

/// What is asked of snapshots.
pub(super) struct Judged<'a> {
    pub(super) checks: &'a [&'static Check],
    pub(super) frameworks: &'a [Framework],
    pub(super) exceptions: &'a Exceptions,
    pub(super) now: Timestamp,
    /// When password policies were made stricter.
    pub(super) tightened: BTreeMap<AccountId, Timestamp>,
}

impl Judged<'_> {
    /// Judges them.
    pub(super) fn assess(
        &self,
        snapshots: &[Snapshot],
        earlier: Option<&[Snapshot]>,
    ) -> Assessment {
        let mut rows = self.rows(snapshots);
        if let Some(earlier) = earlier {
            compare::since(&mut rows, self.rows(earlier));
        }
        let notes = self.exceptions.apply(&mut rows, self.now);
        let accounts = snapshots.iter().map(|one| {
            let account = one.account.to_string();
            let of_account = |row: &&PostureRow| row.finding.account.as_ref() == Some(&account);
            let own: Vec<PostureRow> = rows.iter().filter(of_account).cloned().collect();
            Account { taken: one.taken, scores: scores::scores(&own, self.frameworks), account }
        });
        let accounts = accounts.collect();
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut assessment = Assessment {
            schema: SCHEMA.to_owned(),
            accounts,
            first: scores::first(&rows, self.checks, FIRST),
            findings: rows,
            rejects: Vec::new(),
            summary: Counts {
                checks: self.checks.len() as u64,
                exceptions_expired: notes.expired,
                exceptions_idle: notes.idle,
                ..Counts::default()
            },
        };
        assessment.count();
        assessment
    }

    fn rows(&self, snapshots: &[Snapshot]) -> Vec<PostureRow> {
        let baselines: Vec<Baseline> = snapshots.iter().filter_map(baseline).collect();
        let accounts = Accounts::new(Models::from_baselines(&baselines));
        let states = snapshots.iter().map(|one| {
            let tightened = self.tightened.get(&one.account).copied();
            State::new(&accounts, one).with_policy_tightened(tightened)
        });
        states.flat_map(|state| assess(&state, self.checks)).collect()
    }
}

/// What the model starts from; without it the checks that need it say so, each for itself.
fn baseline(snapshot: &Snapshot) -> Option<Baseline> {
    match snapshot.baseline() {
        Ok(baseline) => Some(baseline),
        Err(error) => {
            let error = anyhow::Error::from(error);
            terminal::warn(&format!("what needs the account's model is not known: {error:#}"));
            None
        }
    }
}

/// Fails first, the gravest before others, then by check, account and resource.
fn order(row: &PostureRow) -> impl Ord {
    let severity = match row.verdict {
        Verdict::Fail => Some(Reverse(row.finding.severity)),
        _ => None,
    };
    let finding = &row.finding;
    (row.verdict, severity, row.check.clone(), finding.account.clone(), row.resource.clone())
}

/// The checks, by what they are about.
pub(super) fn list(checks: &[&'static Check], out: &mut dyn io::Write) -> io::Result<()> {
    for area in Area::ALL {
        let of_area: Vec<_> = checks.iter().filter(|check| check.area == area).collect();
        if of_area.is_empty() {
            continue;
        }
        writeln!(out, "{}", area.as_str())?;
        for check in of_area {
            let severity = check.severity.as_str();
            writeln!(out, "  {severity:<9} {:<44} {}", check.id, escape::visible(check.title))?;
        }
    }
    Ok(())
}
