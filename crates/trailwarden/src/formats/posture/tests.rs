//! What holds for every rendering of an assessment.

use std::path::PathBuf;
use std::process::Command;

use clap::ValueEnum;
use trailwarden_account::Models;
use trailwarden_posture::state::Accounts;
use trailwarden_posture::{State, assess, example, scores};
use trailwarden_testkit::skip;

use super::{Account, Assessment, Counts, SCHEMA, write};
use crate::formats::{Format, Style};

/// A user whose name would act in a terminal, a browser, a spreadsheet or a ticket, if it could.
const HOSTILE: &str = "=cmd|<script>alert(1)</script>`@all\u{202e}";

/// An account with something of everything.
fn assessment() -> Assessment {
    let text = format!(
        "user alice
         user/alice has AdministratorAccess
         user {HOSTILE}
         report {HOSTILE} password_enabled=true mfa_active=false
         summary AccountMFAEnabled=0
         trail main KmsKeyId=null"
    );
    let snapshot = example::snapshot(&text).unwrap();
    let baselines = [snapshot.baseline().unwrap()];
    let accounts = Accounts::new(Models::from_baselines(&baselines));
    let checks = trailwarden_posture::assess::all();
    let mut rows = assess(&State::new(&accounts, &snapshot), &checks);
    let accepted = rows.iter_mut().find(|row| row.check == "trail-without-key").unwrap();
    accepted.exception = Some("small account (until 2027-01-01)".to_owned());
    accepted.finding.status = trailwarden_model::finding::Status::Suppressed;
    let mut assessment = Assessment {
        schema: SCHEMA.to_owned(),
        accounts: vec![Account {
            account: snapshot.account.to_string(),
            taken: snapshot.taken,
            scores: scores::scores(&rows, &trailwarden_posture::frameworks::ALL),
        }],
        first: scores::first(&rows, &checks, 10),
        findings: rows,
        rejects: Vec::new(),
        summary: Counts { checks: checks.len() as u64, ..Counts::default() },
    };
    assessment.count();
    assessment
}

fn written(assessment: &Assessment, format: Format) -> String {
    let mut out = Vec::new();
    write(assessment, format, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn machines_get_every_verdict_and_people_every_flaw() {
    let assessment = assessment();
    for format in [Format::Json, Format::Ndjson, Format::Csv, Format::Ocsf, Format::Junit] {
        let out = written(&assessment, format);
        for row in &assessment.findings {
            assert!(out.contains(&row.finding.id), "{format:?} lacks {}", row.sentence);
        }
    }
    for format in [Format::Sarif, Format::Markdown, Format::Html] {
        let out = written(&assessment, format);
        for row in assessment.open() {
            assert!(out.contains(&row.finding.id), "{format:?} lacks {}", row.sentence);
        }
    }
    let table = written(&assessment, Format::Table);
    for row in assessment.open() {
        assert!(table.contains(&format!("check {}", row.check)), "{}", row.check);
    }
}

#[test]
fn a_strangers_name_does_not_act() {
    let assessment = assessment();
    for format in Format::value_variants() {
        let out = written(&assessment, *format);
        assert!(!out.contains('\u{202e}'), "{format:?} holds a hidden character");
        let in_markup = matches!(format, Format::Html | Format::Junit);
        assert!(!(in_markup && out.contains("<script>alert")), "{format:?} holds a script");
    }
    let csv = written(&assessment, Format::Csv);
    assert!(!csv.lines().any(|line| line.starts_with('=') || line.contains(",=")), "{csv}");
    let markdown = written(&assessment, Format::Markdown);
    let outside: String = markdown.split('`').step_by(2).collect();
    assert!(!outside.contains("<script>"), "{outside}");
}

#[test]
fn an_empty_assessment_is_valid_in_every_format() {
    let mut empty = assessment();
    (empty.findings, empty.first) = (Vec::new(), Vec::new());
    empty.count();
    for format in Format::value_variants() {
        assert!(*format == Format::Ndjson || !written(&empty, *format).is_empty(), "{format:?}");
    }
    serde_json::from_str::<serde_json::Value>(&written(&empty, Format::Ocsf)).unwrap();
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = super::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value: serde_json::Value =
        serde_json::from_str(&written(&assessment(), Format::Json)).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(!validator.is_valid(&serde_json::json!({"schema": SCHEMA})), "it can fail");
}

/// The validator is found through two variables; without them there is nothing to ask.
#[test]
fn ocsf_is_what_its_schema_says() {
    let out = written(&assessment(), Format::Ocsf);
    let all: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert!(
        all.iter().all(|one| one["class_uid"] == 2003 && one["compliance"]["status"].is_string())
    );
    let folders = ["TRAILWARDEN_TEST_DATA", "TRAILWARDEN_TEST_TOOLS"];
    let test = "formats::posture::ocsf_is_what_its_schema_says";
    let [Some(data), Some(tools)] = folders.map(|name| skip::variable(test, name)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("findings.json");
    std::fs::write(&file, out).unwrap();
    let output = Command::new("python3")
        .arg(PathBuf::from(&tools).join("ocsf_validate.py"))
        .arg(PathBuf::from(&data).join("ocsf-1.8.0.json"))
        .arg(&file)
        .output()
        .unwrap();
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(answer.starts_with(&format!("{} events, 0 with problems", all.len())), "{answer}");
}
