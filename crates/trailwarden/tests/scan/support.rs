//! Runs the binary, and makes what it reads.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use trailwarden_model::{Finding, Report};

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
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command.args(args).current_dir(env!("CARGO_TARGET_TMPDIR"));
    for name in ["HOME", "XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// What a run ended with.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The findings of an `ndjson` run.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The report of a `json` run.
    pub(crate) fn report(&self) -> Report {
        serde_json::from_str(&self.out).unwrap()
    }

    /// The rules that found something in an `ndjson` run.
    pub(crate) fn rules(&self) -> BTreeSet<String> {
        self.findings().into_iter().map(|finding| finding.rule).collect()
    }
}

/// Runs to the end.
pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(trailwarden(args).output().unwrap())
}

/// Scans paths with further flags.
pub(crate) fn scan(paths: &[&str], flags: &[&str]) -> Ran {
    let args: Vec<&str> = ["scan"].iter().chain(paths).chain(flags).copied().collect();
    run(&args)
}

/// Runs with something on standard input.
pub(crate) fn run_on(input: &[u8], args: &[&str]) -> Ran {
    let mut child = trailwarden(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    Ran::of(output)
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

/// Writes a file and returns its path as an argument.
pub(crate) fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
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
