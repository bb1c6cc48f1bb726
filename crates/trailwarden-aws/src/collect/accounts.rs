//! Which accounts an organization has.

use serde_json::Value;
use trailwarden_account::snapshot::Answer;
use trailwarden_model::AccountId;

use super::{items, text};
use crate::connection::Connection;
use crate::protocol::Parameters;
use crate::reads;

/// The accounts of an organization.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// Those that are active, by id.
    pub active: Vec<AccountId>,
    /// How many are suspended, closed or not yet joined: nobody can be asked there.
    pub others: usize,
    /// Why the list may lack some.
    pub why_not_all: Option<String>,
}

/// Asks Organizations, which answers the management account and delegated administrators.
#[must_use]
pub fn accounts(connection: &Connection) -> Listed {
    let Some(read) = reads::find("organizations:ListAccounts") else {
        return Listed::default();
    };
    listed(&connection.ask(read, None, Parameters::new()))
}

fn listed(answer: &Answer) -> Listed {
    let mut listed = Listed { why_not_all: answer.why_not(), ..Listed::default() };
    for account in items(answer.body_so_far(), "Accounts") {
        // `State` takes the place of `Status`, which AWS calls deprecated.
        let state = text(account, "State").or_else(|| text(account, "Status"));
        let id = account.get("Id").and_then(Value::as_str).and_then(AccountId::parse);
        match (id, state) {
            (Some(id), None | Some("ACTIVE")) => listed.active.push(id),
            _ => listed.others += 1,
        }
    }
    listed.active.sort_unstable();
    listed
}
