//! Every format says the same, and says what its schema says.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{INCIDENT, folder, ids, put, records, run, s3, scan};

const ALL: [&str; 9] =
    ["table", "json", "ndjson", "csv", "ocsf", "sarif", "junit", "markdown", "html"];

#[test]
fn the_same_findings_come_out_in_every_format() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let expected: BTreeSet<String> = scan(&[&log], &["--format", "ndjson"])
        .findings()
        .into_iter()
        .map(|finding| finding.id)
        .collect();
    assert!(expected.len() >= 5, "{expected:?}");
    for format in ALL {
        let ran = scan(&[&log], &["--format", format]);
        assert_eq!(ran.code, 0, "{format}: {}", ran.said);
        assert_eq!(ids(&ran.out), expected, "{format}");
    }
    assert_eq!(scan(&[&log], &["--json"]).out, scan(&[&log], &["--format", "json"]).out);
}

#[test]
fn no_findings_are_valid_in_every_format() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records("alice iam:ListUsers")));
    for format in ALL {
        let ran = scan(&[&log], &["--format", format]);
        assert_eq!((ran.code, ids(&ran.out).len()), (0, 0), "{format}: {}", ran.said);
    }
    assert_eq!(scan(&[&log], &["--format", "ndjson"]).out, "");
}

#[test]
fn what_is_written_is_what_the_schema_says() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let bad = put(folder.path(), "bad.json", "no log");
    let schema = |of: &str| -> jsonschema::Validator {
        let text = run(&["generate", "schema", of]).out;
        let schema: Value = serde_json::from_str(&text).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    };
    let report: Value = serde_json::from_str(&scan(&[&log, &bad], &["--json"]).out).unwrap();
    let errors: Vec<String> =
        schema("report").iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(!schema("report").is_valid(&serde_json::json!({ "findings": 7 })), "it can fail");
    let finding = schema("finding");
    for line in scan(&[&log], &["--format", "ndjson"]).out.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(finding.is_valid(&value), "{line}");
    }
    assert!(!finding.is_valid(&serde_json::json!({ "schema": "trailwarden.finding/1" })));
}

/// What a stranger wrote cannot act on the reader's terminal, browser or spreadsheet.
#[test]
fn a_strangers_text_is_escaped() {
    let folder = folder();
    let mut record = records("mallory iam:CreateAccessKey user/alice").remove(0);
    let name = "\u{1b}[31mred\u{7}<script>alert(1)</script>\u{202e}=1+1|x";
    record["requestParameters"]["userName"] = name.into();
    let log = put(folder.path(), "log.json", s3(&[record]));
    for format in ALL {
        let out = scan(&[&log], &["--format", format, "--color", "never"]).out;
        assert!(!out.contains('\u{1b}') && !out.contains('\u{7}'), "{format} holds control codes");
        // In Markdown, what stands in a code span is text.
        let spans: String =
            if format == "markdown" { out.split('`').step_by(2).collect() } else { out.clone() };
        if format == "html" || format == "markdown" || format == "junit" {
            assert!(!spans.contains("<script>alert"), "{format} holds a live script");
        }
        if format == "table" {
            assert!(!out.contains('\u{202e}'), "{format} holds an override of direction");
        }
    }
}
