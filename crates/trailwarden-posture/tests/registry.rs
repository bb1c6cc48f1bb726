//! What holds for every check: its accounts, its names, what it needs, and that nothing is left out.

use std::collections::BTreeSet;

use trailwarden_account::snapshot::Outcome;
use trailwarden_account::{Models, Snapshot};
use trailwarden_model::Timestamp;
use trailwarden_model::posture::Verdict;
use trailwarden_posture::assess::{all, judge};
use trailwarden_posture::check::Check;
use trailwarden_posture::state::Accounts;
use trailwarden_posture::{Row, State, example};

/// Answers that tell only whether all was looked at: without them, what was seen is judged, and the
/// account as a whole is unknown.
const WHETHER_ALL: &[&str] = &["account:ListRegions", "kms:ListKeys"];

/// What a check says of an account.
fn rows(check: &'static Check, snapshot: &Snapshot, tightened: Option<Timestamp>) -> Vec<Row> {
    let baselines: Vec<_> = snapshot.baseline().into_iter().collect();
    let accounts = Accounts::new(Models::from_baselines(&baselines));
    let state = State::new(&accounts, snapshot).with_policy_tightened(tightened);
    judge(check, &state)
}

fn has(rows: &[Row], verdict: Verdict) -> bool {
    rows.iter().any(|row| row.verdict == verdict)
}

fn told(rows: &[Row]) -> String {
    let lines = rows.iter().map(|row| format!("  {}: {}", row.verdict.as_str(), row.sentence));
    lines.collect::<Vec<_>>().join("\n")
}

fn examples(check: &'static Check) -> impl Iterator<Item = (&'static str, bool)> {
    let fails = check.fails_on.iter().map(|text| (*text, true));
    fails.chain(check.passes_on.iter().map(|text| (*text, false)))
}

