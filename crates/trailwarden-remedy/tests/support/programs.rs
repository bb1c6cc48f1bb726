//! Programs that a test runs where they are there.

use std::process::Command;

use trailwarden_testkit::skip::skipped;

/// Whether a program is there; says so when it is not.
pub(crate) fn has(program: &str, test: &str) -> bool {
    let is_there =
        Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !is_there {
        skipped(test, &format!("there is no `{program}`"));
    }
    is_there
}
