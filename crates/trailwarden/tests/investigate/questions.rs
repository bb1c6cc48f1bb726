//! Whom one may ask for, and what the answer is when there is nobody.

use serde_json::json;

use crate::support::{
    Story as _, folder, investigate, people, put, records, run, run_on, story_of,
};

const TRAIL: &str = r#"
    alice iam:CreateUser user/eve ip=203.0.113.9 {"eventID":"083dc4ad-e264-46bc-a407-d0dd31b58bdc"}
    bob iam:CreateUser user/kim ip=198.51.100.7
    role/deploy/build-7 s3:ListBuckets ip=203.0.113.9 key=ASIABUILD70000000000
    role/deploy/build-8 s3:ListBuckets key=ASIABUILD80000000000
    root iam:CreateAccessKey"#;

#[test]
fn everything_that_names_somebody_finds_them() {
    let records = records(TRAIL);
    for (asked, expected) in [
        ("alice", "subject user alice"),
        ("ALICE", "subject user alice"),
        ("user/alice", "subject user alice"),
        ("arn:aws:iam::111122223333:user/alice", "subject user alice"),
        ("083dc4ad-e264-46bc-a407-d0dd31b58bdc", "subject user alice"),
        ("deploy", "subject role deploy"),
        ("arn:aws:iam::111122223333:role/deploy", "subject role deploy"),
        ("build-7", "subject session deploy/build-7"),
        ("deploy/build-7", "subject session deploy/build-7"),
        ("arn:aws:sts::111122223333:assumed-role/deploy/build-7", "subject session deploy/build-7"),
        ("ASIABUILD70000000000", "subject session deploy/build-7"),
        ("root", "subject root root"),
    ] {
        let story = story_of(&records, asked);
        let people = people(&story);
        assert_eq!(people[0], expected, "{asked}");
        let subjects = people.iter().filter(|who| who.starts_with("subject")).count();
        assert_eq!(subjects, 1, "{asked}: {people:?}");
    }
}

#[test]
fn an_address_is_all_who_called_from_it_and_only_from_it() {
    let story = story_of(&records(TRAIL), "203.0.113.9");
    let subjects: Vec<&str> = story.subjects().map(|who| who.name.as_str()).collect();
    assert_eq!(subjects, ["alice", "deploy/build-7"]);
    assert_eq!(story.summary.own_records, 2);
}

#[test]
fn somebody_who_never_called_is_told_by_what_others_did() {
    let story = story_of(&records(TRAIL), "eve");
    assert_eq!(people(&story), ["subject user eve"]);
    assert_eq!(story.summary.own_records, 0);
    assert_eq!(story.timeline.len(), 1);
    assert_eq!(story.timeline[0].event_name, "CreateUser");
    assert!(story.notes.iter().any(|note| note.contains("No call of it")), "{:?}", story.notes);
}

#[test]
fn nobody_of_that_name_is_told_with_names_that_are_near() {
    let ran = investigate(&records(TRAIL), "alise", &["--json"]);
    assert_eq!(ran.code, 2);
    assert!(!ran.story().found);
    assert_eq!(ran.story().near, ["user/alice"]);
    assert!(ran.said.contains("user/alice"), "{}", ran.said);
    let quiet = investigate(&records(TRAIL), "AKIANOBODY0000000000", &["--quiet"]);
    assert_eq!((quiet.code, quiet.said.as_str()), (2, ""));
}

/// A name in two accounts is two people; the story is of both and says so.
#[test]
fn a_name_in_two_accounts_is_told_as_two_until_one_is_chosen() {
    let records = records(
        "alice iam:CreateUser user/eve
         alice iam:CreateUser user/kim account=444455556666",
    );
    let story = story_of(&records, "alice");
    assert_eq!(story.subjects().count(), 2);
    let note = story.notes.first().unwrap();
    for word in ["2 principals", "111122223333", "444455556666", "--account"] {
        assert!(note.contains(word), "{note}");
    }
    let table = investigate(&records, "alice", &["--format", "table"]).words();
    assert!(table.contains("or --account narrows it."), "{table}");
    let one = investigate(&records, "alice", &["--account", "444455556666", "--json"]);
    assert_eq!(one.code, 0);
    assert_eq!(one.story().subjects().count(), 1);
}

#[test]
fn since_and_until_bound_what_is_told_and_not_who_is_followed() {
    let trail = r#"alice sts:AssumeRole role/deploy issues=ASIAFIRST {"response":{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/a","assumedRoleId":"AROADEPLOY:a"}}}
        +1h role/deploy/a iam:CreateUser user/eve key=ASIAFIRST
        +1h role/deploy/a iam:CreateUser user/kim key=ASIAFIRST"#;
    let records = records(trail);
    let since = ["--since", "2026-03-01T12:30:00Z", "--until", "2026-03-01T13:30:00Z", "--json"];
    let ran = investigate(&records, "alice", &since);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let story = ran.story();
    assert_eq!(crate::support::changes(&story), ["deploy/a CreateUser user eve"]);
    assert_eq!(crate::support::left(&story), ["user eve: stands"]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_the_story() {
    let folder = folder();
    let good = json!({ "Records": records(TRAIL) }).to_string();
    let log = put(folder.path(), "log.json", good);
    let bad = put(folder.path(), "bad.json", "{\"Records\":[{\"eventTime\":\"2026-0");
    let ran = run(&["investigate", &log, &bad, "--principal", "alice", "--json"]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.story().summary.rejects, ran.story().rejects.len() as u64);
    assert!(ran.story().rejects.iter().any(|reject| reject.file == bad));
    assert_eq!(run(&["investigate", "/nowhere", "--principal", "alice"]).code, 2);
    assert_eq!(run(&["investigate", &log, "--principal", " "]).code, 2);
    assert_eq!(run(&["investigate", &log]).code, 2);
}

#[test]
fn standard_input_is_read_twice() {
    let input = json!({ "Records": records(TRAIL) }).to_string();
    let ran = run_on(input.as_bytes(), &["investigate", "-", "--principal", "alice"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.contains("CreateUser") && ran.out.contains("eve"), "{}", ran.out);
}
