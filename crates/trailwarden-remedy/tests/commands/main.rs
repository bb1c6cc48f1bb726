//! Every command of the AWS CLI that a person is told to type exists, and takes these parameters.
//!
//! What the CLI takes follows from botocore's descriptions of the services, which stand beside the emulator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use trailwarden_remedy::people;
use trailwarden_testkit::skip;

/// The commands in a text, which stand between backticks.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|one| one.starts_with("aws "))
}

/// By command where it stands.
fn all() -> BTreeMap<String, String> {
    let of_user = |name: &str| match name {
        "kind" | "actor_kind" => Some("user".to_owned()),
        _ => None,
    };
    let mut texts: Vec<(String, String)> = Vec::new();
    let rows = people::ALL.iter().chain(people::of_checks_and_remedies());
    for by_hand in rows {
        texts.push((by_hand.id.to_owned(), people::filled(by_hand.how, &of_user).join("\n")));
    }
    for (call, how) in people::calls::all() {
        texts.push(((*call).to_owned(), people::filled(how, &of_user).join("\n")));
    }
    let stops: Vec<&str> = people::stops::all().collect();
    texts.push(("stops".to_owned(), people::filled(&stops, &of_user).join("\n")));
    // With the names of findings, and what takes back what records changed.
    for file in [
        "trailwarden-runtime/tests/outcomes/detections.txt",
        "trailwarden/tests/remediate/checks.txt",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let text = std::fs::read_to_string(path).unwrap();
        texts.extend(text.lines().map(|line| (file.to_owned(), line.to_owned())));
    }
    let mut found = BTreeMap::new();
    for (place, text) in &texts {
        for command in commands(text) {
            found.entry(command.to_owned()).or_insert_with(|| place.clone());
        }
    }
    found
}

/// What is wrong with each of some commands.
fn faults(python: &std::ffi::OsStr, commands: &[&String]) -> Vec<(String, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/check.py");
    let mut process = Command::new(python)
        .arg("-B")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(json!(commands).to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told.len(), commands.len());
    let each = commands.iter().zip(told);
    each.filter_map(|(command, fault)| Some(((*command).clone(), fault.as_str()?.to_owned())))
        .collect()
}

#[test]
fn every_command_that_a_person_types_exists_and_takes_its_parameters() {
    let test = "commands::every_command_that_a_person_types_exists_and_takes_its_parameters";
    let Some(python) = skip::variable(test, "TRAILWARDEN_TEST_EMULATOR") else { return };
    let found = all();
    assert!(found.len() > 200, "{}", found.len());
    let wrong = faults(&python, &found.keys().collect::<Vec<_>>());
    let wrong: Vec<String> = wrong
        .into_iter()
        .map(|(command, fault)| format!("{}: {fault}: {command}", found[&command]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_command_that_does_not_exist_is_found() {
    let test = "commands::a_command_that_does_not_exist_is_found";
    let Some(python) = skip::variable(test, "TRAILWARDEN_TEST_EMULATOR") else { return };
    let bad = [
        "aws iam retag-user --user-name bob",
        "aws iam tag-user --name bob --tags Key=a,Value=b",
        "aws iam tag-user --user-name bob",
        "aws iam update-access-key --access-key-id KEY --status Off",
        "aws ima list-users",
    ]
    .map(str::to_owned);
    let good = "aws iam tag-user --user-name 'a b' --tags Key=a,Value=b > x.json".to_owned();
    let all: Vec<&String> = bad.iter().chain([&good]).collect();
    let wrong: Vec<String> =
        faults(&python, &all).into_iter().map(|(command, _)| command).collect();
    assert_eq!(wrong, bad);
}
