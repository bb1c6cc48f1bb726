//! Verification over stores of all sorts, on signed fixtures (`cargo xtask corpus digests`).

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use trailwarden_record::integrity::Stamp;

use super::*;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/integrity")
}

fn options() -> Options {
    let keys = read_keys(&[fixtures().join("public-keys.json")]).unwrap();
    Options { keys, threads: 1, ..Options::default() }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// A bucket in memory.
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    /// Keys that cannot be read.
    denied: Vec<String>,
}

const BUCKET: &str = "example-trail-logs";

impl Bucket {
    fn of(fixture: &str) -> Self {
        let root = fixtures().join(fixture);
        let mut paths = Vec::new();
        files(&root, &mut paths);
        let object = |path: &PathBuf| {
            let key = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            (key, std::fs::read(path).unwrap())
        };
        Self { objects: paths.iter().map(object).collect(), denied: Vec::new() }
    }

    /// The only key with this part.
    fn key(&self, part: &str) -> String {
        let mut keys = self.objects.keys().filter(|key| key.contains(part) && key.ends_with(".gz"));
        let key = keys.next().unwrap().clone();
        assert_eq!(keys.next(), None, "{part}");
        key
    }
}

impl Store for Bucket {
    fn list(&self) -> Listing {
        let objects = self.objects.iter().map(|(key, content)| Object {
            path: key.clone(),
            bucket: Some(BUCKET.to_owned()),
            size: content.len() as u64,
        });
        Listing { objects: objects.collect(), rejects: Vec::new() }
    }

    fn open(&self, object: &Object) -> io::Result<Box<dyn Read + Send + '_>> {
        if self.denied.contains(&object.path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Box::new(&self.objects[&object.path][..]))
    }

    fn stamp(&self, object: &Object) -> Result<Option<Stamp>, String> {
        let head = self.objects.get(&format!("{}.head.json", object.path));
        head.map(|json| Stamp::parse(json).map_err(|error| error.to_string())).transpose()
    }
}

fn run(store: &dyn Store, options: &Options) -> Report {
    verify(store, options, &Progress::default())
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn a_bucket_and_its_copy_say_the_same() {
    let bucket = run(&Bucket::of("valid"), &options());
    assert_eq!(rules(&bucket), ["digest-chain-gap"]);
    let integrity = bucket.summary.integrity.clone().unwrap();
    assert_eq!((integrity.chains, integrity.gaps), (4, 1));
    assert_eq!((integrity.digests.valid, integrity.logs.valid), (14, 15));
    let path = fixtures().join("valid").to_str().unwrap().to_owned();
    let folder = run(&Folder::new(vec![path]), &options());
    assert_eq!(folder.summary, bucket.summary);
}

#[test]
fn workers_do_not_show() {
    let bucket = Bucket::of("valid");
    let one = run(&bucket, &options());
    for threads in [0, 2, 7, 64] {
        assert_eq!(run(&bucket, &Options { threads, ..options() }), one, "{threads}");
    }
}

/// A bucket says exactly where an object lies, so a log file under another key is missing.
#[test]
fn in_a_bucket_the_key_counts() {
    let mut bucket = Bucket::of("valid");
    let key = bucket.key("CloudTrail_us-east-1_20260301T0245Z");
    let content = bucket.objects.remove(&key).unwrap();
    bucket.objects.insert(format!("old/{key}"), content);
    let report = run(&bucket, &options());
    assert!(rules(&report).contains(&"log-file-missing"), "{:?}", rules(&report));
    let finding = report.findings.iter().find(|one| one.rule == "log-file-missing").unwrap();
    assert!(finding.explanation.contains(&format!("elsewhere: old/{key}")));
}

#[test]
fn what_cannot_be_read_is_unknown_and_accuses_nobody() {
    let mut bucket = Bucket::of("valid");
    let log = bucket.key("CloudTrail_us-east-1_20260301T0245Z");
    let digest = bucket.key("us-east-1_20260301T080000Z.json");
    bucket.denied = vec![log.clone(), digest.clone()];
    let report = run(&bucket, &options());
    let integrity = report.summary.integrity.as_ref().unwrap();
    assert_eq!((integrity.digests.unknown, integrity.logs.unknown), (1, 1));
    assert_eq!((integrity.digests.missing, integrity.digests.invalid), (0, 0));
    assert_eq!((integrity.logs.missing, integrity.logs.invalid), (0, 0));
    let unread: Vec<&str> = report.rejects.iter().map(|reject| reject.file.as_str()).collect();
    assert_eq!(unread, [digest.as_str(), log.as_str()]);
    assert_eq!(rules(&report), ["digest-chain-gap", "logs-not-covered"]);
}

#[test]
fn an_interrupted_run_says_so_and_accuses_nobody() {
    let progress = Progress::default();
    progress.stop();
    let report = verify(&Bucket::of("valid"), &options(), &progress);
    assert!(report.summary.interrupted);
    assert_eq!(rules(&report), Vec::<&str>::new());
}

/// One rule cannot bury the others, and what is left out is counted.
#[test]
fn findings_of_one_rule_have_a_limit() {
    let mut bucket = Bucket::of("valid");
    let key = bucket.key("CloudTrail_us-east-1_20260301T0245Z");
    let content = bucket.objects[&key].clone();
    for number in 0..1_500 {
        let planted = key.replace("T0245Z_", &format!("T0245Z_{number}"));
        bucket.objects.insert(planted, content.clone());
    }
    let report = run(&bucket, &options());
    let planted: Vec<_> =
        report.findings.iter().filter(|one| one.rule == "log-file-unlisted").collect();
    assert_eq!(planted.len(), 1_001);
    let more = planted.iter().filter(|one| one.explanation.starts_with("500 more")).count();
    assert_eq!(more, 1);
    assert_eq!(report.summary.integrity.unwrap().logs_uncovered, 1_500);
}

#[test]
fn keys_that_are_none_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let told = |content: &str| {
        std::fs::write(&path, content).unwrap();
        read_keys(std::slice::from_ref(&path)).unwrap_err().to_string()
    };
    for wrong in [
        "[]",
        r#"{"PublicKeyList": [{"Value": "AAAA", "Fingerprint": "0"}]}"#,
        r#"{"PublicKeyList": [{"Value": "MAA=", "Fingerprint": "0"}]}"#,
    ] {
        assert!(told(wrong).contains("list-public-keys"), "{wrong}");
    }
    std::fs::remove_file(&path).unwrap();
    assert!(read_keys(&[path]).unwrap_err().to_string().contains("cannot read"));
}
