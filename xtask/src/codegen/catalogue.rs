//! The entries of the catalogue, as they are compiled in.

use std::path::Path;

use anyhow::Result;

use super::{Hub, Unit, folders, list};

const ENTRIES: &str = "crates/trailwarden-catalogue/src/entries";
const CATALOGUE: &str = "catalogue";
const RECORDS: &str = "fixtures/records";

/// Their hub.
pub(super) fn hub(root: &Path) -> Result<Hub> {
    Ok(Hub {
        folder: ENTRIES.to_owned(),
        template: include_str!("../../templates/hubs/catalogue.rs.txt"),
        lines: &[(
            "{items}",
            "Text { name: \"{service}:{event}\", \
             markdown: include_str!(\"../../../../catalogue/{service}/{event}.md\"), \
             sample: {sample} },",
        )],
        units: entries(root)?,
    })
}

/// The entries of the catalogue, each with the record that we made of such an event.
fn entries(root: &Path) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    for service in folders(&root.join(CATALOGUE))? {
        for path in list(&root.join(CATALOGUE).join(&service))? {
            if path.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let event = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let record = format!("{RECORDS}/{service}/{event}.json");
            let sample = match root.join(&record).is_file() {
                true => format!("Some(include_str!(\"../../../../{record}\"))"),
                false => "None".to_owned(),
            };
            units.push(Unit { service: service.clone(), event, sample, ..Unit::default() });
        }
    }
    Ok(units)
}
