//! Decides requests, as AWS would, and says why.
//!
//! Policies compile once ([`Compiled`]); a [`Request`] and all that has a say in it make an
//! [`Input`]. [`decide`] gives the outcome alone and allocates nothing unless a policy has
//! variables; [`evaluate`] gives the whole [`Decision`]. Both walk the same code.
//!
//! # Invariants
//! - What is not known stays unknown: an outcome other than `Unknown` holds whatever the unknown
//!   keys, layers and statements turn out to be (`tests/properties.rs`).
//! - The order of policies and statements never matters.
//!
//! # What is not asked
//! Grants of KMS keys, access control lists and Block Public Access of S3, and what else a service
//! decides beside policies. Condition keys are taken as given: none is derived from the caller.
//!
//! Source: IAM User Guide, "Policy evaluation logic"; each part names its own.

mod actions;
mod by_aws;
mod caller;
mod compile;
mod context;
mod decision;
mod operator;
mod predicate;
mod request;
mod resources;
mod survey;
mod template;
#[cfg(test)]
mod tests;
mod truth;
pub(crate) mod value;
mod verdict;
mod who;

use std::collections::BTreeSet;

pub use caller::{Caller, Entity, NotACaller};
pub use compile::{Compiled, NotUnderstood};
pub use context::{Context, Entry};
pub use decision::{Deciding, Decision, Layer, Layers, Outcome};
pub use request::{Circumstances, Input, Owner, Request};
pub use truth::Truth;
pub use value::second_of;

use crate::document::Effect;
use survey::{Hit, Nobody, Survey, survey};
use verdict::{Verdict, blocked_by, denies, verdict};

/// What AWS would answer.
pub fn decide(input: &Input<'_>) -> Outcome {
    verdict(input, &survey(input, &mut Nobody)).outcome
}

/// What AWS would answer, and why.
pub fn evaluate(input: &Input<'_>) -> Decision {
    let mut hits: Vec<Hit<'_>> = Vec::new();
    let survey = survey(input, &mut hits);
    let verdict = verdict(input, &survey);
    let select = |wanted: &dyn Fn(&Hit<'_>) -> bool| -> Vec<Deciding> {
        hits.iter().filter(|hit| wanted(hit)).map(deciding).collect()
    };
    let is_denied = matches!(verdict.outcome, Outcome::ExplicitDeny | Outcome::ImplicitDeny);
    let decides = |hit: &Hit<'_>| counts(hit, &hits, input, &survey, &verdict);
    let mut missing = BTreeSet::new();
    let mut unknown_layers = Layers::NONE;
    if verdict.outcome == Outcome::Unknown {
        for hit in hits.iter().filter(|hit| decides(hit)) {
            hit.rule.unknown_keys(&input.request, |key| {
                missing.insert(key.to_owned());
            });
        }
        unknown_layers = layers_with_more(input);
    }
    let blocked_by = blocked_by(input, &survey, &verdict);
    Decision {
        outcome: verdict.outcome,
        allowed: verdict.allow.and(verdict.deny.not()),
        scp_level: survey.scp_level.filter(|_| {
            verdict.outcome == Outcome::ImplicitDeny && blocked_by.contains(Layer::Scp)
        }),
        blocked_by: blocked_by.iter().collect(),
        statements: select(&decides),
        overruled: select(&|hit| is_denied && grants(hit)),
        missing_context: missing.into_iter().collect(),
        unknown_layers: unknown_layers.iter().collect(),
    }
}

/// Whether a statement gives, as opposed to letting through what another gives.
fn grants(hit: &Hit<'_>) -> bool {
    hit.rule.effect == Effect::Allow
        && hit.truth.is_true()
        && matches!(hit.layer, Layer::Identity | Layer::Resource)
}

/// Whether a statement had a part in the outcome.
fn counts(
    hit: &Hit<'_>,
    hits: &[Hit<'_>],
    input: &Input<'_>,
    survey: &Survey,
    verdict: &Verdict,
) -> bool {
    let may_deny = || {
        hit.rule.effect == Effect::Deny
            && denies(input, survey).any(|(layer, deny)| layer == hit.layer && !deny.is_false())
    };
    match verdict.outcome {
        Outcome::Allow => hit.rule.effect == Effect::Allow && hit.truth.is_true(),
        Outcome::ExplicitDeny => may_deny() && hit.truth.is_true(),
        Outcome::ImplicitDeny => false,
        Outcome::Unknown if hit.truth.is_true() => false,
        Outcome::Unknown => match hit.rule.effect {
            Effect::Deny => may_deny(),
            Effect::Allow => {
                verdict.allow.is_unknown() && is_open(hit.layer, survey) && !is_settled(hit, hits)
            }
        },
    }
}

/// Whether the level of an SCP that may allow has another that does.
fn is_settled(hit: &Hit<'_>, hits: &[Hit<'_>]) -> bool {
    hit.layer == Layer::Scp
        && hits.iter().any(|other| {
            (other.layer, other.level) == (hit.layer, hit.level)
                && other.rule.effect == Effect::Allow
                && other.truth.is_true()
        })
}

/// Whether it is not known if a layer allows.
fn is_open(layer: Layer, survey: &Survey) -> bool {
    let tally = match layer {
        Layer::Identity => &survey.identity,
        Layer::Resource => &survey.resource,
        Layer::Boundary => &survey.boundary,
        Layer::Session => &survey.session,
        Layer::Scp => &survey.scp,
        Layer::Rcp => &survey.rcp,
        Layer::Endpoint => &survey.endpoint,
        Layer::Aws => return false,
    };
    // A resource policy may name the account for certain, and the caller himself perhaps.
    let allow = tally.allow;
    allow.direct.is_unknown() || allow.role.is_unknown() || allow.account.is_unknown()
}

/// The layers that hold more than could be read or was given.
fn layers_with_more(input: &Input<'_>) -> Layers {
    let mut layers = Layer::ALL
        .into_iter()
        .filter(|layer| input.is_unknown(*layer))
        .fold(Layers::NONE, Layers::with);
    let mut note = |layer, policies: &[Compiled]| {
        if policies.iter().any(|policy| !policy.is_complete()) {
            layers = layers.with(layer);
        }
    };
    note(Layer::Identity, input.identity);
    note(Layer::Resource, input.resource.map(std::slice::from_ref).unwrap_or_default());
    note(Layer::Boundary, input.boundary);
    note(Layer::Session, input.session);
    note(Layer::Endpoint, input.endpoint);
    input.scps.iter().for_each(|level| note(Layer::Scp, level));
    input.rcps.iter().for_each(|level| note(Layer::Rcp, level));
    layers
}

fn deciding(hit: &Hit<'_>) -> Deciding {
    Deciding {
        layer: hit.layer,
        level: hit.level,
        policy: hit.policy.name().to_owned(),
        statement: hit.index,
        sid: hit.rule.sid.clone(),
        effect: hit.rule.effect,
    }
}
