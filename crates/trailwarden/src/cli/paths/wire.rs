//! Paths for programs: `trailwarden.paths/1`.

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_account::graph::{Edge, Node, Path};

use super::found::{Found, Goal, Names};
use super::unseen::Unseen;
use crate::cli::state::WireSources;
use crate::formats::answer_schema;

/// The name of the schema.
const SCHEMA: &str = "trailwarden.paths/1";

/// The answer of `paths --json`.
#[derive(Serialize, JsonSchema, Debug)]
#[schemars(title = "Paths", inline)]
pub(crate) struct Wire {
    /// Always `trailwarden.paths/1`.
    schema: &'static str,
    /// Null for an administrator of any account.
    target: Option<WireNode>,
    /// From each principal the best: the one with the fewest conditional steps, of those the shortest.
    paths: Vec<WirePath>,
    /// Those who are administrators already.
    administrators: Vec<WireNode>,
    /// Whether there were more steps than fit, so that paths may be missing.
    truncated: bool,
    /// Users and roles whose policies have not all been seen: they may have more ways.
    not_known: Vec<WireNode>,
    /// Accounts with users and roles that nothing shows.
    unlisted: Vec<String>,
    sources: WireSources,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WirePath {
    source: WireNode,
    target: WireNode,
    /// Whether it depends on nothing unknown.
    certain: bool,
    /// What it depends on, each as it stands after "if".
    conditions: Vec<String>,
    hops: Vec<WireHop>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireHop {
    from: WireNode,
    to: WireNode,
    /// The id of the technique, or `administrator`.
    technique: &'static str,
    conditions: Vec<String>,
    steps: Vec<WireStep>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireStep {
    action: &'static str,
    resource: String,
    /// The policies whose statements allow it, or may.
    allowed_by: Vec<String>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireNode {
    /// `administrator`, `user`, `role`, `root`, `service` or `external`.
    kind: &'static str,
    account: Option<String>,
    /// The unique id, when it is known.
    id: Option<String>,
    name: String,
    arn: Option<String>,
}

impl Wire {
    /// The schema of the answer.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    /// Of what was found.
    pub(super) fn of(
        found: &Found,
        unseen: &Unseen,
        names: &Names<'_>,
        truncated: bool,
        sources: WireSources,
    ) -> Self {
        let target = match &found.goal {
            Goal::Administrator => None,
            Goal::Identity(target) => Some(node(target, names)),
        };
        Self {
            schema: SCHEMA,
            target,
            paths: found.paths.iter().filter_map(|one| path(one, names)).collect(),
            administrators: found.administrators.iter().map(|one| node(one, names)).collect(),
            truncated,
            not_known: unseen.principals.iter().map(|one| node(one, names)).collect(),
            unlisted: unseen.unlisted.iter().map(ToString::to_string).collect(),
            sources,
        }
    }
}

fn path(path: &Path, names: &Names<'_>) -> Option<WirePath> {
    let certainty = path.certainty();
    Some(WirePath {
        source: node(&path.edges.first()?.from, names),
        target: node(&path.edges.last()?.to, names),
        certain: certainty.is_yes(),
        conditions: certainty.reasons().to_vec(),
        hops: path.edges.iter().map(|edge| hop(edge, names)).collect(),
    })
}

fn hop(edge: &Edge, names: &Names<'_>) -> WireHop {
    let steps = edge.steps.iter().map(|step| WireStep {
        action: step.action,
        resource: step.resource.to_string(),
        allowed_by: step.allowed_by.iter().map(ToString::to_string).collect(),
    });
    WireHop {
        from: node(&edge.from, names),
        to: node(&edge.to, names),
        technique: edge.technique,
        conditions: edge.certainty.reasons().to_vec(),
        steps: steps.collect(),
    }
}

fn node(node: &Node, names: &Names<'_>) -> WireNode {
    let bare = |kind, account: Option<String>, name: String| WireNode {
        kind,
        account,
        id: None,
        name,
        arn: None,
    };
    match node {
        Node::Administrator(account) => {
            bare("administrator", Some(account.to_string()), "administrator".to_owned())
        }
        Node::Service(name) => bare("service", None, name.to_string()),
        Node::External(name) => bare("external", None, name.to_string()),
        Node::Identity(account, id) => {
            let found = names.identity(node);
            let kind = found.as_ref().map_or("user", |(identity, _)| identity.kind.as_str());
            let name = found.as_ref().map_or_else(String::new, |(one, _)| one.name.to_string());
            WireNode {
                id: (!id.is_provisional()).then(|| id.to_string()),
                arn: found.and_then(|(_, arn)| arn),
                ..bare(kind, Some(account.to_string()), name)
            }
        }
    }
}
