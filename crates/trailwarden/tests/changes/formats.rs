//! Every format says the same, says what its schema says, and lets nothing of a stranger act.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Changes as _, TRAIL, changes, example, folder, log, records, run};

const ALL: [&str; 6] = ["table", "json", "ndjson", "csv", "markdown", "html"];

fn schema(of: &str) -> jsonschema::Validator {
    let schema: Value = run(&["generate", "schema", of]).json();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn every_format_holds_every_change() {
    let rows = changes(&example(), &["--json"]).changes();
    assert!(rows.len() >= 60, "{}", rows.len());
    for format in ALL {
        let ran = changes(&example(), &["--full", "--format", format]);
        for row in &rows {
            let id = row["event_id"].as_str().unwrap();
            assert!(ran.out.contains(id), "{format} lacks {id}");
        }
    }
}

#[test]
fn json_is_what_the_schema_says() {
    let whole = changes(&example(), &["--json"]).json();
    let errors: Vec<String> =
        schema("changes").iter_errors(&whole).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(whole["schema"], "trailwarden.changes/1");
    let line = schema("change");
    let lines = changes(&example(), &["--format", "ndjson"]).out;
    for (text, row) in lines.lines().zip(whole["changes"].as_array().unwrap()) {
        let value: Value = serde_json::from_str(text).unwrap();
        assert!(line.is_valid(&value), "{text}");
        assert_eq!(&value, row);
    }
    assert!(!line.is_valid(&serde_json::json!({ "event_id": 7 })), "it can fail");
    let scan = run(&["scan", &example(), "--json", "--changes"]).json();
    let errors: Vec<String> =
        schema("report").iter_errors(&scan).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(scan["changes"], whole["changes"]);
}

/// The ids in a row are those of the scan.
#[test]
fn rows_name_findings_of_the_scan() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let scan = run(&["scan", &log, "--json", "--changes"]).json();
    let ids = |list: &Value, part: &str| -> BTreeSet<String> {
        list.as_array().unwrap().iter().map(|one| one[part].as_str().unwrap().to_owned()).collect()
    };
    let found = ids(&scan["findings"], "id");
    let last = scan["changes"].as_array().unwrap().last().unwrap();
    let named: BTreeSet<String> = last["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    assert!(!named.is_empty() && named.is_subset(&found), "{named:?} {found:?}");
}

/// Formats of findings only are the same with `--changes` and without.
#[test]
fn formats_of_findings_only_have_no_changes() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    for format in ["ndjson", "csv", "ocsf", "sarif", "junit"] {
        let plain = run(&["scan", &log, "--format", format]).out;
        assert_eq!(run(&["scan", &log, "--changes", "--format", format]).out, plain, "{format}");
    }
    for format in ["table", "json", "markdown", "html"] {
        let plain = run(&["scan", &log, "--format", format]).out;
        let with = run(&["scan", &log, "--changes", "--format", format]).out;
        assert!(with.contains("PutUserPolicy") && with.len() > plain.len(), "{format}");
    }
}

/// What a stranger wrote cannot act on the reader's terminal, browser or spreadsheet.
#[test]
fn a_strangers_text_is_escaped() {
    let folder = folder();
    let mut all = records(TRAIL);
    let name = "\u{1b}[31mred\u{7}<script>alert(1)</script>\u{202e}=1+1|x";
    for record in &mut all {
        record["requestParameters"]["userName"] = name.into();
        record["requestParameters"]["policyName"] = name.into();
    }
    let log = log(folder.path(), &all);
    for format in ALL {
        for flags in [&["--full"][..], &[]] {
            let flags: Vec<&str> =
                ["--format", format, "--color", "never"].iter().chain(flags).copied().collect();
            let out = changes(&log, &flags).out;
            assert!(out.contains("red"), "{format} shows the name");
            assert!(!out.contains('\u{1b}') && !out.contains('\u{7}'), "{format}: control codes");
            assert!(!out.contains('\u{202e}'), "{format}: an override of direction");
            // In Markdown, what stands in a code span is text.
            let spans: String = match format {
                "markdown" => out.split('`').step_by(2).collect(),
                "json" | "ndjson" | "csv" | "table" => String::new(),
                _ => out,
            };
            assert!(!spans.contains("<script>alert"), "{format} holds a live script");
        }
    }
}

#[test]
fn no_changes_are_valid_in_every_format() {
    let folder = folder();
    let log = log(folder.path(), &records("alice iam:ListUsers"));
    for format in ALL {
        let ran = changes(&log, &["--format", format]);
        assert_eq!(ran.code, 0, "{format}: {}", ran.said);
    }
    assert_eq!(changes(&log, &["--format", "ndjson"]).out, "");
    assert!(changes(&log, &["--json"]).changes().is_empty());
}
