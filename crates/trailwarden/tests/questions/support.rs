//! Runs the binary in a folder of a test's own.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// What a run ended with.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The output on one line, however it is wrapped.
    pub(crate) fn words(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

/// Runs in a folder, with arguments that blanks separate.
pub(crate) fn run(folder: &Path, line: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailwarden"));
    command.args(line.split_whitespace()).current_dir(folder);
    for name in ["HOME", "XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    Ran::of(command.output().unwrap())
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Asserts that an answer is what its schema says, and that the schema can refuse.
pub(crate) fn check_schema(name: &str, answer: &Value) {
    let schema = run(Path::new("."), &format!("generate schema {name}")).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(answer).map(|error| error.to_string()).collect();
    assert_eq!(errors, [] as [&str; 0]);
    let mut other = answer.clone();
    other["schema"] = "trailwarden.other/1".into();
    assert!(!validator.is_valid(&other), "it can fail");
}