#[test]
fn every_check_fails_and_passes_on_its_accounts() {
    let mut wrong = Vec::new();
    for check in all().into_iter().filter(|check| !check.logic.is_manual()) {
        assert!(!check.fails_on.is_empty() && !check.passes_on.is_empty(), "{}", check.id);
        for (text, fails) in examples(check) {
            let snapshot = match example::snapshot(text) {
                Ok(snapshot) => snapshot,
                Err(error) => {
                    wrong.push(format!("{}: {error}", check.id));
                    continue;
                }
            };
            let rows = rows(check, &snapshot, example::tightened(text));
            let is_right = match fails {
                true => has(&rows, Verdict::Fail) && !has(&rows, Verdict::Unknown),
                false => {
                    has(&rows, Verdict::Pass)
                        && !has(&rows, Verdict::Fail)
                        && !has(&rows, Verdict::Unknown)
                }
            };
            if !is_right {
                let expected = if fails { "should fail" } else { "should pass" };
                wrong.push(format!("{} {expected} on\n{text}\n{}", check.id, told(&rows)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Without an answer that a check needs, nothing passes; and of each need, some account shows that
/// the verdict becomes unknown. A denied answer is no better than none.
#[test]
fn without_what_it_needs_nothing_passes() {
    let mut wrong = Vec::new();
    for check in all() {
        for need in check.needs {
            let mut becomes_unknown = false;
            for (text, _) in examples(check) {
                let Ok(mut snapshot) = example::snapshot(text) else { continue };
                snapshot.answers.retain(|answer| answer.api != *need);
                let when = example::tightened(text);
                let without = rows(check, &snapshot, when);
                let mut denied = example::snapshot(text).unwrap();
                for answer in denied.answers.iter_mut().filter(|answer| answer.api == *need) {
                    answer.outcome = Outcome::Denied { message: "AccessDenied".to_owned() };
                }
                let denied = rows(check, &denied, when);
                for rows in [&without, &denied] {
                    let may_pass = WHETHER_ALL.contains(need) && has(rows, Verdict::Unknown);
                    if has(rows, Verdict::Pass) && !may_pass {
                        wrong.push(format!(
                            "{} without {need} passes on\n{text}\n{}",
                            check.id,
                            told(rows)
                        ));
                    }
                }
                becomes_unknown |=
                    has(&without, Verdict::Unknown) && has(&denied, Verdict::Unknown);
            }
            if !becomes_unknown {
                wrong.push(format!("{} is never unknown without {need}", check.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// An account of which AWS told nothing is unknown throughout.
#[test]
fn nothing_passes_where_nothing_is_known() {
    let mut snapshot = example::snapshot("").unwrap();
    snapshot.answers.clear();
    for check in all() {
        let rows = rows(check, &snapshot, None);
        let expected = if check.logic.is_manual() { Verdict::Manual } else { Verdict::Unknown };
        assert!(rows.iter().all(|row| row.verdict == expected), "{}:\n{}", check.id, told(&rows));
    }
}

#[test]
fn ids_are_kebab_case_and_unique() {
    let mut ids = BTreeSet::new();
    for check in all() {
        let id = check.id;
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(id.bytes().all(is_plain), "{id}");
        assert!(!id.starts_with("ensure-") && !id.starts_with("check-"), "{id} names the cure");
        assert!(ids.insert(id), "{id} stands twice");
    }
    for check in trailwarden_posture::checks::ALL {
        let (root, file) = (env!("CARGO_MANIFEST_DIR"), check.id.replace('-', "_"));
        let file = format!("{root}/src/checks/{file}.rs");
        assert!(std::path::Path::new(&file).exists(), "{} is not its file's name", check.id);
    }
}

#[test]
fn every_check_says_what_a_reader_needs() {
    for check in all() {
        let id = check.id;
        assert!(check.title.len() >= 10 && !check.title.ends_with('.'), "{id}: title");
        assert!(check.risk.ends_with('.') && check.fix.ends_with('.'), "{id}: risk and fix");
        assert_eq!(check.needs.is_empty(), check.logic.is_manual(), "{id}: needs");
        for (text, _) in examples(check) {
            for row in rows(check, &example::snapshot(text).unwrap(), example::tightened(text)) {
                let sentence = &row.sentence;
                assert!(sentence.ends_with('.'), "{id}: {sentence}");
                assert!(!sentence.contains(['{', '}']), "{id}: {sentence}");
                assert!(!sentence.contains(".."), "{id}: {sentence}");
            }
        }
    }
}

/// Only logs tell when the password policy was made stricter.
#[test]
fn without_logs_no_password_is_called_new_enough() {
    let check =
        all().into_iter().find(|check| check.id == "password-older-than-its-policy").unwrap();
    let text =
        "user alice\nreport alice password_enabled=true password_last_changed=2026-04-01T00:00:00Z";
    let rows = rows(check, &example::snapshot(text).unwrap(), None);
    assert!(has(&rows, Verdict::Unknown) && !has(&rows, Verdict::Pass), "{}", told(&rows));
}

/// Two rows with one id could not be told apart, nor compared with those of another day.
#[test]
fn ids_of_rows_are_unique() {
    let text = "user alice\ngroup ops\nrole app trusts ec2.amazonaws.com\nuser/alice allows iam:*\ntrail main";
    let mut snapshot = example::snapshot(text).unwrap();
    // Without the summary, no list is known to be whole: many say so of the account.
    snapshot.answers.retain(|answer| answer.api != "iam:GetAccountSummary");
    let baselines: Vec<_> = snapshot.baseline().into_iter().collect();
    let accounts = Accounts::new(Models::from_baselines(&baselines));
    let rows = trailwarden_posture::assess(&State::new(&accounts, &snapshot), &all());
    let mut ids = BTreeSet::new();
    for row in rows {
        assert!(ids.insert(row.finding.id), "twice: {} {}", row.check, row.sentence);
    }
}

/// `DescribeTrails` tells the trails that record in one region (AWS CloudTrail API Reference): somebody who
/// saved that of a region without trails has not shown that there is none elsewhere.
#[test]
fn trails_of_one_region_are_not_all_trails() {
    let check = all().into_iter().find(|check| check.id == "no-trail").unwrap();
    let verdicts = |text: &str| {
        let rows = rows(check, &example::snapshot(text).unwrap(), None);
        rows.iter().map(|row| row.verdict).collect::<Vec<_>>()
    };
    let nothing = "cloudtrail:DescribeTrails @eu-west-1 {\"trailList\":[]}";
    assert_eq!(verdicts(nothing), [Verdict::Unknown]);
    let elsewhere = format!(
        "{nothing}\ncloudtrail:ListTrails {{\"Trails\":[{{\"TrailARN\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/x\",\
         \"HomeRegion\":\"us-east-1\"}}]}}"
    );
    assert_eq!(verdicts(&elsewhere), [Verdict::Unknown]);
    let nowhere = format!("{nothing}\ncloudtrail:ListTrails {{\"Trails\":[]}}");
    assert_eq!(verdicts(&nowhere), [Verdict::Fail]);
}

/// S3 counts the account's block and the bucket's together; whether a bucket is this account's, nobody tells.
#[test]
fn a_public_bucket_under_the_accounts_block_is_not_known() {
    let check = all().into_iter().find(|check| check.id == "trail-bucket-public").unwrap();
    let text = check.fails_on.last().unwrap();
    let text = text.replace(
        "s3control:GetPublicAccessBlock absent",
        r#"s3control:GetPublicAccessBlock {"PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true}}"#,
    );
    let rows = rows(check, &example::snapshot(&text).unwrap(), None);
    assert!(has(&rows, Verdict::Unknown) && !has(&rows, Verdict::Fail), "{}", told(&rows));
}

/// Use of a service is asked of those who may use it; where nobody may, nobody was asked and all is known.
#[test]
fn what_nobody_may_use_needs_no_answer() {
    let check =
        all().into_iter().find(|check| check.id == "bedrock-access-unused-by-user").unwrap();
    let verdicts = |text: &str| {
        let rows = rows(check, &example::snapshot(text).unwrap(), None);
        rows.iter().map(|row| row.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("user alice\nuser/alice allows s3:*"), [Verdict::NotApplicable]);
    let one_may = "user alice\nuser bob\nuser/bob allows bedrock:*";
    assert!(verdicts(one_may).contains(&Verdict::Unknown));
}
