//! Programs that a test runs where they are there.

use std::fs;
use std::io::Write as _;
use std::process::Command;

/// Whether a program is there; says so when it is not, also to whoever counts what is skipped.
pub(crate) fn has(program: &str, test: &str) -> bool {
    let is_there =
        Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !is_there {
        let line = format!("skipped: {test}: there is no `{program}`");
        println!("{line}");
        if let Some(log) = std::env::var_os("TRAILWARDEN_SKIP_LOG") {
            let mut log = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
            writeln!(log, "{line}").unwrap();
        }
    }
    is_there
}
