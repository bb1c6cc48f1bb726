//! Runs the binary, and makes what it reads.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use trailwarden_testkit::trailwarden;
pub(crate) use trailwarden_testkit::{Ran, ran::put};

/// An incident: keys made for others, refused calls, a trail stopped, a login without MFA.
pub(crate) const INCIDENT: &str = "
    mallory sts:GetCallerIdentity ip=203.0.113.9
    +5m mallory iam:CreateAccessKey user/alice ip=203.0.113.9
    +5m mallory iam:CreateAccessKey user/bob ip=203.0.113.9
    +1h mallory iam:CreateLoginProfile user/alice ip=203.0.113.9
    +1h mallory cloudtrail:StopLogging trail/main ip=203.0.113.9
    +1d alice signin:ConsoleLogin ip=203.0.113.9
    +1h mallory iam:CreateAccessKey user/carol denied ip=203.0.113.9";

/// The binary, told nothing by the surroundings.
pub(crate) fn trailwarden(args: &[&str]) -> Command {
    trailwarden!(args)
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(&mut trailwarden(args))
}

/// Scans paths with further flags.
pub(crate) fn scan(paths: &[&str], flags: &[&str]) -> Ran {
    let args: Vec<&str> = ["scan"].iter().chain(paths).chain(flags).copied().collect();
    run(&args)
}

/// Runs with something on standard input.
pub(crate) fn run_on(input: &[u8], args: &[&str]) -> Ran {
    Ran::of_with(&mut trailwarden(args), input)
}

/// The records of a trail.
pub(crate) fn records(trail: &str) -> Vec<Value> {
    trailwarden_detect::trail::records(trail).unwrap()
}

/// Records as CloudTrail writes them to S3.
pub(crate) fn s3(records: &[Value]) -> String {
    json!({ "Records": records }).to_string()
}

pub(crate) fn gzip(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    trailwarden_testkit::folder!()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Ids of findings, wherever they stand in a text.
pub(crate) fn ids(text: &str) -> BTreeSet<String> {
    let at = |start: usize| text.get(start..start + 19);
    text.match_indices("tw-")
        .filter_map(|(start, _)| at(start))
        .filter(|id| id.bytes().skip(3).all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
        .map(str::to_owned)
        .collect()
}
