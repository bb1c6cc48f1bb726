//! Runs the binary in a folder of a test's own, with credentials that open nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use trailwarden_model::Timestamp;
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::{Plan, Subject, remedy};

/// What a run ended with.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    /// The output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// The one run that it tells of.
    #[track_caller]
    pub(crate) fn run(&self) -> Value {
        let runs = self.json()["runs"].as_array().unwrap().clone();
        assert_eq!(runs.len(), 1, "{self:?}");
        runs.into_iter().next().unwrap()
    }
}

/// Runs it, with arguments that blanks separate; nobody is at its standard input.
pub(crate) fn run(folder: &Path, line: &str) -> Ran {
    run_as(folder, line, "dummy")
}

/// What runs it.
pub(crate) fn command(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(BINARY);
    command.args(line.split_whitespace());
    settle(&mut command, folder);
    command
}

/// The binary.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_trailwarden");

/// Gives a command the folder and the credentials, and nothing else of this machine.
pub(crate) fn settle(command: &mut Command, folder: &Path) {
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("USER", "tester")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", "dummy")
        .env("AWS_SECRET_ACCESS_KEY", "dummy")
        .stdin(Stdio::null());
}

/// Runs it with an access key of one's own.
pub(crate) fn run_as(folder: &Path, line: &str, key: &str) -> Ran {
    let output = command(folder, line).env("AWS_ACCESS_KEY_ID", key).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        said: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// The plan of a subject, not too old to be carried out for a while, as one that moves nobody's access but its
/// subject's: what plans do besides is foreseen from an account, and there is none.
pub(crate) fn plan(id: &str, subject: &Subject) -> Plan {
    let mut subject = subject.clone();
    // The year 2999: this plan is run whenever the test is.
    subject.cutoff = Timestamp::from_seconds(32_472_144_000);
    let draft = remedy::find(id).unwrap().draft(&subject).unwrap();
    let plan = Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft]);
    plan.foreseen(Foreseen::default())
}

/// The plan of a remedy's own example.
pub(crate) fn example(id: &str) -> Plan {
    plan(id, &remedy::find(id).unwrap().example().unwrap())
}

/// Writes a plan's file.
pub(crate) fn put(folder: &Path, name: &str, plan: &Plan) {
    std::fs::write(folder.join(name), plan.to_json()).unwrap();
}

/// Asserts that an answer is what its schema says.
pub(crate) fn check_schema(name: &str, answer: &Value) {
    let schema = run(Path::new("."), &format!("generate schema {name}")).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(answer).map(|error| error.to_string()).collect();
    assert_eq!(errors, [] as [&str; 0]);
    assert!(!validator.is_valid(&Value::from("no answer")), "it can fail");
}
