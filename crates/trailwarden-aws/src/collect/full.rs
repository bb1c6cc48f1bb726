//! What stands around the account: its organization, Identity Center, contacts, what watches each
//! region, where its trails write to and who is told, and who uses what he may.

mod directory;
mod organization;
mod regions;
mod storage;
mod usage;

use serde_json::json;

use super::{Asking, items, text};

pub(super) fn ask(asking: &mut Asking<'_>) {
    organization::ask(asking);
    directory::ask(asking);
    asking.ask("account:GetAlternateContact", json!({"AlternateContactType": "SECURITY"}));
    regions::ask(asking);
    storage::ask(asking);
    usage::ask(asking);
}
