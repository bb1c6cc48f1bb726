//! Every case of `fixtures/policy` is decided as AWS documents it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use trailwarden_policy::Document;
use trailwarden_policy::cases::{Case, decide};

/// A file: one fact with its page and its cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    fact: String,
    source: String,
    cases: Vec<Map<String, Value>>,
}

/// Facts that no decision shows; `fixtures/policy/README.md` says why.
const WITHOUT_FILE: &[u32] = &[8, 52, 54, 55, 56, 58, 59];
const FACTS: u32 = 62;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policy")
}

fn files() -> Vec<(String, Fact)> {
    let mut files: Vec<(String, Fact)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let fact =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, fact)
        })
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// Takes a member that a case has besides those of the contract.
fn take(case: &mut Map<String, Value>, name: &str, place: &str) -> String {
    match case.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => text,
        other => panic!("{place}: `{name}` is {other:?}"),
    }
}

#[test]
fn every_case_is_decided_as_documented() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, fact) in files() {
        for (index, mut case) in fact.cases.into_iter().enumerate() {
            let place = format!("{name} case {index}");
            let expect = take(&mut case, "expect", &place);
            let why = take(&mut case, "why", &place);
            let line = Value::Object(case).to_string();
            let parsed = Case::parse(&line).unwrap_or_else(|error| panic!("{place}: {error}"));
            let answer = serde_json::to_value(decide(&parsed)).unwrap();
            let said = answer.get("decision").and_then(Value::as_str).unwrap_or("nothing");
            if said != expect {
                wrong.push(format!("{place} ({why}): expected {expect}, was {answer}\n  {line}"));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_fact_has_a_file_or_a_reason() {
    let numbers: BTreeSet<u32> =
        files().iter().map(|(name, _)| name.get(..2).unwrap().parse().unwrap()).collect();
    let expected: BTreeSet<u32> = (1..=FACTS).filter(|n| !WITHOUT_FILE.contains(n)).collect();
    assert_eq!(numbers, expected);
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for number in WITHOUT_FILE {
        assert!(
            readme.contains(&format!("| {number}, ")) || readme.contains(&format!(", {number}, ")),
            "{number}"
        );
    }
}

#[test]
fn every_fact_names_its_page_and_shows_a_contrast() {
    for (name, fact) in files() {
        assert!(fact.fact.len() > 30 && fact.source.len() > 15, "{name}");
        let outcomes: BTreeSet<String> = fact
            .cases
            .iter()
            .map(|case| case.get("expect").and_then(Value::as_str).unwrap_or("").to_owned())
            .collect();
        assert!(fact.cases.len() >= 2 && outcomes.len() >= 2, "{name}: no contrast");
    }
}

/// A misspelled element would make a case prove nothing.
#[test]
fn every_policy_of_a_case_reads_without_a_problem() {
    for (name, fact) in files() {
        for (index, case) in fact.cases.iter().enumerate() {
            for (kind, value) in case {
                let mut documents = Vec::new();
                collect(value, &mut documents);
                for document in documents {
                    let read = Document::parse(&document.to_string()).unwrap();
                    assert_eq!(read.problems, [], "{name} case {index}: {kind}");
                }
            }
        }
    }
}

fn collect<'a>(value: &'a Value, documents: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, documents)),
        Value::Object(members) if members.contains_key("Statement") => documents.push(value),
        _ => {}
    }
}
