//! Digests that somebody else wrote, or that name what they should not.

use crate::support::{Copy, Told as _, packed, run};

const DIGEST: &str = "777788889999_CloudTrail-Digest";

/// Nothing is opened because a digest names it: the files exist, and are missing all the same.
#[test]
fn names_lead_nowhere() {
    let copy = Copy::of("hostile");
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 1);
    let logs = ran.integrity().logs;
    assert_eq!((logs.missing, logs.valid, logs.invalid, logs.unknown), (4, 0, 0, 0));
    assert!(ran.report().findings.iter().all(|finding| finding.rule == "log-file-missing"));
    assert_eq!(ran.report().summary.files, 1, "the digest");
}

#[test]
fn names_are_shown_without_acting() {
    let copy = Copy::of("hostile");
    for format in ["table", "json", "csv", "ocsf", "sarif", "junit", "markdown", "html"] {
        let ran = copy.verify(&["--format", format]);
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{format}");
    }
}

#[test]
fn deep_large_and_broken_digests_are_damaged_and_the_rest_goes_on() {
    let copy = Copy::of("hostile");
    let path = copy.file(DIGEST);
    let deep = format!("{{\"x\":{}", "[".repeat(1 << 20));
    let large = format!("{{\"x\":\"{}\"}}", " ".repeat(65 << 20));
    for content in [deep, large, "[]".to_owned(), "\u{0}".to_owned()] {
        std::fs::write(&path, packed(&content)).unwrap();
        let ran = copy.verify(&[]);
        assert_eq!(ran.code, 1, "{}", ran.said);
        assert_eq!(ran.finding("digest-file-damaged").account.as_deref(), Some("777788889999"));
    }
}

/// A folder full of what is neither digest nor log is left alone.
#[test]
fn other_files_are_counted_and_not_read() {
    let copy = Copy::of("valid");
    std::fs::write(copy.path().join("notes.txt"), "notes").unwrap();
    std::fs::write(copy.path().join("777788889999_CloudTrail-Digest_x.json.gz"), "x").unwrap();
    let report = copy.verify(&[]).report();
    assert_eq!((report.summary.skipped_files, report.rejects.len()), (2, 0));
}

/// What `verify` needs beside a digest does not disturb a scan of the same folder.
#[test]
fn a_scan_reads_the_same_folder() {
    let copy = Copy::of("valid");
    let path = copy.path().to_str().unwrap();
    let ran = run(&["scan", path, "--json"]);
    assert_eq!((ran.code, ran.report().rejects), (0, Vec::new()), "{}", ran.said);
    assert_eq!(ran.report().summary.records, 15);
}
