//! A folder of change policies, loaded for a command, with every fault told at its place.

use std::path::Path;

use anyhow::{bail, ensure};
use miette::{GraphicalReportHandler, GraphicalTheme};
use trailwarden_authorize::{LoadError, Policies};
use trailwarden_runtime::authorization;

use super::terminal;

/// Loads a folder. When something is wrong with it, all faults are told and nothing is loaded: with half
/// of its policies, others would be forbidden and permitted than the folder says.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Policies> {
    let files = authorization::files(folder)?;
    let shown = folder.display();
    match Policies::load(&files) {
        Ok(policies) => {
            ensure!(
                !policies.is_empty(),
                "`{shown}` holds no policy; write one into a file `*.cedar`"
            );
            Ok(policies)
        }
        Err(faults) => {
            faults.iter().for_each(tell);
            let (count, s) = (faults.len(), if faults.len() == 1 { "" } else { "s" });
            bail!(
                "`{shown}` has {count} fault{s}; `trailwarden authorize check {shown}` loads it again"
            )
        }
    }
}

/// Shows a fault with the lines around it.
fn tell(fault: &LoadError) {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    let mut text = String::new();
    if handler.render_report(&mut text, fault).is_err() {
        text = format!("{}:{}:{}: {fault}", fault.file, fault.line, fault.column);
    }
    text.lines().for_each(terminal::note);
}
