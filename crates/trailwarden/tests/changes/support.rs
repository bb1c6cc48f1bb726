//! Runs the binary on trails.

use std::path::Path;

use serde_json::{Value, json};
use trailwarden_testkit::trailwarden;
pub(crate) use trailwarden_testkit::{Ran, ran::put};

/// The changes of a `--json` run.
pub(crate) trait Changes {
    fn changes(&self) -> Vec<Value>;
}

impl Changes for Ran {
    fn changes(&self) -> Vec<Value> {
        assert!(self.code == 0 || self.code == 3, "{}", self.said);
        self.json()["changes"].as_array().unwrap().clone()
    }
}

/// Runs the binary, told nothing by the surroundings.
pub(crate) fn run(args: &[&str]) -> Ran {
    Ran::of(&mut trailwarden!(args))
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
    trailwarden_testkit::folder!()
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
