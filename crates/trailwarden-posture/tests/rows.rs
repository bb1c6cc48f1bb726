//! What becomes of rows: one for each resource, compared with earlier ones, accepted.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which the lint does not take for tests")]

use trailwarden_account::Models;
use trailwarden_model::Timestamp;
use trailwarden_model::posture::{History, PostureRow, Verdict};
use trailwarden_posture::check::Check;
use trailwarden_posture::exceptions::{Exception, Exceptions};
use trailwarden_posture::state::Accounts;
use trailwarden_posture::{State, assess, compare, example};

fn checks(ids: &[&str]) -> Vec<&'static Check> {
    let mut all = trailwarden_posture::assess::all();
    all.retain(|check| ids.contains(&check.id));
    assert_eq!(all.len(), ids.len());
    all
}

fn rows(text: &str, ids: &[&str]) -> Vec<PostureRow> {
    let snapshot = example::snapshot(text).unwrap();
    let baselines: Vec<_> = snapshot.baseline().into_iter().collect();
    let accounts = Accounts::new(Models::from_baselines(&baselines));
    assess(&State::new(&accounts, &snapshot), &checks(ids))
}

const POLICIES: &str = "user-with-direct-policies";
const GROUPS: &str = "group-without-members";
const FLAWED: &str = "user alice\nuser/alice allows iam:*\ngroup ops";

fn history(rows: &[PostureRow], check: &str) -> Vec<Option<History>> {
    let of_check = rows.iter().filter(|row| row.check == check);
    of_check.map(|row| row.history).collect()
}

#[test]
fn what_was_mended_is_fixed_and_what_stays_is_open() {
    let mut now = rows("user alice\nuser/alice allows iam:*", &[POLICIES, GROUPS]);
    compare::since(&mut now, rows(FLAWED, &[POLICIES, GROUPS]));
    assert!(history(&now, POLICIES).contains(&Some(History::Open)));
    assert!(history(&now, GROUPS).contains(&Some(History::Fixed)));
}

/// A check that nobody ran says nothing of what it found earlier.
#[test]
fn what_nobody_looked_at_is_not_fixed() {
    let mut now = rows("user alice", &[POLICIES]);
    compare::since(&mut now, rows(FLAWED, &[POLICIES, GROUPS]));
    assert!(history(&now, POLICIES).contains(&Some(History::Fixed)));
    assert_eq!(history(&now, GROUPS), []);
}

/// An account that is not in this assessment was not mended.
#[test]
fn another_account_is_not_fixed() {
    let mut earlier = rows(FLAWED, &[GROUPS]);
    for row in &mut earlier {
        row.finding.account = Some("444455556666".to_owned());
        row.finding.id.push_str("-elsewhere");
    }
    let mut now = rows(FLAWED, &[GROUPS]);
    let before = now.len();
    compare::since(&mut now, earlier);
    assert_eq!(now.len(), before);
}

/// A key of which too little is told is no key that cannot rotate.
#[test]
fn a_key_that_is_half_described_is_unknown() {
    let text = |metadata: &str| {
        let key = "KeyId=arn:aws:kms:us-east-1:111122223333:key/k";
        format!(
            r#"account:ListRegions {{"Regions":[{{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"}}]}}
kms:ListKeys @us-east-1 {{"Keys":[{{"KeyArn":"arn:aws:kms:us-east-1:111122223333:key/k"}}]}}
kms:DescribeKey @us-east-1 {key} {{"KeyMetadata":{metadata}}}
kms:GetKeyRotationStatus @us-east-1 {key} {{"KeyRotationEnabled":false}}"#
        )
    };
    let verdicts = |metadata: &str| {
        let rows = rows(&text(metadata), &["key-without-rotation"]);
        rows.iter().map(|row| row.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("{}"), [Verdict::Unknown]);
    assert_eq!(verdicts(r#"{"KeyManager":"CUSTOMER"}"#), [Verdict::Unknown]);
    assert!(!verdicts(r#"{"KeyManager":"AWS"}"#).contains(&Verdict::Unknown));
}

fn accepted(check: &str, resource: &str) -> Exceptions {
    let exception = Exception {
        check: check.to_owned(),
        resource: resource.to_owned(),
        account: None,
        reason: "agreed".to_owned(),
        expires: "2027-01-01".to_owned(),
    };
    Exceptions { all: vec![exception] }
}

/// An exception is idle when its check was run and had nothing for it, not when nobody asked.
#[test]
fn an_exception_is_idle_only_where_its_check_was_run() {
    let now = Timestamp::parse("2026-06-01T00:00:00Z").unwrap();
    let notes = accepted(GROUPS, "group/no-such").apply(&mut rows(FLAWED, &[GROUPS]), now);
    assert_eq!(notes.idle.len(), 1);
    let notes = accepted(GROUPS, "group/no-such").apply(&mut rows(FLAWED, &[POLICIES]), now);
    assert_eq!(notes.idle, Vec::<String>::new());
    let mut all = rows(FLAWED, &[GROUPS]);
    let notes = accepted(GROUPS, "group/ops").apply(&mut all, now);
    assert_eq!(notes.idle, Vec::<String>::new());
    assert!(all.iter().any(|row| row.verdict == Verdict::Fail && row.exception.is_some()));
}
