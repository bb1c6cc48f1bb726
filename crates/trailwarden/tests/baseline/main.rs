//! `trailwarden baseline` and `trailwarden permissions` from end to end.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use trailwarden_testkit::{Script, skip};

const SECRET: &str = "a-word-that-nobody-may-see";

/// Runs it without any credentials or settings of whoever runs the tests.
fn trailwarden(arguments: &[&str], home: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trailwarden"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "dummy")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_SESSION_TOKEN", SECRET)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    assert!(!output.stdout.is_empty(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_the_cli_saved_becomes_a_file_that_commands_take() {
    let folder = TempDir::new().unwrap();
    let put = |name: &str, content: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let details = put(
        "details.json",
        &json!({"UserDetailList": [{
            "UserName": "alice", "UserId": "AIDAALICE", "Path": "/", "CreateDate": "2025-01-01T00:00:00Z",
            "Arn": "arn:aws:iam::111122223333:user/alice", "GroupList": [],
            "UserPolicyList": [{"PolicyName": "p", "PolicyDocument":
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}],
            "AttachedManagedPolicies": []}],
            "GroupDetailList": [], "RoleDetailList": [], "Policies": []}),
    );
    let file = folder.path().join("account.twb");
    let file = file.to_str().unwrap();
    let told =
        trailwarden(&["baseline", "pack", &details, "--output", file, "--json"], folder.path());
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let told = json(&told);
    assert_eq!(told["accounts"][0]["account"], "111122223333");
    assert_eq!(told["accounts"][0]["users"], 1);
    let can =
        trailwarden(&["can", "alice", "s3:GetObject", "--baseline", file, "--json"], folder.path());
    assert!(
        text(&can.stdout).contains("\"yes\"") || text(&can.stdout).contains("allow"),
        "{}",
        text(&can.stdout)
    );

    let shared = folder.path().join("shared.twb");
    let shared = shared.to_str().unwrap();
    let told = trailwarden(
        &["baseline", "pack", file, "--output", shared, "--redact", "--json"],
        folder.path(),
    );
    let told = json(&told);
    assert_eq!((&told["redacted"], &told["accounts"][0]["users"]), (&json!(true), &json!(1)));
    assert_ne!(told["accounts"][0]["account"], "111122223333");
}

#[test]
fn a_command_line_that_cannot_work_says_why() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = trailwarden(arguments, folder.path());
        (output.status.code(), text(&output.stderr))
    };
    let (code, said) = run(&["baseline", "--output", "x.twb"]);
    assert!(code == Some(2) && said.contains("--region"), "{said}");
    let (code, said) = run(&["baseline"]);
    assert!(code == Some(2) && said.contains("--output"), "{said}");
    let (code, said) = run(&["baseline", "--output", "x", "--accounts", "111122223333"]);
    assert!(code == Some(2) && said.contains("--role"), "{said}");
    let nobody = ["--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1"];
    let (code, said) = run(&[&["baseline", "--output", "x.twb"], &nobody[..]].concat());
    assert!(code == Some(2) && said.contains("127.0.0.1:1") && !said.contains(SECRET), "{said}");
    assert!(!folder.path().join("x.twb").exists());
}

#[test]
fn the_policy_names_what_is_asked_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let actions = |arguments: &[&str]| {
        let policy =
            json(&trailwarden(&[&["permissions", "baseline"], arguments].concat(), folder.path()));
        policy["Statement"][0]["Action"].as_array().unwrap().clone()
    };
    let (core, full) = (actions(&[]), actions(&["--depth", "full"]));
    assert!(core.contains(&json!("iam:GetAccountAuthorizationDetails")));
    assert!(
        !core.contains(&json!("s3:GetBucketPolicy")) && full.contains(&json!("s3:GetBucketPolicy"))
    );
    assert!(core.iter().all(|action| full.contains(action)));
    let policy = trailwarden(
        &["permissions", "baseline", "--accounts", "111122223333", "--role", "audit"],
        folder.path(),
    );
    assert_eq!(
        json(&policy)["Statement"][1]["Resource"],
        json!(["arn:aws:iam::111122223333:role/audit"])
    );
    let linted = folder.path().join("policy.json");
    std::fs::write(&linted, policy.stdout).unwrap();
    let lint = trailwarden(&["lint", linted.to_str().unwrap()], folder.path());
    assert!(!text(&lint.stdout).contains("unknown"), "{}", text(&lint.stdout));
}

