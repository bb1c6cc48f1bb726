//! `cloudtrail:` as a path, against a server on loopback that keeps an event history.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod server;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use server::Server;
use tempfile::TempDir;

const SECRET: &str = "a-word-that-nobody-may-see";
const TRAIL: &str = "../../fixtures/trails/leaked-intern-key.ndjson";

/// Runs it without any credentials or settings of whoever runs the tests.
fn trailwarden(arguments: &[&str], folder: &Path) -> Output {
    command(arguments, folder).output().unwrap()
}

fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "dummy")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_SESSION_TOKEN", SECRET);
    command
}

fn asking<'a>(server: &'a Server, words: &[&'a str]) -> Vec<&'a str> {
    [words, &["--endpoint-url", &server.url, "--region", "eu-west-1"]].concat()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The findings without the place of their evidence, which is another one.
fn findings(output: &Output) -> Vec<Value> {
    let mut findings: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for finding in &mut findings {
        for evidence in finding["evidence"].as_array_mut().unwrap() {
            let evidence = evidence.as_object_mut().unwrap();
            evidence.remove("file");
            evidence.remove("record");
        }
    }
    findings
}

#[test]
fn the_history_gives_the_findings_of_a_file_with_the_same_events() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL);
    let words = ["scan", "cloudtrail:", "--format", "ndjson", "--quiet"];
    let asked = trailwarden(&asking(&server, &words), folder.path());
    assert_eq!(text(&asked.stderr), "");
    assert_eq!(asked.status.code(), Some(0));
    let read = trailwarden(&["scan", TRAIL, "--format", "ndjson"], folder.path());
    let expected = findings(&read);
    assert!(expected.len() > 3);
    assert_eq!(findings(&asked), expected);
    // Its own region, and that of IAM.
    assert_eq!(server.regions(), ["eu-west-1", "us-east-1"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn the_other_commands_read_it_too() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL);
    let words = ["changes", "cloudtrail:us-east-1", "--json", "--quiet"];
    let asked = trailwarden(&asking(&server, &words), folder.path());
    let read = trailwarden(&["changes", TRAIL, "--json"], folder.path());
    let rows = |output: &Output| -> Vec<Value> {
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = report["changes"].as_array().unwrap().iter();
        rows.map(|row| row["event_id"].clone()).collect()
    };
    assert!(!rows(&read).is_empty());
    assert_eq!(rows(&asked), rows(&read));
    let words =
        ["who-can", "iam:CreateUser", "--json", "--quiet", "--logs", "cloudtrail:us-east-1"];
    let asked = trailwarden(&asking(&server, &words), folder.path());
    let read =
        trailwarden(&["who-can", "iam:CreateUser", "--json", "--logs", TRAIL], folder.path());
    assert_eq!(asked.status.code(), read.status.code(), "{}", text(&asked.stderr));
}

#[test]
fn a_second_run_asks_only_for_what_may_have_changed() {
    let folder = TempDir::new().unwrap();
    let cache = folder.path().join("kept");
    let server = Server::of(TRAIL);
    let words = [
        "scan",
        "cloudtrail:us-east-1",
        "--format",
        "ndjson",
        "--quiet",
        "--cache",
        cache.to_str().unwrap(),
    ];
    let first = trailwarden(&asking(&server, &words), folder.path());
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert_eq!(server.lookups(), 3, "two pages, and one of the latest hour");
    let second = trailwarden(&asking(&server, &words), folder.path());
    assert_eq!(findings(&second), findings(&first));
    assert!(server.lookups() <= 2, "what settled since the first run, and the latest hour");
    // The cache is a folder of logs like any other.
    let offline =
        trailwarden(&["scan", cache.to_str().unwrap(), "--format", "ndjson"], folder.path());
    assert_eq!(findings(&offline), findings(&first));
}

#[test]
fn a_region_that_is_denied_is_told_and_the_others_count() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL).denying("ap-south-1");
    let words = ["scan", "cloudtrail:all", "--json", "--quiet"];
    let asked = trailwarden(&asking(&server, &words), folder.path());
    assert_eq!(asked.status.code(), Some(3), "{}", text(&asked.stderr));
    let report: Value = serde_json::from_slice(&asked.stdout).unwrap();
    assert!(!report["findings"].as_array().unwrap().is_empty());
    let [reject] = &report["rejects"].as_array().unwrap()[..] else { panic!("{report}") };
    assert_eq!(reject["file"], "cloudtrail:ap-south-1");
    let cause = reject["cause"].as_str().unwrap();
    assert!(cause.contains("is not known: AccessDeniedException"), "{cause}");
    assert!(cause.contains("cloudtrail:LookupEvents"), "{cause}");
    let told = text(&asked.stdout) + &text(&asked.stderr);
    assert!(!told.contains(SECRET), "{told}");
}

#[test]
fn when_nothing_is_given_that_is_told() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL).denying("us-east-1");
    let words = ["scan", "cloudtrail:us-east-1", "--json", "--quiet"];
    let asked = trailwarden(&asking(&server, &words), folder.path());
    assert_eq!(asked.status.code(), Some(2), "{}", text(&asked.stderr));
}

#[test]
fn a_dry_run_says_how_much_there_is_and_fetches_a_page() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL);
    let words =
        ["scan", "cloudtrail:us-east-1", "--since", "5h", "--dry-run", "--username", "mallory"];
    let asked = trailwarden(&asking(&server, &words), folder.path());
    assert_eq!(asked.status.code(), Some(0), "{}", text(&asked.stderr));
    let told = text(&asked.stdout);
    for part in
        ["111122223333", "Username is mallory", "guessed from 1 page", "at 2 pages a second"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(server.filters(), [r#"[{"AttributeKey":"Username","AttributeValue":"mallory"}]"#]);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anybody_is_asked() {
    let folder = TempDir::new().unwrap();
    for (words, part) in [
        (vec!["scan", TRAIL, "--event-name", "CreateUser"], "give `cloudtrail:`"),
        (
            vec!["scan", "cloudtrail:", "--event-name", "CreateUser", "--username", "bob"],
            "--username",
        ),
        (vec!["scan", "cloudtrail:evil.example/"], "no region"),
        (vec!["scan", TRAIL, "--dry-run"], "cloudtrail:"),
    ] {
        let output = trailwarden(&words, folder.path());
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(text(&output.stderr).contains(part), "{words:?}: {}", text(&output.stderr));
    }
}

#[test]
fn nobody_who_answers_is_an_error_that_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL).refusing();
    let asked = trailwarden(&asking(&server, &["scan", "cloudtrail:"]), folder.path());
    assert_eq!(asked.status.code(), Some(2));
    assert!(text(&asked.stderr).contains("sign in again"), "{}", text(&asked.stderr));
    assert!(!text(&asked.stderr).contains(SECRET));
}

/// The second page is asked for once the first one is there.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_judges_what_was_given() {
    let folder = TempDir::new().unwrap();
    let server = Server::of(TRAIL).falling_silent();
    let words = ["scan", "cloudtrail:us-east-1", "--json", "--quiet"];
    let asked = command(&asking(&server, &words), folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    server.is_silent();
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", asked.id())]).status();
    assert!(sent.unwrap().success());
    let output = asked.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["summary"]["records"], &report["summary"]["interrupted"]),
        (&50.into(), &true.into())
    );
    let cause = report["rejects"][0]["cause"].as_str().unwrap();
    assert!(cause.contains("interrupted before it was read"), "{cause}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}
