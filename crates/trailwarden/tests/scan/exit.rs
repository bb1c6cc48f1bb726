//! Exit codes are a contract.

use crate::support::{INCIDENT, folder, put, records, run, run_on, s3, scan};

#[test]
fn nothing_wrong_is_0_even_with_findings() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let ran = scan(&[&log], &[]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.contains("alice"));
}

#[test]
fn findings_at_or_above_fail_on_are_1() {
    let folder = folder();
    let log =
        put(folder.path(), "log.json", s3(&records("mallory iam:CreateAccessKey user/alice")));
    assert_eq!(scan(&[&log], &["--fail-on", "high"]).code, 1);
    assert_eq!(scan(&[&log], &["--fail-on", "low"]).code, 1);
    assert_eq!(scan(&[&log], &["--fail-on", "critical"]).code, 0);
    // What is not shown still fails.
    assert_eq!(scan(&[&log], &["--fail-on", "high", "--min-severity", "critical"]).code, 1);
    // Findings come before unreadable input.
    let bad = put(folder.path(), "bad.json", "no log");
    assert_eq!(scan(&[&log, &bad], &["--fail-on", "high"]).code, 1);
    assert_eq!(scan(&[&log, &bad], &["--fail-on", "critical"]).code, 3);
}

#[test]
fn nothing_to_read_is_2() {
    let folder = folder();
    let missing = folder.path().join("missing").to_str().unwrap().to_owned();
    let ran = scan(&[&missing], &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("check the path"), "{}", ran.out);
    let glob = folder.path().join("*.gz").to_str().unwrap().to_owned();
    assert_eq!(scan(&[&glob], &[]).code, 2);
    assert_eq!(scan(&[folder.path().to_str().unwrap()], &[]).code, 2, "an empty folder");
    let text = put(folder.path(), "notes.txt", "no log at all");
    assert_eq!(scan(&[&text], &["--json"]).code, 2);
}

#[test]
fn wrong_usage_is_2_and_says_what_to_do() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    for (flags, says) in [
        (&["--format", "xml"][..], "ndjson"),
        (&["--since", "yesterday"], "24h"),
        (&["--timezone", "Mars/Olympus"], "Europe/Berlin"),
        (&["--memory-max", "lots"], "64MB"),
        (&["--depth-max", "1000000"], "1 to 1000"),
        (&["--account", "12345"], "12"),
        (&["--min-severity", "terrible"], "critical"),
        (&["--rules", "/nonexistent/rules"], "folder"),
        (&["--geoip", "/nonexistent/geo.mmdb"], "geo.mmdb"),
        (&["--previous", "/nonexistent/old.ndjson"], "old.ndjson"),
        (&["--config", "/nonexistent/trailwarden.toml"], "trailwarden.toml"),
    ] {
        let ran = scan(&[&log], flags);
        assert_eq!(ran.code, 2, "{flags:?}: {}", ran.said);
        assert!(ran.out.is_empty(), "{flags:?} printed data");
        assert!(ran.said.contains(says), "{flags:?}: {}", ran.said);
    }
    assert_eq!(run(&["scan"]).code, 2);
    assert_eq!(run(&["nonsense"]).code, 2);
    let output = folder.path().join("no/such/folder/report.json");
    let ran = scan(&[&log], &["--output", output.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("cannot write"), "{}", ran.said);
}

#[test]
fn some_unreadable_input_is_3() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let missing = folder.path().join("missing").to_str().unwrap().to_owned();
    assert_eq!(scan(&[&log, &missing], &[]).code, 3);
    let broken = put(folder.path(), "rule.yml", "title: x\ndetection: [");
    let ran = scan(&[&log], &["--rules", &broken, "--json"]);
    assert_eq!(ran.code, 3, "a rule that does not load is not dropped in silence");
    assert!(ran.report().rejects[0].file.ends_with("rule.yml"));
}

#[test]
fn data_goes_to_standard_output_and_everything_else_does_not() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let bad = put(folder.path(), "bad.json", "no log");
    let ran = scan(&[&log, &bad], &["--format", "ndjson"]);
    assert!(!ran.findings().is_empty());
    assert!(ran.said.contains("could not be read"), "{}", ran.said);
    assert!(scan(&[&log, &bad], &["--format", "ndjson", "--quiet"]).said.is_empty());
    let path = folder.path().join("report.ndjson");
    let to_file = scan(&[&log], &["--format", "ndjson", "--output", path.to_str().unwrap()]);
    assert!(to_file.out.is_empty());
    assert_eq!(std::fs::read_to_string(path).unwrap(), ran.out);
}

#[test]
fn standard_input_counts_as_a_path() {
    let input = s3(&records(INCIDENT));
    let ran = run_on(input.as_bytes(), &["scan", "-", "--format", "ndjson"]);
    assert_eq!(ran.code, 0);
    assert!(ran.rules().contains("access-key-for-another-user"));
    assert!(
        ran.findings().iter().all(|finding| finding.evidence.iter().all(|one| one.file == "-"))
    );
    assert_eq!(run_on(b"", &["scan", "-"]).code, run_on(b"  \n", &["scan", "-"]).code);
}
