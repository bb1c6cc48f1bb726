//! The emulator of IAM that the account model is compared with: Python packages of exact versions, in
//! an environment of their own below the build folder.
//!
//! Nothing of it is needed to build. The test asks for the environment's Python in [`PYTHON`], which
//! `ci` sets when everything is there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::workspace;

/// Names the Python that has the emulator.
pub(crate) const PYTHON: &str = "TRAILWARDEN_TEST_EMULATOR";
/// What it is used for, for whoever lacks it.
pub(crate) const USED_FOR: &str = "comparing the account model with an emulator of IAM";
const REQUIREMENTS: &str = "crates/trailwarden-account/tests/emulator/requirements.txt";

/// The environment's Python, when it has what the requirements ask for.
pub(crate) fn python() -> Result<Option<PathBuf>> {
    let folder = folder()?;
    let python = python_in(&folder);
    let is_current = workspace::read(&stamp(&folder)).is_ok_and(|text| text == requirements());
    Ok((is_current && workspace::answers(Command::new(&python).arg("--version"))).then_some(python))
}

/// Installs it; what stands in the way is the inner error.
pub(crate) fn install(is_dry_run: bool) -> Result<Result<(), String>> {
    if python()?.is_some() {
        return Ok(Ok(()));
    }
    let folder = folder()?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    let mut fill = Command::new(python_in(&folder));
    fill.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    fill.arg(workspace::root().join(REQUIREMENTS));
    for command in [&mut make, &mut fill] {
        eprintln!("setup: {}", workspace::shown(command));
        if is_dry_run {
            continue;
        }
        if let Err(error) = workspace::run(command) {
            return Ok(Err(format!("{error:#}")));
        }
    }
    if !is_dry_run {
        // Written last: an environment without it is unfinished, or of other requirements.
        workspace::write(&stamp(&folder), &requirements())?;
    }
    Ok(Ok(()))
}

fn folder() -> Result<PathBuf> {
    Ok(workspace::target_directory()?.join("emulator"))
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}

fn stamp(folder: &Path) -> PathBuf {
    folder.join("installed.txt")
}

fn requirements() -> String {
    workspace::read(&workspace::root().join(REQUIREMENTS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_has_an_exact_version() {
        let text = requirements();
        let asked = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let loose: Vec<&str> = asked.filter(|line| !line.contains("==")).collect();
        assert!(text.contains("moto=="), "{text}");
        assert_eq!(loose, Vec::<&str>::new());
    }
}
