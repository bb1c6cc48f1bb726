//! Since when a key is inactive, and what the file withstands.

use std::fs;

use serde_json::json;
use trailwarden_remedy::Plan;

use super::*;
use crate::executor::{Approval, Direction, Event, How, Journal};

const ACCOUNT: &str = "111122223333";
const KEY: &str = "AKIAEXAMPLE";

fn day(number: i64) -> Timestamp {
    Timestamp::from_seconds(1_769_947_200 + number * 86_400)
}

fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

fn since(sightings: &Sightings, journaled: &Journaled) -> Option<Since> {
    sightings.inactive(account(), journaled).remove(KEY)
}

fn first_seen(number: i64, active: Option<i64>) -> Option<Since> {
    Some(Since { time: day(number), by: By::FirstSeen, active: active.map(day) })
}

/// What a run of ours makes of the key: its status in force, and whether AWS showed it.
fn append(journal: &mut Journal, run: &str, (number, status): (i64, &str), is_held: bool) {
    let example = trailwarden_remedy::find("deactivate-access-key").unwrap();
    let draft = example.draft(&example.example().unwrap()).unwrap();
    let plan = Plan::from_drafts(account(), day(number), day(number), vec![draft]);
    let approval = Approval { digest: plan.digest.clone(), how: How::Digest, by: "ci".to_owned() };
    let (direction, step) = (Direction::Apply, "1".to_owned());
    let mut events = vec![
        Event::Begun {
            approval,
            plan: Box::new(plan),
            caller: "arn:aws:iam::1:user/op".to_owned(),
        },
        Event::Calling {
            direction,
            step: step.clone(),
            call: "iam:UpdateAccessKey".to_owned(),
            input: json!({"UserName": "bob", "AccessKeyId": KEY, "Status": status}),
            before: Vec::new(),
        },
    ];
    if is_held {
        events.push(Event::Held { direction, step, differs: Vec::new() });
    }
    for event in events {
        journal.append(day(number), Some(run), event).unwrap();
    }
}

#[test]
fn the_first_sighting_counts_until_the_key_is_active_again() {
    let folder = tempfile::tempdir().unwrap();
    let none = Journaled::new();
    for (number, is_active, told) in [
        (1, true, None),
        (2, false, first_seen(2, Some(1))),
        (9, false, first_seen(2, Some(1))),
        // A baseline from before says nothing of now.
        (1, true, first_seen(2, Some(1))),
        (10, true, None),
        (12, false, first_seen(12, Some(10))),
    ] {
        let mut sightings = Sightings::open(folder.path()).unwrap();
        sightings.see_key(ACCOUNT, KEY, is_active, day(number));
        sightings.write().unwrap();
        drop(sightings);
        let sightings = Sightings::open(folder.path()).unwrap();
        assert_eq!(since(&sightings, &none), told, "day {number}");
    }
}

#[test]
fn our_own_run_tells_better_than_the_first_sighting() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), day(0)).unwrap();
    append(&mut journal, "r1", (3, "Inactive"), true);
    let told = journaled(&journal);
    let mut sightings = Sightings::open(folder.path()).unwrap();
    sightings.see_key(ACCOUNT, KEY, false, day(20));
    let run = |number: i64| {
        let (time, by) = (day(number), By::Run("r1".to_owned()));
        Some(Since { time, by, active: Some(time) })
    };
    assert_eq!(since(&sightings, &told), run(3));
    // Somebody switched it on again, and off.
    sightings.see_key(ACCOUNT, KEY, true, day(21));
    sightings.see_key(ACCOUNT, KEY, false, day(22));
    assert_eq!(since(&sightings, &told), first_seen(22, Some(21)));
}

/// Logs that end before say nothing of what came after them.
#[test]
fn a_log_of_a_deactivation_counts_unless_the_key_was_active_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut sightings = Sightings::open(folder.path()).unwrap();
    sightings.see_key(ACCOUNT, KEY, false, day(20));
    let told = since(&sightings, &Journaled::new()).unwrap();
    assert!(told.yields_to(day(2)), "it was never seen active");
    sightings.see_key(ACCOUNT, KEY, true, day(21));
    sightings.see_key(ACCOUNT, KEY, false, day(23));
    let told = since(&sightings, &Journaled::new()).unwrap();
    assert!(!told.yields_to(day(2)), "somebody switched it on again");
    assert!(told.yields_to(day(22)));
}

#[test]
fn a_run_that_may_have_switched_the_key_on_ends_the_grace() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), day(0)).unwrap();
    append(&mut journal, "r1", (3, "Inactive"), true);
    append(&mut journal, "r2", (4, "Active"), false);
    assert!(journaled(&journal).is_empty());
    append(&mut journal, "r3", (5, "Inactive"), false);
    assert!(journaled(&journal).is_empty(), "AWS never showed it");
}

#[test]
fn one_writes_at_a_time_and_strange_files_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let held = Sightings::open(folder.path()).unwrap();
    assert!(matches!(Sightings::open(folder.path()), Err(SightingsError::Locked(_))));
    held.write().unwrap();
    drop(held);
    let path = folder.path().join(FILE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fs::write(&path, r#"{"schema":"trailwarden.sightings/2","keys":{}}"#).unwrap();
    assert!(matches!(Sightings::open(folder.path()), Err(SightingsError::Schema { .. })));
    fs::write(&path, "[]").unwrap();
    assert!(matches!(Sightings::open(folder.path()), Err(SightingsError::Broken(_))));
    assert_eq!(fs::read(&path).unwrap(), b"[]");
}
