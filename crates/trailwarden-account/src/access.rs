//! What a principal may do, from the models of an instant.
//!
//! [`World`] finds the pieces: the model of an account and the organization that it lies in.
//! [`Standing`] holds all layers that decide for one principal, and asks them: [`Standing::reach`]
//! says symbolically what is allowed, [`Standing::decide`] decides one request.
//!
//! # Invariants
//! - A layer that is not known in full makes answers less certain, never more: a reach says so by its
//!   [`Precision`], a decision becomes unknown.
//! - Where no model shows an organization, none is assumed; [`Standing::assumptions`] says so.
//!
//! Source: IAM User Guide, "Policy evaluation logic".

mod compiled;
mod deciding;
mod documents;
mod hour;
mod layered;
mod limited;
mod principal;
mod rcps;
mod request_key;
mod scps;
mod special;
#[cfg(test)]
mod tests;
mod world;

use std::sync::{Arc, OnceLock};

use trailwarden_policy::evaluate::Context;
use trailwarden_policy::reach::{
    CONTROL_OF_IAM, Grading, Grant, Limits, Precision, Reach, apart, grade, grade_of_user,
};

use crate::digest::Mask;
use crate::fact::Fact;
use crate::identity::Kind;
use crate::query::{Boundary, Held, PolicySource, Unknown, why_unknown};
use crate::session::Limited;
use compiled::Compilation;
use documents::Documents;
use layered::Layered;

pub(crate) use hour::{Turn, as_of, asks_time, at, is_clock, is_time, turns};
pub(crate) use request_key::request_key;
pub(crate) use special::Wording;

pub use compiled::unseen;
pub use principal::Principal;
pub use rcps::Rcps;
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
    /// What one session of it was limited to when it began; none where no session is meant.
    pub session: Option<Limited>,
    layers: OnceLock<Layered>,
    identity_reach: OnceLock<Arc<Reach>>,
    /// None where nothing caps the identity policies.
    reach: OnceLock<Option<Reach>>,
    grading: OnceLock<Grading>,
    compiled: OnceLock<Compilation>,
}

impl Standing {
    /// What the identity policies allow by themselves.
    pub fn identity_reach(&self) -> &Reach {
        self.identity_reach
            .get_or_init(|| apart(|| self.layers().identity.reach_in(&self.principal)))
    }

    /// The caps on it.
    pub fn limits(&self) -> Limits {
        let layers = self.layers();
        Limits {
            boundary: layers.boundary.as_ref().map(Documents::cap),
            scps: layers.scps.iter().map(Documents::cap).collect(),
            session: layers.session.as_ref().map(Documents::cap),
        }
    }

    /// The same for one session of it.
    #[must_use]
    pub fn in_session(self, session: Limited) -> Self {
        let Self { principal, held, boundary, scps, .. } = self;
        Self { session: Some(session), ..Self::new(principal, held, boundary, scps) }
    }

    /// The same with other identity policies.
    #[must_use]
    pub fn holding(self, held: Held) -> Self {
        Self { session: self.session, ..Self::new(self.principal, held, self.boundary, self.scps) }
    }

    pub(crate) fn new(
        principal: Principal,
        held: Held,
        boundary: Fact<Option<Boundary>>,
        scps: Scps,
    ) -> Self {
        Self {
            principal,
            held,
            boundary,
            scps,
            session: None,
            layers: OnceLock::new(),
            identity_reach: OnceLock::new(),
            reach: OnceLock::new(),
            grading: OnceLock::new(),
            compiled: OnceLock::new(),
        }
    }

    /// The same, with what another one of the same principal has worked out already, such as the one
    /// before a change.
    pub(crate) fn beside(self, other: &Self) -> Self {
        if self.principal == other.principal {
            let layers = apart(|| Layered::of(&self, Some(other.layers())));
            return Self { layers: OnceLock::from(layers), ..self };
        }
        self
    }

    /// All that it may do: what the identity policies allow, within the caps.
    pub fn reach(&self) -> &Reach {
        let capped = self.reach.get_or_init(|| {
            apart(|| {
                let limits = self.limits();
                let reach = match limits == Limits::default() {
                    true => None,
                    false => Some(self.within(&limits, self.identity_reach())),
                };
                let is_capped_in_full = self.boundary.is_known()
                    && self.scps.missing.is_none()
                    && self.session.as_ref().is_none_or(|one| one.policies.is_known());
                match is_capped_in_full {
                    true => reach,
                    false => Some(reach.unwrap_or_else(|| self.identity_reach().clone()).or_less()),
                }
            })
        });
        capped.as_ref().unwrap_or_else(|| self.identity_reach())
    }

    /// All that it may do at most: where policies were not seen, everything that no known policy denies
    /// and no known cap cuts off.
    pub fn ceiling(&self) -> Reach {
        match self.reach().precision() {
            Precision::Exact | Precision::AtMost => self.reach().clone(),
            Precision::Unknown => self.within(&self.limits(), &self.layers().identity.cap()),
        }
    }

    /// What caps leave of what identity policies allow in the account.
    fn within(&self, limits: &Limits, identity: &Reach) -> Reach {
        let Principal { account, partition, .. } = &self.principal;
        limits.apply(identity).in_account(*account, partition)
    }

    /// How dangerous that is, by the policies alone: whether a target exists and is stronger is for
    /// the graph to say.
    pub fn grading(&self) -> &Grading {
        self.grading.get_or_init(|| apart(|| self.graded(self.reach().grants())))
    }

    /// Grades some of the principal's permissions.
    pub fn graded(&self, grants: &[Grant]) -> Grading {
        match self.principal.kind {
            Kind::User => grade_of_user(grants, &self.principal.name),
            Kind::Group | Kind::Role | Kind::Root => grade(grants),
        }
    }

    /// Whether its identity policies say enough for full control; `false` is certain.
    pub(crate) fn may_be_administrator(&self) -> bool {
        let texts = self.held.policies.iter().filter_map(|held| held.document.value());
        let masks = texts.filter_map(|text| Some(text.digest()?.mask));
        self.principal.kind == Kind::Root
            || masks.fold(Mask::default(), Mask::or).covers(Mask::of(CONTROL_OF_IAM))
    }

    /// All layers, ready to decide.
    pub(crate) fn compiled(&self) -> &Compilation {
        self.compiled.get_or_init(|| apart(|| Compilation::of(self)))
    }

    /// The condition keys that are known of the principal; all others are unknown.
    pub fn context(&self) -> Context {
        self.principal.context()
    }

    /// What these answers could not see.
    pub fn unknowns(&self) -> Vec<Unknown> {
        let mut unknowns = self.own_unknowns();
        unknowns.extend(self.scps.unknowns());
        unknowns.extend(self.session.iter().flat_map(Limited::unknowns));
        unknowns
    }

    /// What of the principal itself they could not see: its policies, its groups and its boundary.
    pub fn own_unknowns(&self) -> Vec<Unknown> {
        let name = &self.principal.label;
        let mut unknowns = self.held.unknowns.clone();
        for held in &self.held.policies {
            let source = held.source.name();
            if let Some(why) = why_unknown(&held.document) {
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
                if let Some(why) = why_unknown(&boundary.document) {
                    let what = format!("document of the boundary of {name}");
                    unknowns.push(Unknown { what, why: why.clone() });
                }
            }
            Fact::Known { value: None, .. } => {}
        }
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
        self.layers.get_or_init(|| apart(|| Layered::of(self, None)))
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
