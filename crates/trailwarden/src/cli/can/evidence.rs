//! Where the policies of a principal come from, and which of their statements speak of a request.
//!
//! A [`Standing`] decides; what it does not know leaves the answer open, and then it names no
//! statement. So the policies that were seen are asked once more by themselves, under names that lead
//! back to whoever holds them and to the records that put them there.

use trailwarden_account::access::Rcps;
use trailwarden_account::fact::{Fact, Proof};
use trailwarden_account::query::{PolicySource, name_of};
use trailwarden_account::session::TOKEN;
use trailwarden_account::{Identity, Model, PolicyText, Presence, Standing};
use trailwarden_policy::document::{Effect, Statement};
use trailwarden_policy::evaluate::{
    Circumstances, Compiled, Deciding, Decision, Input, Layer, Request, evaluate,
};
use trailwarden_policy::{Document, PolicyKind};

/// A policy that has a say.
pub(crate) struct Source {
    pub(crate) layer: Layer,
    /// Of an SCP or RCP, the level below the root.
    pub(crate) level: Option<usize>,
    /// The name of an inline policy, the ARN of a managed one.
    pub(crate) policy: String,
    /// Who or what has it: `group/devs`.
    pub(crate) holder: String,
    pub(crate) is_inline: bool,
    text: PolicyText,
    /// What proves what.
    pub(crate) proofs: Vec<(&'static str, Proof)>,
}

/// All policies of a principal that were seen.
pub(crate) struct Evidence {
    sources: Vec<Source>,
    /// Of each level of SCPs, whether all of it was seen.
    levels: Vec<bool>,
    /// The same of RCPs.
    rcp_levels: usize,
}

impl Evidence {
    /// What stands behind a standing.
    pub(crate) fn of(model: &Model, standing: &Standing) -> Self {
        let levels =
            standing.scps.levels.iter().map(|level| {
                level.is_whole && level.policies.iter().all(|(_, text)| is_read(text))
            });
        let mut evidence = Self { sources: Vec::new(), levels: levels.collect(), rcp_levels: 0 };
        let identity = model.identity(&standing.principal.id);
        for held in &standing.held.policies {
            let group = held.through.as_ref().and_then(|group| model.identity(group));
            let holder = group.map_or_else(|| standing.principal.label.clone(), name_of);
            let mut proofs = Vec::new();
            if let Some((group, member)) = group.zip(identity)
                && let Some(proof) = membership(group, member)
            {
                proofs.push(("membership", proof));
            }
            let is_inline = matches!(held.source, PolicySource::Inline(_));
            if !is_inline {
                proofs.extend(held.held.proof().map(|proof| ("attached", proof.clone())));
            }
            let policy = held.source.name().to_owned();
            let source = (Layer::Identity, policy, holder, is_inline);
            evidence.add(source, None, &held.document, proofs);
        }
        if let Fact::Known { value: Some(boundary), proof } = &standing.boundary {
            let holder = standing.principal.label.clone();
            let source = (Layer::Boundary, boundary.arn.to_string(), holder, false);
            evidence.add(source, None, &boundary.document, vec![("attached", proof.clone())]);
        }
        let limited = standing.session.as_ref().and_then(|session| session.policies.value());
        for (name, document) in limited.into_iter().flatten() {
            let source =
                (Layer::Session, name.to_string(), standing.principal.label.clone(), false);
            evidence.add(source, None, document, Vec::new());
        }
        for (at, level) in standing.scps.levels.iter().enumerate() {
            for (name, document) in &level.policies {
                let source = (Layer::Scp, name.to_string(), level.target.to_string(), false);
                evidence.add(source, Some(at), document, Vec::new());
            }
        }
        evidence
    }

