//! What a principal may do, from the models of an instant.
//!
//! [`World`] finds the pieces: the model of an account and the organization that it lies in.
//! [`Standing`] holds all layers that decide for one principal, and asks them: [`Standing::reach`]
//! says symbolically what is allowed, [`Standing::decide`] decides one request.
//!
//! # Invariants
//! - A layer that is not known in full makes answers less certain, never more: a reach says so by its
//!   [`Precision`](trailwarden_policy::reach::Precision), a decision becomes unknown.
//! - Where no model shows an organization, none is assumed; [`Standing::assumptions`] says so.
//!
//! Source: IAM User Guide, "Policy evaluation logic".

mod documents;
mod principal;
mod scps;
mod special;
#[cfg(test)]
mod tests;
mod world;

use std::sync::OnceLock;

use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::{
    Caller, Circumstances, Compiled, Context, Decision, Input, Layer, Layers, Request, evaluate,
};
use trailwarden_policy::reach::{Grading, Grant, Limits, Reach, grade, grade_of_user};

use crate::fact::Fact;
use crate::identity::Kind;
use crate::query::{Boundary, Held, PolicySource, Unknown};
use documents::Documents;

pub use principal::Principal;
pub use scps::{Level, Scps};
pub use world::World;

/// All layers that decide what one principal may do.
#[derive(Debug)]
pub struct Standing {
    /// Who it is.
    pub principal: Principal,
    /// Its identity policies.
    pub held: Held,
    /// Its permissions boundary.
    pub boundary: Fact<Option<Boundary>>,
    /// The SCPs over its account.
    pub scps: Scps,
    layers: OnceLock<Layered>,
    identity_reach: OnceLock<Reach>,
    reach: OnceLock<Reach>,
    grading: OnceLock<Grading>,
    compiled: OnceLock<Compilation>,
}

/// The documents of all layers.
#[derive(Debug)]
struct Layered {
    identity: Documents,
    boundary: Option<Documents>,
    scps: Vec<Documents>,
}

/// All layers, ready to decide.
#[derive(Debug)]
struct Compilation {
    identity: Vec<Compiled>,
    boundary: Vec<Compiled>,
    scps: Vec<Vec<Compiled>>,
    unknown: Layers,
}

impl Standing {
    /// What the identity policies allow by themselves.
    pub fn identity_reach(&self) -> &Reach {
        self.identity_reach.get_or_init(|| self.layers().identity.reach())
    }

    /// The caps on it.
    pub fn limits(&self) -> Limits {
        let layers = self.layers();
        Limits {
            boundary: layers.boundary.as_ref().map(Documents::cap),
            scps: layers.scps.iter().map(Documents::cap).collect(),
            session: None,
        }
    }

    /// All that it may do: what the identity policies allow, within the caps.
    pub fn reach(&self) -> &Reach {
        self.reach.get_or_init(|| {
            let reach = self.limits().apply(self.identity_reach());
            let is_capped_in_full = self.boundary.is_known() && self.scps.missing.is_none();
            if is_capped_in_full { reach } else { reach.or_less() }
        })
    }

    /// How dangerous that is, by the policies alone: whether a target exists and is stronger is for
    /// the graph to say.
    pub fn grading(&self) -> &Grading {
        self.grading.get_or_init(|| self.graded(self.reach().grants()))
    }

    /// Grades some of the principal's permissions.
    pub fn graded(&self, grants: &[Grant]) -> Grading {
        match self.principal.kind {
            Kind::User => grade_of_user(grants, &self.principal.name),
            Kind::Group | Kind::Role | Kind::Root => grade(grants),
        }
    }

    /// Decides one request with the keys of `context`, which [`Standing::context`] begins. `resource`
    /// is the policy of the resource, of a role its trust policy.
    pub fn decide(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
        policy: Option<&Compiled>,
    ) -> Option<Decision> {
        let arn = self.principal.likely_arn();
        let caller = Caller::parse(&arn).ok()?;
        Some(self.decide_request(Request::new(caller, action, resource, context), policy))
    }

