//! The reference pages, which the built binary prints itself.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::workspace;

const PAGES: &str = "docs/reference";

/// Writes, or only compares, the reference pages, which the built binary prints itself.
pub(super) fn pages(root: &Path, is_check: bool) -> Result<Vec<String>> {
    let trailwarden = || {
        let mut command = workspace::cargo();
        command.args(["run", "--quiet", "--package", "trailwarden", "--"]);
        command
    };
    let help = trailwarden().args(["generate", "docs", "--help"]).stderr(Stdio::null()).output()?;
    if !help.status.success() {
        if root.join(PAGES).is_dir() {
            bail!("`trailwarden generate docs` does not work, but `{PAGES}` exists");
        }
        eprintln!("codegen: `trailwarden generate docs` does not exist yet; no pages made");
        return Ok(Vec::new());
    }
    let made = workspace::target_directory()?.join("xtask/reference");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    fs::create_dir_all(&made)?;
    workspace::run(trailwarden().args(["generate", "docs", "--output"]).arg(&made))?;
    let stale = differences(&made, &root.join(PAGES))?;
    if !is_check {
        for name in &stale {
            let (from, to) = (made.join(name), root.join(PAGES).join(name));
            if from.exists() {
                workspace::write(&to, &workspace::read(&from)?)?;
            } else {
                fs::remove_file(&to)?;
            }
        }
    }
    Ok(stale.into_iter().map(|name| format!("{PAGES}/{name}")).collect())
}

/// Files that differ between two folders, or lie in only one of them.
pub(super) fn differences(made: &Path, kept: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for folder in [made, kept] {
        for path in workspace::files(folder, &[""]) {
            names.push(path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/"));
        }
    }
    names.sort();
    names.dedup();
    names.retain(|name| fs::read(made.join(name)).ok() != fs::read(kept.join(name)).ok());
    Ok(names)
}
