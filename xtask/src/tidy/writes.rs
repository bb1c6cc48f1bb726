//! Who changes AWS: only the executor of plans names the table of writes, without which nothing can be
//! changed.

use std::path::Path;

use anyhow::Result;

use super::place;
use super::sources;
use crate::workspace;

/// Where the table may be named: at home, and where plans are carried out.
const ALLOWED: &[&str] = &["crates/trailwarden-aws/", "crates/trailwarden-runtime/src/executor"];

/// The crate, and its table. Nobody can make a call without naming both.
const CRATE: &str = "trailwarden_aws";
const TABLE: &str = "writes";

pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in workspace::files(root, &[".rs"]) {
        let place = place(root, &path);
        if place.starts_with("crates/") && !sources::is_test_file(&place) {
            faults.extend(faults_of(&place, &workspace::read(&path)?));
        }
    }
    Ok(faults)
}

fn faults_of(place: &str, text: &str) -> Option<String> {
    if ALLOWED.iter().any(|allowed| place.starts_with(allowed)) {
        return None;
    }
    let mut lines: Vec<&str> = sources::product_lines(text).collect();
    lines.retain(|line| !line.trim_start().starts_with("//"));
    let is_using = lines.iter().any(|line| line.contains(CRATE));
    let at = lines.iter().position(|line| words(line).any(|word| word == TABLE));
    at.filter(|_| is_using).map(|_| {
        format!("{place}: only the executor of plans changes AWS; make a plan, and let it carry the plan out")
    })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_executor_names_the_table_of_writes() {
        let call =
            "use trailwarden_aws::{Connection, writes};\nfn f() { writes::find(\"iam:X\"); }\n";
        for (place, is_fault) in [
            ("crates/trailwarden/src/cli/remediate.rs", true),
            ("crates/trailwarden-runtime/src/sources.rs", true),
            ("crates/trailwarden-runtime/src/executor/world.rs", false),
            ("crates/trailwarden-runtime/src/executor.rs", false),
            ("crates/trailwarden-aws/src/change.rs", false),
        ] {
            assert_eq!(faults_of(place, call).is_some(), is_fault, "{place}");
        }
        let other = "use trailwarden_aws::Connection;\n// It writes.\nfn writes_to() {}\n";
        assert!(faults_of("crates/trailwarden/src/x.rs", other).is_none());
    }
}
