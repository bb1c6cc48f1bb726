//! Whose ways cannot all be told.

use trailwarden_account::graph::Node;
use trailwarden_account::{Id, Kind, Model};
use trailwarden_model::AccountId;

use crate::cli::who_can::is_listed;

/// What may hold more ways than were found.
pub(super) struct Unseen {
    /// Users and roles whose policies have not all been seen.
    pub(super) principals: Vec<Node>,
    /// Accounts with users and roles of which nothing is known.
    pub(super) unlisted: Vec<AccountId>,
}

impl Unseen {
    pub(super) fn of<'m>(models: impl Iterator<Item = &'m Model>) -> Self {
        let mut unseen = Self { principals: Vec::new(), unlisted: Vec::new() };
        for model in models {
            if !is_listed(model) {
                unseen.unlisted.push(model.account());
            }
            let principals = model.principals().filter(|one| one.kind != Kind::Root);
            let unknown = principals.filter(|one| !model.policies_of(&one.id).is_complete());
            let node = |id: &Id| Node::Identity(model.account(), id.clone());
            unseen.principals.extend(unknown.map(|one| node(&one.id)));
        }
        unseen
    }

    pub(super) fn is_empty(&self) -> bool {
        self.principals.is_empty() && self.unlisted.is_empty()
    }
}
