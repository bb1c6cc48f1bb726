//! Runs the binary on trails.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// What a run ended with.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    /// The output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// The changes of a `--json` run.
    pub(crate) fn changes(&self) -> Vec<Value> {
        assert!(self.code == 0 || self.code == 3, "{}", self.said);
        self.json()["changes"].as_array().unwrap().clone()
    }
}

/// Runs the binary, told nothing by the surroundings.
pub(crate) fn run(args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command.args(args).current_dir(env!("CARGO_TARGET_TMPDIR"));
    for name in ["HOME", "XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        said: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `changes` on a file.
pub(crate) fn changes(log: &str, flags: &[&str]) -> Ran {
    let args: Vec<&str> = ["changes", log].iter().chain(flags).copied().collect();
    run(&args)
}

/// The records of a trail.
pub(crate) fn records(trail: &str) -> Vec<Value> {
    trailwarden_detect::trail::records(trail).unwrap()
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Writes a file and returns its path as an argument.
pub(crate) fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Writes records as CloudTrail writes them to S3.
pub(crate) fn log(folder: &Path, records: &[Value]) -> String {
    put(folder, "log.json", json!({ "Records": records }).to_string())
}

/// The trail of the examples whose calls have six and three effects.
pub(crate) fn example() -> String {
    format!("{}/../../examples/effect", env!("CARGO_MANIFEST_DIR"))
}

/// A user makes himself an administrator after somebody else was refused the same.
pub(crate) const TRAIL: &str = "
    root iam:CreateUser user/alice
    root iam:CreateUser user/bob
    root iam:PutUserPolicy user/alice allow=iam:PutUserPolicy named=own
    bob iam:PutUserPolicy user/bob denied
    bob iam:DeleteUser user/nobody failed=NoSuchEntityException
    alice iam:PutUserPolicy user/alice allow=* named=all";
