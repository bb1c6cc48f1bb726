//! What a test needs and does not find: said in one line, which whoever runs all tests also counts.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Says that a test (`suite::name`) is skipped, and why; also in the file that `TRAILWARDEN_SKIP_LOG` names.
pub fn skipped(test: &str, why: &str) {
    let line = format!("skipped: {test}: {why}");
    println!("{line}");
    if let Some(log) = std::env::var_os("TRAILWARDEN_SKIP_LOG") {
        let mut log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        writeln!(log, "{line}").unwrap();
    }
}

/// What an environment variable says; where it is not set, the test is skipped.
pub fn variable(test: &str, name: &str) -> Option<OsString> {
    let value = std::env::var_os(name);
    if value.is_none() {
        skipped(test, &format!("{name} is not set"));
    }
    value
}

/// A folder of the logs that are not ours to keep; where there is none, the test is skipped.
///
/// # Panics
///
/// When `TRAILWARDEN_TEST_DATA` names a place that has no such folder: then somebody meant it to be there.
pub fn data(test: &str, name: &str) -> Option<PathBuf> {
    let folder = Path::new(&variable(test, "TRAILWARDEN_TEST_DATA")?).join(name);
    assert!(folder.is_dir(), "TRAILWARDEN_TEST_DATA holds no folder {name}");
    Some(folder)
}
