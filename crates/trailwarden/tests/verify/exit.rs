//! Exit codes, formats, filters and the summary.

use serde_json::Value;

use crate::support::{Copy, Told as _, fixtures, run, verify};

const QUIET: &[&str] = &["--since", "2026-03-01T06:00:00Z", "--until", "2026-03-01T10:00:00Z"];

/// Two regions, late logs and an organization's account; from after the pause on.
#[test]
fn all_valid_is_0() {
    let copy = Copy::of("valid");
    let ran = copy.verify(QUIET);
    assert_eq!((ran.code, ran.report().findings), (0, Vec::new()));
    let ran = copy.verify(&["--account", "444455556666"]);
    assert_eq!(ran.told(), (0, Vec::new()));
    let integrity = ran.integrity();
    assert_eq!((integrity.chains, integrity.digests.valid, integrity.logs.valid), (1, 2, 2));
    assert_eq!(ran.report().summary.accounts, ["444455556666"]);
}

#[test]
fn filters_choose_what_is_asked_for() {
    let copy = Copy::of("valid");
    let digests = |flags: &[&str]| copy.verify(flags).integrity().digests.valid;
    assert_eq!(digests(&["--trail", "main_trail"]), 14);
    assert_eq!(
        digests(&["--trail", "arn:aws:cloudtrail:us-east-1:111122223333:trail/main_trail"]),
        14
    );
    assert_eq!(copy.verify(&["--trail", "other"]).code, 2);
    assert_eq!(digests(&["--account", "111122223333"]), 12);
    assert_eq!(digests(&["--since", "2026-03-01T07:30:00Z"]), 3);
    // The next digest proves the last one that is asked for.
    let ran = copy.without_signatures().verify(&["--until", "2026-03-01T01:00:00Z"]);
    assert_eq!((ran.code, ran.integrity().digests.valid), (0, 3));
}

/// A copy may begin anywhere in the bucket's folders.
#[test]
fn parts_of_a_copy_are_enough() {
    let copy = Copy::of("valid");
    let keys = fixtures().join("public-keys.json");
    let keys = ["--public-keys", keys.to_str().unwrap()];
    let account = copy.path().join("AWSLogs/111122223333");
    let ran = verify(&[&account], &keys);
    assert_eq!((ran.integrity().digests.valid, ran.integrity().logs.valid), (12, 13));
    let (digests, logs) = (account.join("CloudTrail-Digest"), account.join("CloudTrail"));
    let ran = verify(&[&digests, &logs], &keys);
    assert_eq!((ran.integrity().digests.valid, ran.integrity().logs.valid), (12, 13));
}

#[test]
fn nothing_to_verify_is_2() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    assert_eq!(verify(&[folder.path()], &[]).code, 2);
    assert_eq!(verify(&[&folder.path().join("missing")], &[]).code, 2);
    let copy = Copy::of("valid");
    let logs = copy.path().join("AWSLogs/111122223333/CloudTrail");
    let ran = verify(&[&logs], &[]);
    assert_eq!((ran.code, ran.integrity().logs_uncovered), (2, 13));
    assert!(ran.said.contains("log file validation must be on"), "{}", ran.said);
    for (flags, says) in [
        (&["--public-keys", "/nonexistent/keys.json"][..], "keys.json"),
        (&["--since", "yesterday"], "24h"),
        (&["--since", "2026-03-02", "--until", "2026-03-01"], "turn them around"),
        (&["--timezone", "Mars/Olympus"], "Europe/Berlin"),
    ] {
        let ran = verify(&[copy.path()], flags);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{flags:?}");
        assert!(ran.said.contains(says), "{flags:?}: {}", ran.said);
    }
    assert_eq!(run(&["verify"]).code, 2);
}

#[test]
fn fail_on_counts_what_is_hidden() {
    let copy = Copy::of("valid");
    assert_eq!(copy.verify(&["--fail-on", "medium"]).code, 1);
    assert_eq!(copy.verify(&["--fail-on", "high"]).code, 3);
    let ran = copy.verify(&["--fail-on", "medium", "--min-severity", "critical"]);
    assert_eq!((ran.code, ran.report().findings.len()), (1, 0));
}

#[test]
fn every_format_tells_every_finding_and_the_schema_holds() {
    let copy = Copy::of("valid");
    copy.rewrite("CloudTrail_us-east-1_20260301T0715Z", "alice", "bobby");
    copy.remove("CloudTrail_us-east-1_20260301T0750Z");
    let report = copy.verify(&[]).report();
    assert_eq!(report.findings.len(), 3);
    for format in ["table", "json", "ndjson", "csv", "ocsf", "sarif", "junit", "markdown", "html"] {
        let ran = copy.verify(&["--format", format]);
        assert_eq!(ran.code, 1, "{format}: {}", ran.said);
        for finding in &report.findings {
            assert!(ran.out.contains(&finding.id), "{format}: {}", finding.rule);
        }
    }
    let schema: Value = serde_json::from_str(&run(&["generate", "schema", "report"]).out).unwrap();
    let value: Value = serde_json::from_str(&copy.verify(&[]).out).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_summary_says_it_in_plain_words() {
    let copy = Copy::of("valid");
    copy.remove("CloudTrail_us-east-1_20260301T0750Z");
    for format in ["table", "markdown", "html"] {
        let ran = copy.verify(&["--format", format]);
        for words in [
            "14 digests valid from 2026-03-01 00:00:00 to 09:00:00 UTC, 1 gap",
            "14 log files valid, 1 missing",
        ] {
            let out = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(out.contains(words), "{format}: {out}");
        }
        assert!(!ran.out.contains("unknown actor"), "{format}");
        assert!(!ran.out.contains("0 records"), "{format}");
    }
    let ran = copy.verify(&["--format", "table", "--min-severity", "critical"]);
    assert!(!ran.out.contains("None of the detections"), "{}", ran.out);
}
