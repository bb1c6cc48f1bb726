//! What becomes of the findings of every check's own examples.

use expect_test::expect_file;
use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer, Outcome, Snapshot};
use trailwarden_account::{Baseline, Models};
use trailwarden_model::Finding;
use trailwarden_model::posture::Verdict;
use trailwarden_posture::check::Check;
use trailwarden_posture::state::Accounts;
use trailwarden_posture::{State, assess, example};
use trailwarden_remedy::people;
use trailwarden_runtime::remedies::{Known, Made, Outcome as PlanOutcome, plan};

use crate::told::Told;

/// What the check of a rule tells a person.
fn advice(rule: &str) -> Option<&'static str> {
    assess::all().into_iter().find(|check| check.id == rule).map(|check| check.fix)
}

/// The lists of the keys that the credential report counts.
fn keys(text: &str) -> impl Iterator<Item = Answer> {
    let rows = text.lines().filter_map(|line| line.trim().strip_prefix("report "));
    rows.filter_map(|row| {
        let (user, cells) = row.split_once(' ')?;
        let cell = |name: &str| {
            cells.split(' ').find_map(|one| one.split_once('=').filter(|it| it.0 == name))
        };
        let keys = ["1", "2"].into_iter().filter_map(|slot| {
            let (_, is_active) = cell(&format!("access_key_{slot}_active"))?;
            let made = cell(&format!("access_key_{slot}_last_rotated")).map(|(_, made)| made);
            Some(json!({ "UserName": user, "AccessKeyId": format!("AKIA{slot}"),
                "Status": if is_active == "true" { "Active" } else { "Inactive" },
                "CreateDate": made.unwrap_or("2026-01-01T00:00:00Z") }))
        });
        let keys: Vec<Value> = keys.collect();
        Some(Answer {
            api: "iam:ListAccessKeys".to_owned(),
            region: None,
            about: [("UserName".to_owned(), user.to_owned())].into(),
            time: example::now(),
            outcome: Outcome::Got { body: json!({ "AccessKeyMetadata": keys }) },
        })
    })
}

/// An account of an example, with the lists of its keys.
fn account(text: &str) -> (Snapshot, Accounts) {
    let mut snapshot = example::snapshot(text).unwrap();
    keys(text).for_each(|answer| snapshot.push(answer));
    // One that AWS answered in parts only makes no model.
    let baselines: Vec<Baseline> = snapshot.baseline().into_iter().collect();
    let accounts = Accounts::new(Models::from_baselines(&baselines));
    (snapshot, accounts)
}

/// An administrator who is out of it all.
pub(crate) const KEEPER: &str =
    "user keeper\nuser/keeper has AdministratorAccess\nreport keeper password_enabled=true";

/// Plans for what a check finds in an account: an administrator who is out of it all stays there.
fn made(check: &'static Check, text: &str) -> Made {
    made_beside(check, text, KEEPER)
}

/// Plans for what a check finds in an account, in which others are besides.
pub(crate) fn made_beside(check: &'static Check, text: &str, others: &str) -> Made {
    let (snapshot, accounts) = account(text);
    let state = State::new(&accounts, &snapshot).with_policy_tightened(example::tightened(text));
    let rows = assess(&state, &[check]);
    let failed = rows.into_iter().filter(|row| row.verdict == Verdict::Fail);
    let findings: Vec<Finding> = failed.map(|row| row.finding).collect();
    let (snapshot, accounts) = account(&format!("{text}\n{others}"));
    let now = example::now().plus(3_600);
    let told = Known::of(&snapshot, accounts.models(), now);
    let known = Known { advice, finds_in: assess::finds_in, ..told };
    plan(known, &findings, &[])
}

/// What stays unknown: since when a key is inactive, which logs tell, and which group is to read the
/// logs, which an option names.
#[test]
fn every_finding_of_a_check_has_a_plan_or_a_true_reason() {
    let mut told = Told::default();
    for check in assess::all().into_iter().filter(|check| !check.fails_on.is_empty()) {
        told.rule(check.id, check.fails_on.iter().map(|text| made(check, text)));
    }
    expect_file!["checks.txt"].assert_eq(&told.finish());
}

/// Whoever has no plan must learn how all the same: a sentence is no help.
#[test]
fn whatever_a_person_does_is_told_in_steps() {
    for check in assess::all() {
        if check.remedies.is_empty() {
            let by_hand = people::for_check(check.id);
            assert!(by_hand.is_some_and(|it| it.how.len() > 1), "{}", check.id);
        }
        for text in check.fails_on {
            let answers = made(check, text).answers;
            for answer in answers.iter().filter(|it| it.outcome == PlanOutcome::Person) {
                assert!(answer.how.len() > 1, "{}: {:?}", check.id, answer.how);
            }
        }
    }
}
