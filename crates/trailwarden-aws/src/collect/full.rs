//! What stands around the account: its organization, Identity Center, contacts, what watches each
//! region, where its trails write to and who is told, and who uses what he may.

mod directory;
mod organization;
mod regions;
mod storage;
mod usage;

use serde_json::json;

use super::{Asking, items, text};
pub(super) use usage::{Whose, of_some};

/// What caps the permissions of everybody in the account.
pub(super) fn ask_organization(asking: &mut Asking<'_>) {
    organization::ask(asking);
}

pub(super) fn ask(asking: &mut Asking<'_>) {
    organization::ask(asking);
    directory::ask(asking);
    asking.ask("account:GetAlternateContact", json!({"AlternateContactType": "SECURITY"}));
    regions::ask(asking);
    storage::ask(asking);
}

/// When users and roles last used the services that they may use.
pub(super) fn ask_last_access(asking: &mut Asking<'_>, whose: Whose) {
    usage::ask(asking, whose);
}
