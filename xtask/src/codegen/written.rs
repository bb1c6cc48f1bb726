//! The pages that people wrote, as they are compiled in for the site.

use std::path::Path;

use anyhow::Result;

use super::{Hub, Unit, list};

const WRITTEN: &str = "crates/trailwarden/src/site/written";
/// In the order of reading. The reference is not among them: the binary prints that itself.
const FOLDERS: [&str; 4] = ["docs/guides", "docs", "docs/concepts", "docs/decisions"];

/// Their hub.
pub(super) fn hub(root: &Path) -> Result<Hub> {
    let mut units = Vec::new();
    for folder in FOLDERS {
        for path in list(&root.join(folder))? {
            if path.extension().is_some_and(|ending| ending == "md") {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                units.push(Unit { module: format!("{folder}/{name}"), ..Unit::default() });
            }
        }
    }
    Ok(Hub {
        folder: WRITTEN.to_owned(),
        template: include_str!("../../templates/hubs/written.rs.txt"),
        lines: &[("{items}", "(\"{module}\", include_str!(\"../../../../../{module}\")),")],
        units,
    })
}
