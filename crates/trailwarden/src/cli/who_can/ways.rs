//! The policies by which somebody has it.

use trailwarden_account::Model;
use trailwarden_account::query::{Held, PolicySource, name_of};
use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::Layer;

use crate::cli::can::answer::{Answer, By};
use crate::cli::can::evidence::Source;

/// A policy that gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) policy: String,
    pub(super) is_inline: bool,
    /// The group through which a user has it.
    pub(super) group: Option<String>,
}

/// The policies by which somebody has it: those that decide, else those about the action.
pub(super) fn ways(model: &Model, held: &Held, answer: &Answer, action: &str) -> Vec<Way> {
    let mut ways: Vec<Way> = match &answer.by {
        By::Request { seen, .. } => {
            let allows = seen.statements.iter().filter(|one| one.effect == Effect::Allow);
            let sources = allows.filter_map(|one| answer.evidence.source(one));
            sources.filter_map(way_of_source).collect()
        }
        By::Reach(_) => Vec::new(),
    };
    if ways.is_empty() {
        let about = answer.evidence.about(action, Effect::Allow);
        ways = about.filter_map(|(source, _)| way_of_source(source)).collect();
    }
    // A holder that is a group gave it to its member.
    for way in &mut ways {
        let is_group = held.policies.iter().any(|policy| {
            let group = policy.through.as_ref().and_then(|group| model.identity(group));
            group.is_some_and(|group| Some(name_of(group)) == way.group)
                && policy.source.name() == way.policy
                && matches!(policy.source, PolicySource::Inline(_)) == way.is_inline
        });
        if !is_group {
            way.group = None;
        }
    }
    ways.sort();
    ways.dedup();
    ways
}

fn way_of_source(source: &Source) -> Option<Way> {
    let (policy, group) = match source.layer {
        Layer::Identity => (source.policy.clone(), Some(source.holder.clone())),
        Layer::Resource => (format!("the trust policy of {}", source.holder), None),
        _ => return None,
    };
    Some(Way { policy, is_inline: source.is_inline, group })
}
