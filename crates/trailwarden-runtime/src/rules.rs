//! Sigma rule files from folders.

use std::path::{Path, PathBuf};

use trailwarden_detect::sigma::Source;
use trailwarden_model::Reject;

/// A path that was named could not be read.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` is neither a folder nor a file of rules")]
pub struct RulesError {
    path: String,
}

/// Rule files beyond this size are no rules.
const BYTES_MAX: u64 = 4 << 20;

/// Reads every `.yml` and `.yaml` file below the given folders, and every file given by name, in
/// the order of their paths. What cannot be read is a reject.
pub fn read(paths: &[PathBuf]) -> Result<(Vec<Source>, Vec<Reject>), RulesError> {
    let mut sources = Vec::new();
    let mut rejects = Vec::new();
    for path in paths {
        if !path.exists() {
            return Err(RulesError { path: path.display().to_string() });
        }
        for entry in walkdir::WalkDir::new(path).sort_by_file_name().follow_links(true) {
            match entry {
                Ok(entry)
                    if entry.file_type().is_file()
                        && (entry.depth() == 0 || is_rule(entry.path())) =>
                {
                    match text(entry.path()) {
                        Ok(text) => {
                            sources.push(Source { name: entry.path().display().to_string(), text })
                        }
                        Err(cause) => rejects.push(reject(entry.path(), cause)),
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    let place = error.path().unwrap_or(path).to_owned();
                    rejects.push(reject(&place, error.to_string()));
                }
            }
        }
    }
    Ok((sources, rejects))
}

fn is_rule(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yml" || end == "yaml")
}

fn text(path: &Path) -> Result<String, String> {
    let length = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > BYTES_MAX {
        return Err(format!("{length} bytes are too many for a rule file"));
    }
    std::fs::read_to_string(path).map_err(|error| format!("the rule file cannot be read: {error}"))
}

fn reject(path: &Path, cause: String) -> Reject {
    Reject { file: path.display().to_string(), offset: None, record: None, cause }
}
