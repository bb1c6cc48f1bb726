//! Environments of Python packages in exact versions, each in a folder of its own below the build folder.
//!
//! Nothing of them is needed to build.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::workspace;

/// An environment: where it lies and what is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Environment {
    /// Its folder below the build folder.
    pub(crate) folder: &'static str,
    /// The file of its packages, from the repository's root.
    pub(crate) requirements: &'static str,
}

impl Environment {
    /// Its Python, when it has what the requirements ask for.
    pub(crate) fn python(&self) -> Result<Option<PathBuf>> {
        let folder = self.folder()?;
        let python = python_in(&folder);
        let is_current =
            workspace::read(&stamp(&folder)).is_ok_and(|text| text == self.requirements());
        let is_there = is_current && workspace::answers(Command::new(&python).arg("--version"));
        Ok(is_there.then_some(python))
    }

    /// Installs it; what stands in the way is the inner error.
    pub(crate) fn install(&self, is_dry_run: bool) -> Result<Result<(), String>> {
        if self.python()?.is_some() {
            return Ok(Ok(()));
        }
        let folder = self.folder()?;
        let mut make = Command::new("python3");
        make.args(["-m", "venv", "--clear"]).arg(&folder);
        let mut fill = Command::new(python_in(&folder));
        fill.args(["-m", "pip", "install", "--quiet", "--requirement"]);
        fill.arg(workspace::root().join(self.requirements));
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
            workspace::write(&stamp(&folder), &self.requirements())?;
        }
        Ok(Ok(()))
    }

    /// A program that one of its packages brings.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        Ok(self.folder()?.join("bin").join(name))
    }

    /// Packages that are asked for without an exact version.
    #[cfg(test)]
    pub(crate) fn loose(&self) -> Vec<String> {
        let text = self.requirements();
        let asked = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        asked.filter(|line| !line.contains("==")).map(str::to_owned).collect()
    }

    fn folder(&self) -> Result<PathBuf> {
        Ok(workspace::target_directory()?.join(self.folder))
    }

    /// The text of the file.
    pub(crate) fn requirements(&self) -> String {
        workspace::read(&workspace::root().join(self.requirements)).unwrap_or_default()
    }
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}

fn stamp(folder: &Path) -> PathBuf {
    folder.join("installed.txt")
}
