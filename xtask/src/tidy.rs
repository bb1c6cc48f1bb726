//! `tidy`: what the compiler does not check about this repository.
//!
//! Every rule returns the faults it found, as `place: what is wrong and what to do`. A test runs
//! them all, so an ordinary `cargo test` keeps the house clean.

mod invariants;
mod layers;
mod links;
mod sources;
mod words;
mod writes;

use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

/// Arguments of `tidy`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Write the sizes of today's long files and functions to the ratchet. Read the difference.
    #[arg(long)]
    bless: bool,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = workspace::root();
    if arguments.bless {
        sources::bless(&root)?;
    }
    let faults = check(&root);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} faults; `tidy` has listed them", faults.len());
    }
    Ok(())
}

/// Finds the faults of a repository.
type Rule = fn(&Path) -> Result<Vec<String>>;

/// Applies every rule to a repository.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let rules: [Rule; 6] = [
        layers::check,
        sources::check,
        words::check,
        links::check,
        invariants::check,
        writes::check,
    ];
    let mut faults = Vec::new();
    for rule in rules {
        match rule(root) {
            Ok(found) => faults.extend(found),
            Err(error) => faults.push(format!("tidy could not finish: {error:#}")),
        }
    }
    faults
}

/// A path below `root` as faults name it.
fn place(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let faults = check(&workspace::root());
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
