//! Runs the binary on the example policies and on files of a test's own.

use std::path::Path;

use trailwarden_testkit::trailwarden;
pub(crate) use trailwarden_testkit::{Ran, ran::put};

/// Where the example policies are, as the tests name them.
pub(crate) fn examples() -> String {
    format!("{}/../../examples/policies", env!("CARGO_MANIFEST_DIR"))
}

/// Runs among the example policies.
pub(crate) fn run(args: &[&str]) -> Ran {
    run_in(Path::new(&examples()), args)
}

/// Runs in a folder.
pub(crate) fn run_in(folder: &Path, args: &[&str]) -> Ran {
    Ran::of(trailwarden!(args).current_dir(folder))
}

/// Runs among the example policies with something on standard input.
pub(crate) fn run_on(input: &str, args: &[&str]) -> Ran {
    Ran::of_with(trailwarden!(args).current_dir(examples()), input.as_bytes())
}

/// A folder for one test.
pub(crate) fn folder() -> tempfile::TempDir {
    trailwarden_testkit::folder!()
}

/// A policy with one statement, from its members.
pub(crate) fn policy(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{{statement}}}]}}"#)
}
