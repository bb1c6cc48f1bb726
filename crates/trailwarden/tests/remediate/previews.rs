//! Previews of plans for what is found in an account of many flaws. The file is for reading.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;
use trailwarden_account::Models;
use trailwarden_model::posture::Verdict;
use trailwarden_model::{Severity, Timestamp};
use trailwarden_posture::state::Accounts;
use trailwarden_posture::{State, assess};
use trailwarden_record::limits::Limits;

use trailwarden_runtime::baselines::snapshots;
use trailwarden_runtime::remedies::{Known, plan};

/// So many findings of a rule are planned for, as each draws the account's graph anew.
const EACH: usize = 1;

#[test]
fn previews_of_a_vulnerable_account_are_read() {
    let folder = format!("{}/../../fixtures/accounts/vulnerable", env!("CARGO_MANIFEST_DIR"));
    let files = [
        format!("{folder}/authorization-details.json"),
        format!("111122223333={folder}/credential-report.csv"),
    ];
    let now = Timestamp::parse("2026-06-01T12:00:00Z").unwrap();
    let all = snapshots(&files, Limits::default(), Some(now)).unwrap();
    let [snapshot] = all.as_slice() else { panic!("one account") };
    let accounts = Accounts::new(Models::from_baselines(&[snapshot.baseline().unwrap()]));
    let checks = assess::all();
    let rows = assess(&State::new(&accounts, snapshot), &checks);
    let failed = rows.into_iter().filter(|row| row.verdict == Verdict::Fail);
    let mut planned: BTreeMap<String, usize> = BTreeMap::new();
    let mut text = String::new();
    for finding in failed.map(|row| row.finding).filter(|one| one.severity >= Severity::High) {
        let count = planned.entry(finding.rule.clone()).or_default();
        if *count == EACH {
            continue;
        }
        let known = Known::of(snapshot, accounts.models(), now);
        let Some(plan) = plan(known, std::slice::from_ref(&finding), &[]).plan else { continue };
        *count += 1;
        writeln!(text, "{}: {}", finding.rule, finding.target.label()).unwrap();
        for step in &plan.steps {
            writeln!(text, "  {}. {}", step.operation, step.purpose).unwrap();
        }
        for line in plan.preview.effect.unwrap().lines() {
            writeln!(text, "    {line}").unwrap();
        }
    }
    expect_file!["previews.txt"].assert_eq(&text);
}
