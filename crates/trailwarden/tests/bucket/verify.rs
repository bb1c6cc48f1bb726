//! A bucket is verified as its copy is, with the signatures and the keys that AWS gives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::s3::{Rules, S3};
use crate::support::{Ran, folder, run, run_on, text};

/// As the digests name it.
const BUCKET: &str = "example-trail-logs";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/integrity")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// The fixture as CloudTrail would have put it there: signatures as metadata.
fn bucket() -> Rules {
    let root = fixtures().join("valid");
    let mut rules = Rules {
        bucket: BUCKET.to_owned(),
        public_keys: std::fs::read_to_string(fixtures().join("public-keys.json")).unwrap(),
        ..Rules::default()
    };
    for path in files(&root) {
        let key = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        match key.strip_suffix(".head.json") {
            Some(digest) => {
                let head: BTreeMap<String, Value> = serde_json::from_slice(&bytes).unwrap();
                let pairs = head["Metadata"].as_object().unwrap().iter();
                let pairs =
                    pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
                rules.metadata.insert(digest.to_owned(), pairs.collect());
            }
            None => {
                rules.objects.insert(key, bytes);
            }
        }
    }
    rules
}

fn verify(s3: &S3, flags: &[&str]) -> Ran {
    let place = format!("s3://{BUCKET}/");
    run_on(s3, &[&["verify", &place, "--json"], flags].concat())
}

fn of_copy(folder: &Path) -> Ran {
    of_copy_with(folder, &[])
}

fn of_copy_with(folder: &Path, flags: &[&str]) -> Ran {
    let keys = fixtures().join("public-keys.json");
    run(&[&["verify", text(folder), "--json", "--public-keys", text(&keys)], flags].concat())
}

#[test]
fn a_bucket_and_its_copy_are_as_valid() {
    let expected = of_copy(&fixtures().join("valid"));
    let s3 = S3::new(bucket());
    let ran = verify(&s3, &[]);
    assert_eq!(ran.code, expected.code, "{}", ran.said);
    let (summary, wanted) = (ran.report().summary, expected.report().summary);
    assert_eq!(summary.integrity, wanted.integrity);
    assert_eq!((summary.files, summary.rejects), (wanted.files, 0));
    let rules =
        |ran: &Ran| ran.report().findings.into_iter().map(|one| one.rule).collect::<Vec<_>>();
    assert_eq!(rules(&ran), rules(&expected));
    // Each file once.
    assert_eq!(s3.fetched() as u64, summary.files);
}

/// What is left out by its name is nothing that a digest of the time names.
#[test]
fn a_part_of_the_time_is_as_valid_too() {
    let s3 = S3::new(bucket());
    for since in ["02:09:00", "02:11:00", "02:40:00", "06:05:00"] {
        let since = format!("2026-03-01T{since}Z");
        let flags = ["--since", since.as_str(), "--until", "2026-03-01T08:00:00Z"];
        let expected = of_copy_with(&fixtures().join("valid"), &flags);
        let ran = verify(&s3, &flags);
        let (summary, wanted) = (ran.report().summary, expected.report().summary);
        assert_eq!((ran.code, summary.integrity), (expected.code, wanted.integrity), "{since}");
        assert!(summary.files > 0, "{since}");
    }
}

/// What could not be listed is not known, so nobody took it away.
#[test]
fn what_may_not_be_listed_is_not_missing() {
    for denied in ["/CloudTrail/", "/CloudTrail-Digest/"] {
        let mut rules = bucket();
        let is_there = |key: &&String| key.contains(denied);
        let key = rules.objects.keys().find(is_there).unwrap();
        let account = key.split(denied).next().unwrap().to_owned();
        rules.denied = vec![format!("{account}{denied}")];
        let ran = verify(&S3::new(rules), &[]);
        assert_eq!((ran.code, ran.rejects().len()), (3, 1), "{}", ran.said);
        let integrity = ran.report().summary.integrity.unwrap();
        assert_eq!((integrity.logs.missing, integrity.digests.missing), (0, 0), "{denied}");
        assert!(ran.rules().iter().all(|rule| !rule.ends_with("-missing")), "{:?}", ran.rules());
        assert_eq!(integrity.logs.unknown > 0, denied == "/CloudTrail/", "{integrity:?}");
    }
}

