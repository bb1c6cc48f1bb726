//! What is not known is said to be so: exit code 3.

use trailwarden_model::Severity;

use crate::support::{Copy, Told as _, fixtures, packed, rules};

#[test]
fn without_saved_signatures_only_the_last_of_each_chain_is_unknown() {
    let ran = Copy::of("valid").without_signatures().verify(&[]);
    assert_eq!(ran.code, 3);
    let integrity = ran.integrity();
    // Of four chains the last, and the last before the pause.
    assert_eq!((integrity.digests.valid, integrity.digests.unknown), (9, 5));
    assert_eq!((integrity.logs.valid, integrity.logs.unknown), (10, 5));
    let report = ran.report();
    let hint = report.findings.iter().find(|one| one.rule == "digest-signature-missing").unwrap();
    assert!(hint.explanation.contains("head-object"), "{}", hint.explanation);
}

#[test]
fn without_keys_everything_is_unknown_and_changes_are_still_seen() {
    let copy = Copy::of("valid").without_signatures();
    let run = || crate::support::verify(&[copy.path()], &[]);
    let ran = run();
    assert_eq!(ran.code, 3);
    assert_eq!((ran.integrity().digests.valid, ran.integrity().logs.valid), (0, 0));
    assert!(ran.out.contains("list-public-keys --region eu-west-1"), "{}", ran.out);
    copy.rewrite("CloudTrail_us-east-1_20260301T0715Z", "alice", "bobby");
    let ran = run();
    assert_eq!(ran.code, 1);
    ran.finding("log-file-changed");
}

#[test]
fn an_unknown_key() {
    let copy = Copy::of("valid");
    let keys = copy.path().join("keys.json");
    let text = std::fs::read_to_string(fixtures().join("public-keys.json")).unwrap();
    let other = text.replace("\"Fingerprint\": \"", "\"Fingerprint\": \"0");
    std::fs::write(&keys, other).unwrap();
    let ran = copy.verify(&["--public-keys", keys.to_str().unwrap()]);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.integrity().digests.unknown, 14);
    let told = ran.told().1;
    assert!(told.iter().all(|rule| rule == "digest-key-unknown"), "{told:?}");
    assert_eq!(told.len(), 4, "one for each chain");
}

#[test]
fn a_pause_is_a_gap_that_somebody_should_explain() {
    let ran = Copy::of("valid").verify(&[]);
    assert_eq!(ran.code, 3);
    let gap = ran.finding("digest-chain-gap");
    assert_eq!(gap.severity, Severity::Medium);
    assert_eq!(gap.first_time.to_string(), "2026-03-01T03:40:00Z");
    assert_eq!(gap.last_time.to_string(), "2026-03-01T06:00:00Z");
    assert!(gap.explanation.contains("StopLogging"));
}

#[test]
fn log_files_that_no_digest_names() {
    let copy = Copy::of("valid");
    let here = copy.file("CloudTrail_us-east-1_20260301T0245Z");
    let put = |time: &str| {
        let name = here.file_name().unwrap().to_str().unwrap().replace("T0245Z", time);
        std::fs::write(here.with_file_name(name), packed("{\"Records\":[]}")).unwrap();
    };
    // In an hour that digests cover, and in the pause.
    put("T0230Z");
    put("T0500Z");
    let ran = copy.verify(&[]);
    assert_eq!(ran.told(), (3, rules(&["log-file-unlisted", "logs-not-covered"])));
    assert_eq!(ran.finding("log-file-unlisted").severity, Severity::Medium);
    assert_eq!(ran.integrity().logs_uncovered, 2);
}

#[test]
fn times_that_overlap_are_told_and_wrong_in_nothing() {
    let ran = Copy::of("overlap").verify(&["--until", "2026-03-01T02:00:00Z"]);
    assert_eq!(ran.told(), (0, rules(&["digest-times-overlap"])));
    let ran = Copy::of("overlap").verify(&[]);
    assert_eq!(ran.code, 3);
    ran.finding("digest-chain-gap");
}

#[test]
fn a_saved_signature_that_is_none_is_told() {
    let copy = Copy::of("valid");
    let digest = copy.file("eu-west-1_main_trail_us-east-1_20260301T032000Z.json");
    std::fs::write(format!("{}.head.json", digest.display()), "Unable to locate credentials")
        .unwrap();
    let ran = copy.verify(&[]);
    assert_eq!(ran.code, 3);
    assert!(ran.report().rejects[0].cause.contains("head-object"), "{:?}", ran.report().rejects);
}
