//! What stands around the account: its organization, Identity Center, analyzers, contacts, and where
//! its trails write to and who is told.

mod directory;
mod organization;
mod storage;

use serde_json::{Value, json};

use super::{Asking, items, text};

pub(super) fn ask(asking: &mut Asking<'_>) {
    organization::ask(asking);
    directory::ask(asking);
    asking.ask("account:GetAlternateContact", json!({"AlternateContactType": "SECURITY"}));
    analyzers(asking);
    storage::ask(asking);
}

/// Analyzers are of a region; without a list of regions only that of the connection is asked.
fn analyzers(asking: &mut Asking<'_>) {
    let states = json!(["ENABLED", "ENABLED_BY_DEFAULT"]);
    let told = asking.ask("account:ListRegions", json!({"RegionOptStatusContains": states}));
    let mut regions: Vec<String> = items(told.as_ref(), "Regions")
        .filter_map(|region| Some(text(region, "RegionName")?.to_owned()))
        .collect();
    if regions.is_empty() {
        regions.push(asking.connection.region().to_owned());
    }
    for region in regions {
        asking.ask_in("access-analyzer:ListAnalyzers", Some(&region), Value::Null);
    }
}