/// Who puts an object there chooses its name, and with it a region; the keys of that region prove digests.
#[test]
fn the_name_of_an_object_leads_to_nobody_elses_keys() {
    let mut rules = bucket();
    let evil = "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/03/01/111122223333_CloudTrail-Digest_evil.example#_t_us-east-1_20260301T011000Z.json.gz";
    rules.objects.insert(evil.to_owned(), b"{}".to_vec());
    let s3 = S3::new(rules);
    let ran = verify(&s3, &[]);
    assert!(ran.said.contains("`evil.example#` names no region"), "{}", ran.said);
    let signed = |seen: &crate::s3::Seen| seen.headers.get("authorization").cloned();
    assert!(s3.seen().iter().filter_map(signed).all(|text| !text.contains("/evil.example")));
}

#[test]
fn what_was_changed_in_the_bucket_is_found() {
    let mut rules = bucket();
    let log = rules.objects.keys().find(|key| key.contains("/CloudTrail/")).unwrap().clone();
    rules.objects.insert(log, crate::support::gzip(b"{\"Records\":[]}"));
    let ran = verify(&S3::new(rules), &[]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert!(ran.rules().contains("log-file-changed"), "{:?}", ran.rules());
}

#[test]
fn without_keys_nothing_is_valid() {
    let mut rules = bucket();
    rules.public_keys = "{\"PublicKeyList\":[]}".to_owned();
    let ran = verify(&S3::new(rules), &[]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert_eq!(ran.report().summary.integrity.unwrap().digests.valid, 0);
}

/// The folder that is kept has all that proves it, and can be scanned too.
#[test]
fn what_is_kept_can_be_verified_and_scanned() {
    let s3 = S3::new(bucket());
    let kept = folder();
    let flags = ["--cache", text(kept.path())];
    let first = verify(&s3, &flags);
    let fetched = s3.fetched();
    let second = verify(&s3, &flags);
    assert_eq!(second.report(), first.report(), "{}", second.said);
    assert_eq!(s3.fetched(), fetched);
    let offline = of_copy(kept.path());
    assert_eq!(offline.code, first.code, "{}", offline.said);
    assert_eq!(offline.report().summary.integrity, first.report().summary.integrity);
    let scan = run(&["scan", text(kept.path()), "--json"]);
    assert_eq!((scan.code, scan.rejects()), (0, vec![]), "{}", scan.said);
}

/// A signature that was kept is that of the object it was kept with.
#[test]
fn what_was_kept_of_another_object_is_forgotten() {
    let kept = folder();
    let flags = ["--cache", text(kept.path())];
    verify(&S3::new(bucket()), &flags);
    let mut rules = bucket();
    let digest = rules.objects.keys().rfind(|key| key.contains("/CloudTrail-Digest/")).unwrap();
    let digest = digest.clone();
    rules.metadata.remove(&digest);
    // Packed anew: another ETag for the same digest.
    let mut packed = rules.objects[&digest].clone();
    packed[4] ^= 1;
    rules.objects.insert(digest, packed);
    let s3 = S3::new(rules);
    let plain = verify(&s3, &[]);
    let cached = verify(&s3, &flags);
    assert_eq!(cached.report(), plain.report());
    assert!(plain.report().summary.integrity.unwrap().digests.unknown > 0, "{}", plain.out);
}

#[test]
fn a_bucket_that_gives_nothing_is_told() {
    let mut rules = bucket();
    rules.denied = vec![String::new()];
    let ran = verify(&S3::new(rules), &[]);
    assert_eq!((ran.code, ran.rejects().len()), (2, 1), "{}", ran.said);
    let own = folder();
    let mixed = ["verify", text(own.path()), "s3://example-trail-logs/", "--region", "us-east-1"];
    let ran = run(&mixed);
    assert!(ran.code == 2 && ran.said.contains("one after the other"), "{}", ran.said);
}
