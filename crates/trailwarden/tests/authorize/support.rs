//! Runs the binary on the example and on folders of one test.

use std::path::{Path, PathBuf};

use serde_json::Value;
use trailwarden_testkit::trailwarden;
pub(crate) use trailwarden_testkit::{Ran, ran::put};

/// Runs the binary in a folder, told nothing by the surroundings.
pub(crate) fn run_in(folder: &Path, args: &[&str]) -> Ran {
    Ran::of(trailwarden!(args).current_dir(folder))
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the binary where the example's paths begin.
pub(crate) fn run(args: &[&str]) -> Ran {
    run_in(&root(), args)
}

pub(crate) const LOGS: &str = "examples/change-policies/logs";
pub(crate) const POLICIES: &str = "examples/change-policies/policies";

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    trailwarden_testkit::folder!()
}

/// Whether an answer is what its schema says.
pub(crate) fn assert_schema(name: &str, answer: &Value) {
    let schema = run(&["generate", "schema", name]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(answer)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
}