    /// [`Standing::decide`] of a request that says more: whose resource it is, which session asks.
    pub fn decide_request(&self, request: Request<'_>, policy: Option<&Compiled>) -> Decision {
        let compiled = self.compiled();
        evaluate(&Input {
            identity: &compiled.identity,
            boundary: &compiled.boundary,
            scps: &compiled.scps,
            resource: policy,
            unknown: compiled.unknown,
            circumstances: Circumstances {
                caller_in_management_account: self.scps.is_management_account,
                service_linked_role: self.principal.is_service_linked,
                ..Circumstances::default()
            },
            ..Input::new(request)
        })
    }

    /// The condition keys that are known of the principal; all others are unknown.
    pub fn context(&self) -> Context {
        self.principal.context()
    }

    /// What these answers could not see.
    pub fn unknowns(&self) -> Vec<Unknown> {
        let name = &self.principal.label;
        let mut unknowns = self.held.unknowns.clone();
        for held in &self.held.policies {
            let source = held.source.name();
            if let Some(why) = held.document.why() {
                unknowns.push(Unknown { what: format!("{source} of {name}"), why: why.clone() });
            } else if let Some(why) = held.held.why() {
                let what = format!("whether {name} still has {source}");
                unknowns.push(Unknown { what, why: why.clone() });
            }
        }
        match &self.boundary {
            Fact::Unknown { why, .. } => {
                unknowns.push(Unknown { what: format!("boundary of {name}"), why: why.clone() });
            }
            Fact::Known { value: Some(boundary), .. } => {
                if let Some(why) = boundary.document.why() {
                    let what = format!("document of the boundary of {name}");
                    unknowns.push(Unknown { what, why: why.clone() });
                }
            }
            Fact::Known { value: None, .. } => {}
        }
        unknowns.extend(self.scps.unknowns());
        unknowns
    }

    /// What is taken for granted without proof.
    pub fn assumptions(&self) -> Vec<&'static str> {
        match self.scps.is_assumed_absent {
            true => vec!["no policies of an organization were seen, so none are counted"],
            false => Vec::new(),
        }
    }

    fn layers(&self) -> &Layered {
        self.layers.get_or_init(|| {
            let mut identity = Documents::of_held(&self.held, &self.principal);
            if self.principal.kind == Kind::Root {
                identity = Documents::everything("the root user");
            }
            let boundary = match &self.boundary {
                Fact::Known { value: Some(boundary), .. } => {
                    let mut documents = Documents::new();
                    documents.add(boundary.arn.to_string(), &boundary.document, &self.principal);
                    Some(documents)
                }
                // What it was last may still hold, but only a known cap takes something away.
                Fact::Known { value: None, .. } | Fact::Unknown { .. } => None,
            };
            let scps = self.scps.levels.iter().map(|level| {
                let mut documents = Documents::new();
                documents.is_whole = level.is_whole;
                for (name, text) in &level.policies {
                    documents.add(name.to_string(), text, &self.principal);
                }
                documents
            });
            Layered { identity, boundary, scps: scps.collect() }
        })
    }

    fn compiled(&self) -> &Compilation {
        self.compiled.get_or_init(|| {
            let layers = self.layers();
            let mut unknown = Layers::NONE;
            if !layers.identity.is_whole {
                unknown = unknown.with(Layer::Identity);
            }
            let is_bounded = layers.boundary.as_ref().is_none_or(|boundary| boundary.is_whole);
            if !self.boundary.is_known() || !is_bounded {
                unknown = unknown.with(Layer::Boundary);
            }
            let are_whole = layers.scps.iter().all(|level| level.is_whole);
            if self.scps.missing.is_some() || !are_whole {
                unknown = unknown.with(Layer::Scp);
            }
            let boundary = layers.boundary.as_ref();
            Compilation {
                identity: layers.identity.compiled(PolicyKind::Identity),
                boundary: boundary
                    .map(|documents| documents.compiled(PolicyKind::Boundary))
                    .unwrap_or_default(),
                scps: layers.scps.iter().map(|level| level.compiled(PolicyKind::Scp)).collect(),
                unknown,
            }
        })
    }
}

impl PolicySource {
    /// The name of an inline policy, the ARN of a managed one.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Inline(name) | Self::Managed(name) => name,
        }
    }
}
