//! All that decides for one principal, ready to decide.
//!
//! Policies are compiled as they are written, each text once for all who hold it: what they ask of
//! the principal is answered by the context of a request.

use trailwarden_policy::evaluate::{
    Circumstances, Compiled, Decision, Input, Layer, Layers, Request, evaluate,
};
use trailwarden_policy::{Document, PolicyKind, Statement};

use super::{Principal, Rcps, Scps, Standing};
use crate::digest::Mask;
use crate::fact::Fact;
use crate::identity::Kind;
use crate::query::{Boundary, Held};
use crate::session::Limited;
use crate::text::PolicyText;

/// All layers, ready to decide.
#[derive(Debug)]
pub(crate) struct Compilation {
    /// With the texts, which tell at a glance what they are about.
    identity: Vec<(Compiled, Option<PolicyText>)>,
    boundary: Vec<Compiled>,
    scps: Vec<Vec<Compiled>>,
    session: Vec<Compiled>,
    unknown: Layers,
    circumstances: Circumstances,
}

impl Compilation {
    pub(super) fn of(standing: &Standing) -> Self {
        let Standing { principal, held, boundary, scps, session, .. } = standing;
        let mut all = Self {
            identity: Vec::with_capacity(held.policies.len()),
            boundary: Vec::new(),
            scps: Vec::with_capacity(scps.levels.len()),
            session: Vec::new(),
            unknown: Layers::NONE,
            circumstances: Circumstances {
                caller_in_management_account: scps.is_management_account,
                service_linked_role: principal.is_service_linked,
                ..Circumstances::default()
            },
        };
        all.take_identity(principal, held);
        match boundary {
            Fact::Known { value: None, .. } => {}
            Fact::Known { value: Some(Boundary { arn, document }), .. } => {
                let text = document.value();
                match text.and_then(|text| text.compiled(arn, PolicyKind::Boundary)) {
                    Some(compiled) => all.boundary.push(compiled),
                    None => all.open(Layer::Boundary),
                }
            }
            Fact::Unknown { .. } => all.open(Layer::Boundary),
        }
        all.take_scps(scps);
        if let Some(session) = session {
            all.take_session(session);
        }
        all
    }

    fn open(&mut self, layer: Layer) {
        self.unknown = self.unknown.with(layer);
    }

    fn take_identity(&mut self, principal: &Principal, held: &Held) {
        if principal.kind == Kind::Root {
            let document = Document {
                statements: vec![Statement::allowing_everything()],
                ..Document::default()
            };
            let compiled = Compiled::new("the root user", &document, PolicyKind::Identity);
            self.identity.push((compiled, None));
            return;
        }
        if !held.is_complete() {
            self.open(Layer::Identity);
        }
        for held in &held.policies {
            let Some(text) = held.document.value() else { continue };
            match text.compiled(held.source.name(), PolicyKind::Identity) {
                Some(compiled) => {
                    let text = compiled.is_complete().then(|| text.clone());
                    self.identity.push((compiled, text));
                }
                None => self.open(Layer::Identity),
            }
        }
    }

    fn take_scps(&mut self, scps: &Scps) {
        if scps.missing.is_some() || scps.levels.iter().any(|level| !level.is_whole) {
            self.open(Layer::Scp);
        }
        for level in &scps.levels {
            let mut policies = Vec::with_capacity(level.policies.len());
            // A level of which not all was seen may allow what nothing that was seen of it does.
            if !level.is_whole {
                policies.push(unseen(PolicyKind::Scp));
            }
            for (name, text) in &level.policies {
                match text.value().and_then(|text| text.compiled(name, PolicyKind::Scp)) {
                    Some(compiled) => policies.push(compiled),
                    None => {
                        self.open(Layer::Scp);
                        policies.push(unseen(PolicyKind::Scp));
                    }
                }
            }
            self.scps.push(policies);
        }
    }

    fn take_session(&mut self, session: &Limited) {
        match &session.policies {
            Fact::Unknown { .. } => self.open(Layer::Session),
            Fact::Known { value, .. } => {
                for (name, text) in value {
                    match text.value().and_then(|text| text.compiled(name, PolicyKind::Session)) {
                        Some(compiled) => self.session.push(compiled),
                        None => self.open(Layer::Session),
                    }
                }
            }
        }
    }

    /// Whether all identity policies are known.
    pub(crate) fn is_whole(&self) -> bool {
        !self.unknown.contains(Layer::Identity)
    }

    pub(crate) fn decide(&self, request: Request<'_>, policy: Option<&Compiled>) -> Decision {
        self.decide_with(request, policy, &[], self.unknown)
    }

    /// [`Compilation::decide`] under the RCPs of whoever owns the resource.
    pub(super) fn decide_under(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
        rcps: &Rcps,
    ) -> Decision {
        let unknown = match rcps.unknowns().is_empty() {
            true => self.unknown,
            false => self.unknown.with(Layer::Rcp),
        };
        self.decide_with(request, policy, &rcps.compiled(), unknown)
    }

    /// What it would be if nothing else were held.
    pub(crate) fn decide_as_seen(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
    ) -> Decision {
        let others = self.unknown.iter().filter(|layer| *layer != Layer::Identity);
        self.decide_with(request, policy, &[], others.fold(Layers::NONE, Layers::with))
    }

    fn decide_with(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
        rcps: &[Vec<Compiled>],
        unknown: Layers,
    ) -> Decision {
        // What says nothing about the action changes nothing, and is most of what there is.
        let action = Mask::of(&[request.action]);
        let counts = |text: &Option<PolicyText>| {
            let digest = text.as_ref().filter(|_| !action.is_empty()).and_then(PolicyText::digest);
            digest.is_none_or(|digest| digest.has_deny || digest.mask.covers(action))
        };
        let identity = self.identity.iter().filter(|(_, text)| counts(text));
        let identity: Vec<Compiled> = identity.map(|(compiled, _)| compiled.clone()).collect();
        evaluate(&Input {
            identity: &identity,
            boundary: &self.boundary,
            scps: &self.scps,
            session: &self.session,
            rcps,
            resource: policy,
            unknown,
            circumstances: self.circumstances,
            ..Input::new(request)
        })
    }
}

/// A policy of which nothing can be read: it may say anything.
#[must_use]
pub fn unseen(kind: PolicyKind) -> Compiled {
    let document = Document::parse(r#"{"Version":"2012-10-17","Statement":["?"]}"#);
    Compiled::new("", &document.unwrap_or_default(), kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_was_not_seen_may_say_anything() {
        assert!(!unseen(PolicyKind::Resource).is_complete());
    }
}
