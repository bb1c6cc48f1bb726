//! What was changed, removed or moved is found: exit code 1.

use trailwarden_model::Severity;

use crate::support::{Copy, Told as _, packed, rules, unpacked};

/// The digests of the second part of the chain, after the pause.
const NEWEST: &str = "us-east-1_main_trail_us-east-1_20260301T090000Z.json";
const MIDDLE: &str = "us-east-1_main_trail_us-east-1_20260301T080000Z.json";
const LOG: &str = "CloudTrail_us-east-1_20260301T0715Z";

#[test]
fn a_changed_log_file() {
    let copy = Copy::of("valid");
    copy.rewrite(LOG, "alice", "bobby");
    let ran = copy.verify(&[]);
    assert_eq!(ran.told(), (1, rules(&["log-file-changed"])));
    let finding = ran.finding("log-file-changed");
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(finding.account.as_deref(), Some("111122223333"));
    assert_eq!(finding.first_time.to_string(), "2026-03-01T07:15:00Z");
    assert!(finding.target.name.unwrap().starts_with("s3://example-trail-logs/AWSLogs/"));
    let logs = ran.integrity().logs;
    assert_eq!((logs.valid, logs.invalid, logs.missing, logs.unknown), (14, 1, 0, 0));
}

/// Packed anew, with other bytes and the same content, it is what CloudTrail summed: "the hash
/// value of the uncompressed log file".
#[test]
fn a_log_file_packed_anew_or_unpacked_is_valid() {
    let copy = Copy::of("valid");
    let path = copy.file(LOG);
    let text = unpacked(&path);
    std::fs::write(&path, packed(&text)).unwrap();
    let other = copy.file("CloudTrail_us-east-1_20260301T0750Z");
    std::fs::write(other.with_extension(""), unpacked(&other)).unwrap();
    std::fs::remove_file(other).unwrap();
    assert_eq!(copy.verify(&[]).integrity().logs.valid, 15);
}

#[test]
fn a_log_file_that_cannot_be_inflated_or_has_more_behind_it() {
    let copy = Copy::of("valid");
    let path = copy.file(LOG);
    let content = std::fs::read(&path).unwrap();
    for hurt in [&content[..40], b"", &[&content[..], &packed("{}")[..]].concat()] {
        std::fs::write(&path, hurt).unwrap();
        let ran = copy.verify(&[]);
        let rule = if hurt.is_empty() { "log-file-changed" } else { "log-file-damaged" };
        assert_eq!(ran.told(), (1, rules(&[rule])), "{}", hurt.len());
    }
}

#[test]
fn a_missing_log_file() {
    let copy = Copy::of("valid");
    copy.remove(LOG);
    let ran = copy.verify(&[]);
    assert_eq!(ran.told(), (1, rules(&["log-file-missing"])));
    assert_eq!(ran.integrity().logs.missing, 1);
}

#[test]
fn a_log_file_that_was_moved_is_missing_and_its_place_is_told() {
    let copy = Copy::of("valid");
    let from = copy.file(LOG);
    let to = from.parent().unwrap().parent().unwrap().join("02").join(from.file_name().unwrap());
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::rename(from, &to).unwrap();
    let ran = copy.verify(&[]);
    assert_eq!(ran.told().0, 1);
    assert!(ran.finding("log-file-missing").explanation.contains(to.to_str().unwrap()));
}

#[test]
fn a_missing_digest() {
    for copy in [Copy::of("valid"), Copy::of("valid").without_signatures()] {
        copy.remove(MIDDLE);
        let ran = copy.verify(&[]);
        assert_eq!(ran.code, 1);
        let finding = ran.finding("digest-file-missing");
        assert!(finding.target.name.unwrap().ends_with("_20260301T080000Z.json.gz"));
        assert_eq!(ran.integrity().digests.missing, 1);
        // What it named is covered no more.
        assert_eq!(ran.integrity().logs_uncovered, 2);
    }
}

