//! Cases beside policies: a record, and the verdict that is expected.
//!
//! TOML knows no `null`, which records are full of, so a record may stand there as a text in JSON.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trailwarden_authorize::{Asked, EffectFacts};
use trailwarden_model::finding::Verdict;

/// Larger files are no cases.
const BYTES_MAX: u64 = 16 << 20;
/// How files of cases end.
const ENDS: [&str; 2] = [".cases.toml", ".cases.json"];

/// One case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What it shows.
    pub(super) name: String,
    /// The verdict that is expected.
    pub(super) expect: Verdict,
    /// The policies that must have decided: these and no others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<Vec<String>>,
    /// Which of several records is meant; else the last change among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<String>,
    /// A file with the record, and others from before it, relative to the file of cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    /// What AWS said of the account, relative to the file of cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<String>,
    /// A record or a list of them, also as a text in JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<Value>,
    /// The effect to take in place of the one that is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effect: Option<EffectFacts>,
    /// What is asked, in place of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<Asked>,
}

/// A file of cases.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Cases {
    /// The cases, in their order.
    pub(super) case: Vec<Case>,
}

/// The files of cases of a folder, by name.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read `{}`", folder.display()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if ENDS.iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a file of cases.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Case>> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("cannot read `{shown}`"))?.len();
    ensure!(size <= BYTES_MAX, "`{shown}` has {size} bytes, too many for cases");
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
    let is_json = path.extension().is_some_and(|end| end == "json");
    let whole = if is_json {
        serde_json::from_str(&text).with_context(|| format!("`{shown}` is not JSON"))?
    } else {
        let parsed: toml::Table =
            toml::from_str(&text).with_context(|| format!("`{shown}` is not TOML"))?;
        plain(toml::Value::Table(parsed))
    };
    let Value::Object(mut whole) = whole else { bail!("`{shown}` holds no `case`") };
    let cases = whole.remove("case");
    if let Some(other) = whole.keys().next() {
        bail!("`{shown}`: `{other}` is not known; cases are written as `[[case]]`");
    }
    let Some(Value::Array(cases)) = cases else {
        bail!("`{shown}` holds no case; write one as `[[case]]`, with `name` and `expect`")
    };
    cases.into_iter().enumerate().map(|(at, case)| one(path, at, case)).collect()
}

fn one(path: &Path, at: usize, case: Value) -> anyhow::Result<Case> {
    let name = case.get("name").and_then(Value::as_str).unwrap_or_default();
    let place = format!("`{}`, case {} ({name})", path.display(), at + 1);
    let case: Case = serde_json::from_value(case).map_err(|error| anyhow!("{place}: {error}"))?;
    let given = [case.record.is_some(), case.file.is_some(), case.asked.is_some()];
    let given = given.iter().filter(|is_so| **is_so).count();
    ensure!(given == 1, "{place}: give one of `record`, `file` and `asked`");
    let is_of_records = case.event.is_some() || case.baseline.is_some();
    ensure!(
        case.asked.is_none() || !is_of_records,
        "{place}: `event` and `baseline` are for records, not for `asked`"
    );
    Ok(case)
}

/// TOML as JSON; a date becomes the text that it is written as.
fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is_so) => is_so.into(),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(list) => list.into_iter().map(plain).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, plain(value))).collect())
        }
    }
}