#[test]
fn reading_logs_needs_no_more_than_the_place_where_they_lie() {
    let folder = TempDir::new().unwrap();
    let run = |line: &str| trailwarden(&line.split_whitespace().collect::<Vec<_>>(), folder.path());
    let policy = json(&run("permissions scan --source s3://corp-logs/AWSLogs/"));
    assert_eq!(
        policy["Statement"][1],
        json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::corp-logs/AWSLogs/*"]})
    );
    let policy = json(&run("permissions investigate --source cloudtrail:"));
    assert_eq!(policy["Statement"][0]["Action"], json!(["cloudtrail:LookupEvents"]));
    for (line, hint) in [
        ("permissions scan", "--source"),
        ("permissions assess --source cloudtrail:", "logs"),
        ("permissions scan --source logs/", "s3://"),
        ("permissions scan --source s3://b/", "names no bucket"),
        ("permissions scan --source cloudtrail:everywhere", "no region"),
        ("permissions verify --source cloudtrail:", "name a bucket"),
    ] {
        let ran = run(line);
        assert!(ran.status.code() == Some(2) && text(&ran.stderr).contains(hint), "{line}");
    }
    let table = run("permissions scan --source cloudtrail:all --table");
    assert!(text(&table.stdout).contains("account:ListRegions"), "{}", text(&table.stdout));
    let (one, other) = (run("permissions assess"), run("generate permissions assess"));
    assert!(!one.stdout.is_empty() && one.stdout == other.stdout);
    let linted = folder.path().join("policy.json");
    std::fs::write(&linted, one.stdout).unwrap();
    let lint = trailwarden(&["lint", linted.to_str().unwrap()], folder.path());
    assert!(!text(&lint.stdout).contains("unknown"), "{}", text(&lint.stdout));
}

/// The emulator, with what it said of itself.
fn emulator(test: &str) -> Option<(Script, Value)> {
    let python = skip::variable(&format!("baseline::{test}"), "TRAILWARDEN_TEST_EMULATOR")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../trailwarden-aws/tests/asking/serve.py");
    let mut script = Script::start(python, Path::new(script), &[]);
    let said = serde_json::from_str(&script.line()).unwrap();
    Some((script, said))
}

#[test]
fn an_account_of_an_emulator_is_asked_and_answers_questions() {
    let test = "an_account_of_an_emulator_is_asked_and_answers_questions";
    let Some((_emulator, said)) = emulator(test) else { return };
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("account.twb");
    let file = file.to_str().unwrap();
    let url = format!("http://127.0.0.1:{}", said["port"]);
    let place = ["--region", "eu-west-1", "--endpoint-url", &url];
    let run = |more: &[&str]| {
        trailwarden(
            &[&["baseline", "--output", file, "--json"], &place[..], more].concat(),
            folder.path(),
        )
    };
    let told = run(&[]);
    assert_eq!(told.status.code(), Some(0), "{}{}", text(&told.stdout), text(&told.stderr));
    let whole = text(&told.stdout) + &text(&told.stderr);
    assert!(!whole.contains(SECRET), "{whole}");
    let told = json(&told);
    assert_eq!(told["accounts"][0]["users"], 3);
    assert_eq!(told["accounts"][0]["unanswered"], json!([]));
    let bytes = std::fs::read(file).unwrap();
    assert!(!bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()));
    let can = trailwarden(&["can", "alice", "s3:GetObject", "--baseline", file], folder.path());
    assert_eq!(can.status.code(), Some(0), "{}", text(&can.stderr));

    // Another account, through a role there; one that is asked as one is; and one that nobody can take.
    let told = run(&["--accounts", "123456789012,210987654321", "--role", "audit"]);
    assert!(matches!(told.status.code(), Some(0 | 3)), "{}", text(&told.stderr));
    let told = json(&told);
    let accounts: Vec<&str> = told["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["account"].as_str())
        .collect();
    assert_eq!(accounts, ["123456789012", "210987654321"]);

    // What the emulator does not have is told, and the rest is there.
    let told = run(&["--depth", "full"]);
    assert_eq!(told.status.code(), Some(3));
    assert!(!json(&told)["accounts"][0]["unanswered"].as_array().unwrap().is_empty());
}
