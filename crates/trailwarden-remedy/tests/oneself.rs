//! Programs of a plan stop when whoever runs them would lose access by it.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "support/programs.rs"]
mod programs;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use programs::has;
use trailwarden_model::Timestamp;
use trailwarden_remedy::{Plan, remedy, render};

/// What a program says before it goes on to ask about the account.
const STOPS: &str = "stopped: these credentials are of ";

/// A remedy, who runs its example, and whether that is stopped. The example of `remove-from-group` is about
/// alice, that of `revoke-sessions` about the role deploy, that of `narrow-policy` about the group ops.
const CASES: &[(&str, &str, bool)] = &[
    ("remove-from-group", "arn:aws:iam::111122223333:user/staff/alice", true),
    ("remove-from-group", "arn:aws:iam::111122223333:user/Alice", true),
    ("remove-from-group", "arn:aws:iam::111122223333:user/alice2", false),
    // A member of the group, who stays one.
    ("remove-from-group", "arn:aws:iam::111122223333:user/member", false),
    ("revoke-sessions", "arn:aws:sts::111122223333:assumed-role/deploy/alice", true),
    ("revoke-sessions", "arn:aws:sts::111122223333:assumed-role/Deploy/x", true),
    ("revoke-sessions", "arn:aws:sts::111122223333:assumed-role/other/deploy", false),
    ("revoke-sessions", "arn:aws:iam::111122223333:user/deploy", false),
    ("revoke-sessions", "arn:aws:iam::111122223333:root", false),
    ("narrow-policy", "arn:aws:iam::111122223333:user/member", true),
    ("narrow-policy", "arn:aws:iam::111122223333:user/stranger", false),
    ("delete-credential", "arn:aws:iam::111122223333:user/alice", true),
    // It takes nothing away.
    ("release-quarantine", "arn:aws:iam::111122223333:user/alice", false),
];

fn plan(id: &str) -> Plan {
    let remedy = remedy::find(id).unwrap();
    let mut subject = remedy.example().unwrap();
    // The year 2999: the scripts are run whenever the test is.
    subject.cutoff = Timestamp::from_seconds(32_472_144_000);
    let draft = remedy.draft(&subject).unwrap();
    Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft])
}

#[test]
fn a_script_does_not_take_from_whoever_runs_it() {
    let test = "oneself::a_script_does_not_take_from_whoever_runs_it";
    if !has("bash", test) || !has("python3", test) {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("remedy-oneself");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    // Tells who asks, that the user `member` is in the group Ops, and nothing else.
    let stub = r#"#!/usr/bin/env bash
case "$*" in
  *get-caller-identity*Account*) printf '111122223333\t%s\n' "$CALLER" ;;
  *list-groups-for-user*member*) echo '"All Ops"' ;;
  *list-groups-for-user*) echo 'An error occurred (NoSuchEntity) when calling it' >&2; exit 254 ;;
  *) echo 'nobody is there' >&2; exit 255 ;;
esac
"#;
    fs::write(folder.join("aws"), stub).unwrap();
    fs::set_permissions(folder.join("aws"), fs::Permissions::from_mode(0o700)).unwrap();
    for (id, caller, is_stopped) in CASES {
        let script = folder.join("plan.sh");
        fs::write(&script, render::cli(&plan(id))).unwrap();
        let ended = Command::new("bash")
            .arg(&script)
            .current_dir(&folder)
            .env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()))
            .env("CALLER", caller)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success(), "{id} {caller}: {said}");
        assert_eq!(said.contains(STOPS), *is_stopped, "{id} {caller}: {said}");
        assert!(*is_stopped || said.contains("nobody is there"), "{id} {caller}: {said}");
    }
}

/// Reads a program without what it imports, and asks it about each caller.
const READER: &str = r#"
import json, sys, types
for name in ("boto3", "botocore", "botocore.config", "botocore.exceptions"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["botocore.config"].Config = object
sys.modules["botocore.exceptions"].BotoCoreError = type("BotoCoreError", (Exception,), {})
sys.modules["botocore.exceptions"].ClientError = type("ClientError", (Exception,), {})

def said(program, caller):
    names = {"__name__": "plan"}
    exec(program, names)
    class Account:
        def ask(self, question, region):
            assert question["method"] == "list_groups_for_user", question
            if question["input"] != {"UserName": "member"}:
                return names["NOTHING"]
            return {"Groups": [{"GroupName": "All"}, {"GroupName": "Ops"}]}
    try:
        names["not_oneself"](Account(), caller)
    except SystemExit as stopped:
        return str(stopped)
    return ""

print(json.dumps([said(*case) for case in json.load(sys.stdin)]))
"#;

#[test]
fn a_program_does_not_take_from_whoever_runs_it() {
    if !has("python3", "oneself::a_program_does_not_take_from_whoever_runs_it") {
        return;
    }
    let cases = CASES.iter().map(|(id, caller, _)| (render::boto3(&plan(id)), *caller));
    let cases = serde_json::to_string(&cases.collect::<Vec<_>>()).unwrap();
    let mut process = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(cases.as_bytes()).unwrap();
    let told = process.wait_with_output().unwrap();
    let told: Vec<String> = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told.len(), CASES.len());
    for ((id, caller, is_stopped), said) in CASES.iter().zip(told) {
        assert_eq!(said.contains(STOPS), *is_stopped, "{id} {caller}: {said:?}");
    }
}