    fn add(
        &mut self,
        (layer, policy, holder, is_inline): (Layer, String, String, bool),
        level: Option<usize>,
        document: &Fact<PolicyText>,
        mut proofs: Vec<(&'static str, Proof)>,
    ) {
        if let Fact::Known { value, proof } = document {
            proofs.push(("document", proof.clone()));
            let text = value.clone();
            let source = Source { layer, level, policy, holder, is_inline, text, proofs };
            self.sources.push(source);
        }
    }

    /// Adds the policy of the resource.
    pub(crate) fn add_resource(&mut self, policy: &str, document: &Fact<PolicyText>) {
        let source = (Layer::Resource, String::new(), policy.to_owned(), false);
        self.add(source, None, document, Vec::new());
    }

    /// Adds the RCPs over the resource.
    pub(crate) fn add_rcps(&mut self, rcps: &Rcps) {
        self.rcp_levels = rcps.levels.len();
        for (at, level) in rcps.levels.iter().enumerate() {
            for (name, document) in &level.policies {
                let source = (Layer::Rcp, name.to_string(), level.target.to_string(), false);
                self.add(source, Some(at), document, Vec::new());
            }
        }
    }

    /// What these policies say by themselves, as if there were no others.
    pub(crate) fn evaluate(
        &self,
        request: Request<'_>,
        standing: &Standing,
        resource: Option<&Compiled>,
    ) -> Decision {
        let compiled = |layer: Layer, level: Option<usize>, kind: PolicyKind| -> Vec<Compiled> {
            let sources = self.sources.iter().enumerate();
            let of_layer = sources.filter(|(_, one)| (one.layer, one.level) == (layer, level));
            let read = of_layer.filter_map(|(at, one)| {
                Some(Compiled::new(at.to_string(), one.text.document().ok()?, kind))
            });
            read.collect()
        };
        let scps = self.levels.iter().enumerate().map(|(level, is_whole)| {
            let mut policies = compiled(Layer::Scp, Some(level), PolicyKind::Scp);
            // Of a level that was not seen in full, only what denies says something here.
            if !is_whole {
                policies.push(full_access());
            }
            policies
        });
        let scps: Vec<Vec<Compiled>> = scps.collect();
        let rcps: Vec<Vec<Compiled>> = (0..self.rcp_levels)
            .map(|level| compiled(Layer::Rcp, Some(level), PolicyKind::Rcp))
            .collect();
        let mut decision = evaluate(&Input {
            session: &compiled(Layer::Session, None, PolicyKind::Session),
            rcps: &rcps,
            identity: &compiled(Layer::Identity, None, PolicyKind::Identity),
            boundary: &compiled(Layer::Boundary, None, PolicyKind::Boundary),
            scps: &scps,
            resource,
            circumstances: Circumstances {
                caller_in_management_account: standing.scps.is_management_account,
                service_linked_role: standing.principal.is_service_linked,
                ..Circumstances::default()
            },
            ..Input::new(request)
        });
        // What nobody wrote is no statement to show.
        decision.statements.retain(|one| {
            one.layer == Layer::Resource || self.source(one).is_some_and(Source::is_written)
        });
        decision
    }

    /// The policy that a statement of [`Evidence::evaluate`] is of.
    pub(crate) fn source(&self, deciding: &Deciding) -> Option<&Source> {
        if deciding.layer == Layer::Resource {
            return self.sources.iter().find(|one| one.layer == Layer::Resource);
        }
        self.sources.get(deciding.policy.parse::<usize>().ok()?)
    }

    /// Identity policies with a statement on the action, and the statement's place; also any other
    /// policy that denies it.
    pub(crate) fn about<'e>(
        &'e self,
        action: &'e str,
        effect: Effect,
    ) -> impl Iterator<Item = (&'e Source, usize)> {
        let denies = move |one: &Source| {
            effect == Effect::Deny && !matches!(one.layer, Layer::Resource | Layer::Rcp)
        };
        let own =
            self.sources.iter().filter(move |one| one.layer == Layer::Identity || denies(one));
        own.flat_map(move |one| {
            let statements = one.document().into_iter().flat_map(|read| read.statements.iter());
            let about = statements.enumerate().filter(move |(_, statement)| {
                statement.effect == effect && statement.covers_action(action)
            });
            about.map(move |(at, _)| (one, at))
        })
    }
}

impl Source {
    /// Whether it is a policy of somebody, and no rule of AWS's own.
    fn is_written(&self) -> bool {
        self.layer != Layer::Session || self.policy != TOKEN
    }

    fn document(&self) -> Option<&Document> {
        self.text.document().ok()
    }

    /// A statement of it.
    pub(crate) fn statement(&self, at: usize) -> Option<&Statement> {
        self.document()?.statements.get(at)
    }

    /// A statement on one line, as it is written.
    pub(crate) fn quote(&self, at: usize) -> Option<String> {
        let span = self.document()?.places.of_kept(at)?.span;
        Some(span.of(self.text.as_str()).split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn is_read(text: &Fact<PolicyText>) -> bool {
    text.value().is_some_and(|text| text.document().is_ok())
}

/// An SCP that lets everything through.
fn full_access() -> Compiled {
    let statements = vec![Statement::allowing_everything()];
    Compiled::new("", &Document { statements, ..Document::default() }, PolicyKind::Scp)
}

/// The record of a membership, which is kept on both sides.
fn membership(group: &Identity, member: &Identity) -> Option<Proof> {
    let proof = |presence: Presence<'_, ()>| match presence {
        Presence::Present(fact) => fact.proof().cloned(),
        Presence::Absent | Presence::Unknown(_) => None,
    };
    proof(member.groups.get(&group.id)).or_else(|| proof(group.members.get(&member.id)))
}
