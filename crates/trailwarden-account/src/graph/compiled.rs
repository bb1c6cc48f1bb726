//! Policies made ready to decide, each text once for all who hold it.

use std::collections::HashMap;
use std::sync::Arc;

use trailwarden_policy::evaluate::{
    Circumstances, Compiled, Decision, Input, Layer, Layers, Request, evaluate,
};
use trailwarden_policy::{Document, PolicyKind, Statement};

use super::digest::{Digest, Digests, Mask, place};
use crate::access::Standing;
use crate::fact::Fact;
use crate::identity::Kind;
use crate::text::PolicyText;

/// What was made of texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) digests: Digests,
    compiled: HashMap<(PolicyKind, usize), (PolicyText, Compiled)>,
}

/// All that decides for one principal.
#[derive(Debug, Default)]
pub(super) struct Compilation {
    /// With what they say at a glance.
    identity: Vec<(Compiled, Option<Arc<Digest>>)>,
    boundary: Vec<Compiled>,
    scps: Vec<Vec<Compiled>>,
    unknown: Layers,
    circumstances: Circumstances,
}

impl Texts {
    fn compiled(&mut self, name: &str, text: &PolicyText, kind: PolicyKind) -> Option<Compiled> {
        let document = text.document().ok()?;
        // Inline policies are nearly all different; what is shared is managed.
        if !name.starts_with("arn:") && kind != PolicyKind::Scp {
            return Some(Compiled::new(name, document, kind));
        }
        let known = self.compiled.entry((kind, place(text)));
        let (_, compiled) =
            known.or_insert_with(|| (text.clone(), Compiled::new(name, document, kind)));
        // Two policies may share a text, but then each explains itself by its own name.
        if compiled.name() != name {
            return Some(Compiled::new(name, document, kind));
        }
        Some(compiled.clone())
    }

    pub(super) fn digest(&mut self, text: &PolicyText) -> Option<Arc<Digest>> {
        self.digests.of(text)
    }
}

impl Compilation {
    pub(super) fn of(standing: &Standing, texts: &mut Texts) -> Self {
        let mut all = Self { unknown: Layers::NONE, ..Self::default() };
        let mut open = |layer| all.unknown = all.unknown.with(layer);
        if !standing.held.is_complete() {
            open(Layer::Identity);
        }
        if standing.principal.kind == Kind::Root {
            let document = Document {
                statements: vec![Statement::allowing_everything()],
                ..Document::default()
            };
            all.identity.push((Compiled::new("root", &document, PolicyKind::Identity), None));
        }
        match &standing.boundary {
            Fact::Known { value: None, .. } => {}
            Fact::Known { value: Some(boundary), .. } if boundary.document.is_known() => {
                let text = boundary.document.value();
                let read =
                    text.and_then(|text| texts.compiled(&boundary.arn, text, PolicyKind::Boundary));
                match read {
                    Some(compiled) => all.boundary.push(compiled),
                    None => open(Layer::Boundary),
                }
            }
            Fact::Known { .. } | Fact::Unknown { .. } => open(Layer::Boundary),
        }
        let scps = &standing.scps;
        if scps.missing.is_some() || scps.levels.iter().any(|level| !level.is_whole) {
            open(Layer::Scp);
        }
        for level in &scps.levels {
            let mut policies = Vec::new();
            for (name, text) in &level.policies {
                let read =
                    text.value().and_then(|text| texts.compiled(name, text, PolicyKind::Scp));
                match read {
                    Some(compiled) => policies.push(compiled),
                    None => open(Layer::Scp),
                }
            }
            all.scps.push(policies);
        }
        for held in &standing.held.policies {
            let Some(text) = held.document.value() else { continue };
            match texts.compiled(held.source.name(), text, PolicyKind::Identity) {
                Some(compiled) => {
                    let digest = texts.digest(text).filter(|_| compiled.is_complete());
                    all.identity.push((compiled, digest));
                }
                None => open(Layer::Identity),
            }
        }
        all.circumstances = Circumstances {
            caller_in_management_account: scps.is_management_account,
            service_linked_role: standing.principal.is_service_linked,
            ..Circumstances::default()
        };
        all
    }

    /// Whether all identity policies are known.
    pub(super) fn is_whole(&self) -> bool {
        !self.unknown.contains(Layer::Identity)
    }

    pub(super) fn decide(&self, request: Request<'_>, policy: Option<&Compiled>) -> Decision {
        self.decide_with(request, policy, self.unknown)
    }

    /// What it would be if nothing else were held.
    pub(super) fn decide_as_seen(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
    ) -> Decision {
        let others = self.unknown.iter().filter(|layer| *layer != Layer::Identity);
        self.decide_with(request, policy, others.fold(Layers::NONE, Layers::with))
    }

    fn decide_with(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
        unknown: Layers,
    ) -> Decision {
        // What says nothing about the action changes nothing, and is most of what there is.
        let action = Mask::of(&[request.action]);
        let says = |digest: &Digest| digest.has_deny || digest.mask.covers(action);
        let counts = |digest: &Option<Arc<Digest>>| {
            action.is_empty() || digest.as_ref().is_none_or(|digest| says(digest))
        };
        let identity = self.identity.iter().filter(|(_, digest)| counts(digest));
        let identity: Vec<Compiled> = identity.map(|(compiled, _)| compiled.clone()).collect();
        evaluate(&Input {
            identity: &identity,
            boundary: &self.boundary,
            scps: &self.scps,
            resource: policy,
            unknown,
            circumstances: self.circumstances,
            ..Input::new(request)
        })
    }
}
