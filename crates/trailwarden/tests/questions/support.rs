//! Runs the binary in a folder of a test's own.

use std::path::Path;

use serde_json::Value;
pub(crate) use trailwarden_testkit::Ran;
use trailwarden_testkit::trailwarden;

/// Runs in a folder, with arguments that blanks separate.
pub(crate) fn run(folder: &Path, line: &str) -> Ran {
    let args: Vec<&str> = line.split_whitespace().collect();
    Ran::of(trailwarden!(&args).current_dir(folder))
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    trailwarden_testkit::folder!()
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