#[test]
fn a_changed_digest() {
    let copy = Copy::of("valid");
    copy.rewrite(MIDDLE, "T0715Z", "T0716Z");
    let ran = copy.verify(&[]);
    // It accuses nobody: what it says of log files proves nothing.
    assert_eq!(ran.told(), (1, rules(&["digest-signature-invalid", "logs-not-covered"])));
    let integrity = ran.integrity();
    assert_eq!((integrity.digests.invalid, integrity.digests.valid), (1, 13));
    assert_eq!((integrity.logs.missing, integrity.logs.unknown), (0, 2));
}

#[test]
fn a_changed_digest_without_metadata() {
    let copy = Copy::of("valid");
    let kept = std::fs::read(format!("{}.head.json", copy.file(NEWEST).display())).unwrap();
    let copy = copy.without_signatures();
    std::fs::write(format!("{}.head.json", copy.file(NEWEST).display()), kept).unwrap();
    copy.rewrite(MIDDLE, "T0715Z", "T0716Z");
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.finding("digest-file-changed").severity, Severity::Critical);
}

#[test]
fn a_bad_signature() {
    let copy = Copy::of("valid");
    let head = format!("{}.head.json", copy.file(NEWEST).display());
    for wrong in ["00", "zz", "", &"ab".repeat(256)] {
        let json = format!(r#"{{"Metadata": {{"signature": "{wrong}"}}}}"#);
        std::fs::write(&head, json).unwrap();
        let ran = copy.verify(&[]);
        assert_eq!(ran.told(), (1, rules(&["digest-signature-invalid"])), "{wrong}");
    }
}

#[test]
fn a_moved_digest() {
    let copy = Copy::of("valid");
    // An older digest stands in for a newer one.
    let older = copy.file("us-east-1_main_trail_us-east-1_20260301T070000Z.json");
    std::fs::copy(older, copy.file(MIDDLE)).unwrap();
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.finding("digest-file-missing").severity, Severity::High);
    let copy = Copy::of("valid");
    let from = copy.file(MIDDLE);
    let to = from.parent().unwrap().join("elsewhere");
    std::fs::create_dir(&to).unwrap();
    std::fs::rename(&from, to.join(from.file_name().unwrap())).unwrap();
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.finding("digest-file-moved").explanation.contains("s3://example-trail-logs/"));
}

#[test]
fn a_digest_that_is_none() {
    let copy = Copy::of("valid");
    let path = copy.file(MIDDLE);
    for wrong in [&b""[..], b"\x1f\x8b\x08", &packed("{}"), &packed("no JSON"), b"{\"a\":"] {
        std::fs::write(&path, wrong).unwrap();
        let ran = copy.verify(&[]);
        assert_eq!(ran.told(), (1, rules(&["digest-file-damaged", "logs-not-covered"])));
    }
}

/// The newest digests can go unseen, unless the time that is asked for tells.
#[test]
fn a_newest_digest_that_was_deleted() {
    let copy = Copy::of("valid");
    copy.remove(NEWEST);
    assert_eq!(copy.verify(&[]).told(), (3, rules(&["logs-not-covered"])));
    let ran = copy.verify(&["--until", "2026-03-01T11:30:00Z"]);
    assert!(ran.told().1.contains(&"digest-chain-ends-early".to_owned()));
}

/// The oldest ones, too: with a time to begin, what is named must be there.
#[test]
fn an_oldest_digest_that_was_deleted() {
    let copy = Copy::of("valid");
    copy.remove("eu-west-1_main_trail_us-east-1_20260301T012000Z.json");
    let ran = copy.verify(&[]);
    assert_eq!(ran.finding("digest-chain-begins-late").severity, Severity::Info);
    assert_eq!(ran.code, 3);
    let ran = copy.verify(&["--since", "2026-03-01T00:30:00Z"]);
    assert_eq!(ran.code, 1);
    ran.finding("digest-file-missing");
    let ran = copy.verify(&["--since", "2026-03-01T01:20:00Z"]);
    assert_eq!(ran.told(), (3, rules(&[])));
}
