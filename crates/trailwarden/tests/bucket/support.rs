//! An incident in a bucket, and the binary that reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use trailwarden_model::{Finding, Report};

use crate::s3::{BUCKET, Rules, S3};

/// What stands for credentials. It must show up nowhere.
pub(crate) const SECRET: &str = "a-word-that-nobody-may-see";

/// Where the logs of the organization lie.
pub(crate) const ROOT: &str = "archive/AWSLogs/o-exampleorgid";

/// Keys made for others, refused calls, a trail stopped, a login without MFA; over some days.
const INCIDENT: &str = "
    mallory sts:GetCallerIdentity ip=203.0.113.9
    +5m mallory iam:CreateAccessKey user/alice ip=203.0.113.9
    +5m mallory iam:CreateAccessKey user/bob ip=203.0.113.9
    +1h mallory iam:CreateLoginProfile user/alice ip=203.0.113.9
    +30h mallory cloudtrail:StopLogging trail/main ip=203.0.113.9
    +1d alice signin:ConsoleLogin ip=203.0.113.9
    +1h mallory iam:CreateAccessKey user/carol denied ip=203.0.113.9
    +20d mallory iam:CreateAccessKey user/dora ip=203.0.113.9";

/// A key as CloudTrail writes it: five minutes after the record, rounded.
fn key(record: &Value, number: usize) -> String {
    let text = |name: &str| record[name].as_str().unwrap();
    let (account, region) = (text("recipientAccountId"), text("awsRegion"));
    let time = text("eventTime");
    let (day, clock) = (&time[..10], &time[11..16]);
    let stamp = format!("{}T{}", day.replace('-', ""), clock.replace(':', ""));
    format!(
        "{ROOT}/{account}/CloudTrail/{region}/{}/{account}_CloudTrail_{region}_{stamp}Z_{number:016}.json.gz",
        day.replace('-', "/")
    )
}

/// The incident, one record in each object, with things beside it that are no logs.
pub(crate) fn incident() -> Rules {
    let mut objects = BTreeMap::new();
    for (number, record) in trailwarden_detect::trail::records(INCIDENT).unwrap().iter().enumerate()
    {
        let text = json!({ "Records": [record] }).to_string();
        objects.insert(key(record, number), gzip(text.as_bytes()));
    }
    objects.insert(
        format!("{ROOT}/111122223333/Config/us-east-1/2026/3/1/x.json.gz"),
        b"no log".to_vec(),
    );
    Rules { objects, ..Rules::default() }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A copy of the bucket, as `aws s3 sync` makes it, of logs only.
pub(crate) fn copy(rules: &Rules) -> TempDir {
    let folder = folder();
    for (key, bytes) in rules.objects.iter().filter(|(key, _)| key.contains("/CloudTrail/")) {
        let path = folder.path().join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The bucket's place.
pub(crate) fn place(prefix: &str) -> String {
    format!("s3://{BUCKET}/{prefix}")
}

/// The binary, told nothing by the surroundings but who asks.
pub(crate) fn trailwarden(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command
        .args(args)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "dummy")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_SESSION_TOKEN", SECRET)
        .stdin(Stdio::null());
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
        let ran = Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.out.contains(SECRET) && !ran.said.contains(SECRET), "{}", ran.said);
        ran
    }

    /// The report of a `json` run.
    pub(crate) fn report(&self) -> Report {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.said))
    }

    /// The findings of a `json` run, without the places of their records.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.report().findings;
        for evidence in findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
            evidence.file.clear();
        }
        findings
    }

    /// The rules that found something.
    pub(crate) fn rules(&self) -> BTreeSet<String> {
        self.findings().into_iter().map(|finding| finding.rule).collect()
    }

    /// What could not be read, and why.
    pub(crate) fn rejects(&self) -> Vec<(String, String)> {
        self.report().rejects.into_iter().map(|one| (one.file, one.cause)).collect()
    }
}

/// Runs on this machine alone.
pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(trailwarden(args).output().unwrap())
}

/// Runs with a bucket.
pub(crate) fn run_on(s3: &S3, args: &[&str]) -> Ran {
    let place = ["--region", "us-east-1", "--endpoint-url", &s3.url];
    run(&[args, &place].concat())
}
