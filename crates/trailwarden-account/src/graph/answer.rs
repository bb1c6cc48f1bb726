//! What proves an edge: the steps, and what they depend on.

use std::sync::Arc;

use trailwarden_model::escape;
use trailwarden_policy::Effect;
use trailwarden_policy::evaluate::{Deciding, Decision, Layer};

use super::{Certainty, Edge, Node, Step};

/// Steps that are allowed, perhaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) steps: Vec<Step>,
    /// What must be so besides; nothing when the steps are certain.
    pub(super) doubts: Vec<String>,
}

impl Proof {
    /// Both, one after the other.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.steps.extend(other.steps);
        self.doubts.extend(other.doubts);
        self
    }

    /// The same if something holds besides.
    pub(super) fn provided(mut self, doubt: impl Into<String>) -> Self {
        self.doubts.push(doubt.into());
        self
    }

    pub(super) fn is_certain(&self) -> bool {
        self.doubts.is_empty()
    }

    /// The edge that this proves.
    pub(super) fn edge(self, from: &Node, to: &Node, technique: &'static str) -> Edge {
        Edge {
            from: from.clone(),
            to: to.clone(),
            technique,
            certainty: Certainty::of(self.doubts),
            steps: self.steps,
        }
    }
}

/// The better of two proofs: one that is certain, else the first.
pub(super) fn better(one: Option<Proof>, other: impl FnOnce() -> Option<Proof>) -> Option<Proof> {
    match one {
        Some(proof) if proof.is_certain() => Some(proof),
        Some(proof) => match other() {
            Some(second) if second.is_certain() => Some(second),
            _ => Some(proof),
        },
        None => other(),
    }
}

/// A decision as one step; none when it is a denial, whatever the unknowns turn out to be.
pub(super) fn of_decision(
    decision: &Decision,
    action: &'static str,
    resource: &Arc<str>,
    who: &str,
    what: &str,
) -> Option<Proof> {
    if decision.allowed.is_false() {
        return None;
    }
    let gives = |one: &&Deciding| {
        one.effect == Effect::Allow && matches!(one.layer, Layer::Identity | Layer::Resource)
    };
    let mut allowed_by: Vec<Arc<str>> =
        decision.statements.iter().filter(gives).map(|one| one.policy.as_str().into()).collect();
    allowed_by.sort();
    allowed_by.dedup();
    let step = Step { action, resource: resource.clone(), allowed_by };
    Some(Proof { steps: vec![step], doubts: doubts_of(decision, who, what, |_| false) })
}

/// What a decision that is not certain depends on, each as it stands after "if"; `is_unwanted` tells the
/// condition keys that are to be absent.
pub(crate) fn doubts_of(
    decision: &Decision,
    who: &str,
    what: &str,
    is_unwanted: impl Fn(&str) -> bool,
) -> Vec<String> {
    if !decision.allowed.is_unknown() {
        return Vec::new();
    }
    let keys = decision.missing_context.iter().map(|key| match is_unwanted(key) {
        true => format!("`{}` is not given", escape::visible(key)),
        false => of_key(key, what),
    });
    let layers = decision.unknown_layers.iter().map(|layer| of_layer(*layer, who, what));
    let doubts: Vec<String> = keys.chain(layers).collect();
    match doubts.is_empty() {
        true => vec![format!("the policies of {who} allow it")],
        false => doubts,
    }
}

/// What is not worked out depends on this.
pub(super) fn too_complex(who: &str) -> String {
    format!("the policies of {who}, too complex to work out, allow it")
}

/// What depends on MFA depends on this.
pub(super) const MFA: &str = "MFA is present";

/// What a condition key would have to be.
pub(super) fn of_key(key: &str, what: &str) -> String {
    match key.to_ascii_lowercase().as_str() {
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => MFA.to_owned(),
        "sts:externalid" => format!("the external id that {what} asks for is known"),
        "cognito-identity.amazonaws.com:aud" => format!("the identity pool of {what} exists"),
        "aws:sourceip" | "aws:vpcsourceip" => "the call comes from a fitting address".to_owned(),
        "aws:currenttime" | "aws:epochtime" => "the call comes at a fitting time".to_owned(),
        "aws:principalorgid" | "aws:principalorgpaths" => {
            "it is of a fitting organization".to_owned()
        }
        "aws:tokenissuetime" => "the session began at a fitting time".to_owned(),
        _ => format!("`{}` has a fitting value", escape::visible(key)),
    }
}

/// Whether something depends on what no record showed, and not on what a policy asks for.
pub(crate) fn is_unseen(doubt: &str) -> bool {
    doubt.starts_with(UNSEEN) || doubt.ends_with(UNKNOWN) || doubt == UNKNOWN_SCPS
}

const UNSEEN: &str = "no unseen policy of ";
const UNKNOWN: &str = ", which is not known, allows it";
const UNKNOWN_SCPS: &str = "service control policies that are not known allow it";

fn of_layer(layer: Layer, who: &str, what: &str) -> String {
    match layer {
        Layer::Identity => format!("{UNSEEN}{who} denies it"),
        Layer::Boundary => format!("the boundary of {who}{UNKNOWN}"),
        Layer::Scp => UNKNOWN_SCPS.to_owned(),
        Layer::Resource => format!("a part of {what}'s trust policy that cannot be read allows it"),
        Layer::Endpoint | Layer::Rcp | Layer::Session | Layer::Aws => {
            format!("the {layer} policy{UNKNOWN}")
        }
    }
}
