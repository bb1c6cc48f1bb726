//! Ways to administrator that opened or closed between two instants, also by changes of somebody else.

use trailwarden_account::access::World;
use trailwarden_account::graph::{Graph, Node, Path};
use trailwarden_account::techniques::ADMINISTRATOR;
use trailwarden_account::{Id, Identity, Kind, Model};
use trailwarden_model::AccountId;

use crate::cli::paths::deed;
use crate::cli::state::label;

/// The graphs of two instants.
pub(super) struct Ways {
    before: Graph,
    after: Graph,
}

/// What became of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// There is one now.
    Opened {
        /// Its steps, in words.
        steps: Vec<String>,
        /// What it depends on.
        conditions: Vec<String>,
        /// Whom it passes.
        passed: Vec<Id>,
    },
    /// There is none any more.
    Closed,
}

/// How far somebody is from administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    No,
    Perhaps,
    Yes,
    /// He is one.
    Already,
}

impl Ways {
    pub(super) fn of(before: World<'_>, after: World<'_>) -> Self {
        Self { before: Graph::of(before), after: Graph::of(after) }
    }

    /// What became of somebody's way; none when there is nothing new about it.
    pub(super) fn change(
        &self,
        account: AccountId,
        old: Option<&Identity>,
        new: &Identity,
        model: &Model,
    ) -> Option<Way> {
        if new.kind == Kind::Group {
            return None;
        }
        let before = old.map(|old| Node::Identity(account, old.id.clone()));
        let before = before.map_or(Held::No, |node| held(self.before.way(&node).as_ref()));
        let way = self.after.way(&Node::Identity(account, new.id.clone()));
        let after = held(way.as_ref());
        // Who is an administrator himself needs no way, and that he is one is told by his grade.
        if after == Held::Already || before == Held::Already || before == after {
            return None;
        }
        if after < before {
            return (after == Held::No).then_some(Way::Closed);
        }
        let way = way?;
        let steps = way.edges.iter().filter(|edge| edge.technique != ADMINISTRATOR).map(|edge| {
            let to = match &edge.to {
                Node::Identity(_, id) => model.identity(id).map_or_else(|| id.to_string(), label),
                Node::Administrator(account) => format!("administrator of {account}"),
                Node::Service(name) | Node::External(name) => name.to_string(),
            };
            format!("{} -> {to}", deed(edge))
        });
        let passed = way.edges.iter().filter_map(|edge| match &edge.to {
            Node::Identity(_, id) => Some(id.clone()),
            _ => None,
        });
        Some(Way::Opened {
            steps: steps.collect(),
            conditions: way.certainty().reasons().to_vec(),
            passed: passed.collect(),
        })
    }
}

fn held(way: Option<&Path>) -> Held {
    match way {
        None => Held::No,
        Some(path) if !path.certainty().is_yes() => Held::Perhaps,
        Some(path) if path.edges.iter().all(|edge| edge.technique == ADMINISTRATOR) => {
            Held::Already
        }
        Some(_) => Held::Yes,
    }
}

/// Whom an opened way passes: what was done to them may have opened it.
pub(super) fn passed(way: &Option<Way>) -> Vec<Id> {
    match way {
        Some(Way::Opened { passed, .. }) => passed.clone(),
        Some(Way::Closed) | None => Vec::new(),
    }
}
