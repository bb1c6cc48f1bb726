//! What changes are said to do.

use serde_json::Value;

use crate::support::{Changes as _, TRAIL, changes, example, folder, log, records};

/// Six calls of one name on one day, six answers; the day after, renames.
#[test]
fn the_same_call_six_times_has_six_effects() {
    let rows = changes(&example(), &["--since", "2026-04-14", "--json"]).changes();
    let told: Vec<(&str, Option<&str>, &str)> = rows
        .iter()
        .filter(|row| row["event"] == "iam:PutGroupPolicy")
        .map(|row| {
            let target = row["target"]["name"].as_str().unwrap();
            (target, row["severity"].as_str(), row["moved"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("analysts", None, "nothing"),
            ("auditors", None, "lost"),
            ("dashboards", Some("low"), "gained"),
            ("builders", Some("critical"), "gained"),
            ("contractors", Some("medium"), "latent"),
            ("release-managers", Some("critical"), "gained"),
        ]
    );
    let sentences: Vec<&str> = rows.iter().map(|row| row["sentence"].as_str().unwrap()).collect();
    assert!(sentences[4].contains("ContractorBoundary"), "the cap is named: {}", sentences[4]);
    for (place, sentence) in sentences.iter().enumerate().take(6) {
        assert!(!sentences[..place].contains(sentence), "said twice: {sentence}");
    }
    let builders = &rows[3]["effect"]["principals"];
    let grades = |at: usize| (&builders[at]["grade_before"], &builders[at]["grade_after"]);
    assert_eq!(grades(0), (&Value::from("read"), &Value::from("privesc")));
    assert_eq!(builders[1]["arn"], "arn:aws:iam::111122223333:user/emre");
}

/// A rename is told from a rename with consequences.
#[test]
fn renames_with_and_without_consequences_are_told_apart() {
    let rows = changes(&example(), &["--since", "2026-04-15", "--json"]).changes();
    let [ben, jonas, nina] = rows.as_slice() else { panic!("three renames: {rows:?}") };
    assert_eq!((&ben["target"]["name"], &ben["severity"]), (&"ben".into(), &Value::Null));
    assert_eq!((&jonas["severity"], &jonas["moved"]), (&"low".into(), &"both".into()));
    assert_eq!(nina["severity"], "critical", "{nina}");
    let who = &nina["effect"]["principals"][0]["arn"];
    assert_eq!(who, "arn:aws:iam::111122223333:user/lena", "by a path, another gains");
}

/// Quiet, denied and failed calls are rows too, and who tried is named.
#[test]
fn every_change_is_a_row_whatever_became_of_it() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let rows = changes(&log, &["--json"]).changes();
    let told: Vec<[&str; 4]> = rows
        .iter()
        .map(|row| {
            let text = |pointer: &str| row.pointer(pointer).unwrap().as_str().unwrap();
            [text("/actor/kind"), text("/event"), text("/target/name"), text("/outcome")]
        })
        .collect();
    assert_eq!(
        told,
        [
            ["root", "iam:CreateUser", "alice", "succeeded"],
            ["root", "iam:CreateUser", "bob", "succeeded"],
            ["root", "iam:PutUserPolicy", "alice", "succeeded"],
            ["user", "iam:PutUserPolicy", "bob", "denied"],
            ["user", "iam:DeleteUser", "nobody", "failed"],
            ["user", "iam:PutUserPolicy", "alice", "succeeded"],
        ]
    );
    let last = &rows[5];
    assert_eq!((&last["severity"], &last["moved"]), (&"critical".into(), &"gained".into()));
    assert_eq!(last["effect"]["principals"][0]["grade_after"], "admin");
    let counts = &changes(&log, &["--json"]).json()["counts"];
    assert_eq!((&counts["changes"], &counts["denied"]), (&6.into(), &1.into()));
    assert_eq!(counts["failed"], 1);
}

/// The person behind a role is named, not the role.
#[test]
fn a_change_is_of_whoever_began_the_session() {
    let folder = folder();
    let trail = "
        alice sts:AssumeRole role/deploy/ci issues=ASIACHAIN
        role/deploy/ci iam:CreateUser user/carol key=ASIACHAIN";
    let log = log(folder.path(), &records(trail));
    let rows = changes(&log, &["--json"]).changes();
    let actor = &rows.last().unwrap()["actor"];
    assert_eq!(actor["name"], "alice");
    assert!(actor["session"].as_str().unwrap().ends_with("assumed-role/deploy/ci"));
    let table = changes(&log, &[]).out;
    assert!(table.contains("alice (user) as deploy/ci: CreateUser on carol (user)"), "{table}");
}

/// What was before `--since` is not listed, and still known.
#[test]
fn earlier_records_tell_what_was_before() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let all = changes(&log, &["--json"]).changes();
    let since = all[5]["time"].as_str().unwrap();
    let late = changes(&log, &["--json", "--since", since]).changes();
    assert_eq!(late, all[5..]);
    let until = all[2]["time"].as_str().unwrap();
    assert_eq!(changes(&log, &["--json", "--until", until]).changes(), all[..3]);
    assert!(changes(&log, &["--json", "--account", "444455556666"]).changes().is_empty());
    let grave = changes(&log, &["--json", "--min-severity", "critical"]).changes();
    let expected: Vec<Value> =
        all.iter().filter(|row| row["severity"] == "critical").cloned().collect();
    assert!(expected.contains(&all[5]) && expected.len() < all.len());
    assert_eq!(grave, expected);
}

/// Neither the order of files nor the number of workers shows.
#[test]
fn arrival_does_not_show() {
    let folder = folder();
    let all = records(TRAIL);
    let (early, late) = all.split_at(3);
    let write = |name: &str, records: &[Value]| {
        let lines: Vec<String> = records.iter().map(Value::to_string).collect();
        crate::support::put(folder.path(), name, lines.join("\n"))
    };
    let (first, second) = (write("z.ndjson", early), write("a.ndjson", late));
    let strip = |mut rows: Vec<Value>| {
        for row in &mut rows {
            row["record"] = Value::Null;
            row["file"] = Value::Null;
        }
        rows
    };
    let one = strip(crate::support::run(&["changes", &first, &second, "--json"]).changes());
    let other = crate::support::run(&["changes", &second, &first, "--json", "--threads", "4"]);
    assert_eq!(one, strip(other.changes()));
    assert_eq!(one.len(), 6);
}
