//! Users and roles as somebody to become: what a technique asks of them.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::evaluate::Compiled;
use trailwarden_policy::trust::{self, Grant, Who};
use trailwarden_policy::{Document, PolicyKind};

use super::Node;
use crate::access::Rcps;
use crate::access::asks_time;
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::techniques::carriers::COGNITO;
use crate::text::PolicyText;
use crate::trust::in_force;

/// A user or role.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) node: Node,
    pub(super) account: AccountId,
    pub(super) id: Id,
    pub(super) arn: Arc<str>,
    /// While its path is not known, an ARN that it may have as well.
    pub(super) other_arn: Option<Arc<str>>,
    /// Such as `role/app`.
    pub(super) label: String,
    pub(super) identity: Arc<Identity>,
    /// Of a role.
    pub(super) trust: Trust,
    /// Whether the trust asks what time it is.
    pub(super) reads_time: bool,
    /// Instance profiles that hold the role.
    pub(super) profiles: Vec<Arc<str>>,
    /// The services that its trust lets in, once asked for.
    pub(super) services: OnceLock<Vec<(String, Vec<String>)>>,
}

/// Who may assume it.
#[derive(Debug)]
pub(super) enum Trust {
    /// Nobody: it is no role.
    None,
    /// Not known.
    Unknown,
    /// By this policy.
    Known {
        compiled: Compiled,
        grants: Arc<[Grant]>,
        /// The ARNs of sessions that it names: mostly there are none, and everybody is asked about them.
        sessions: Vec<String>,
    },
}

impl Trust {
    /// A policy as it counts, and its text. What was made of the text serves where all of it counts.
    fn of(text: &PolicyText, document: Cow<'_, Document>) -> Self {
        const NAME: &str = "trust policy";
        let shared = match document {
            Cow::Borrowed(_) => text.compiled(NAME, PolicyKind::Trust).zip(text.grants()),
            Cow::Owned(_) => None,
        };
        let (compiled, grants) = match shared {
            Some((compiled, grants)) => (compiled, grants.clone()),
            None => {
                let compiled = Compiled::new(NAME, &document, PolicyKind::Trust);
                (compiled, trust::effective_grants(&document).into())
            }
        };
        let named = grants.iter().filter_map(|grant| match &grant.who {
            Who::Principal { arn, .. } => Some(arn),
            _ => None,
        });
        let is_session =
            |arn: &&String| Arn::parse(arn).is_some_and(|arn| arn.session_role().is_some());
        let sessions = named.filter(is_session).cloned().collect();
        Self::Known { compiled, grants, sessions }
    }
}

impl Target {
    /// Of a user, or a role that anybody but AWS can use, under the resource control policies over the
    /// account.
    pub(super) fn of(model: &Model, rcps: &Rcps, identity: &Arc<Identity>) -> Option<Self> {
        let is_one = matches!(identity.kind, Kind::User | Kind::Role);
        if !is_one || identity.is_service_linked() {
            return None;
        }
        let (account, partition) = (model.account(), model.partition());
        let known = identity.arn(partition, account);
        let with = |path: &str| {
            let (kind, name) = (identity.kind.as_str(), &identity.name);
            format!("arn:{partition}:iam::{account}:{kind}{path}{name}")
        };
        let mut reads_time = false;
        let trust = match (identity.kind, identity.trust.value()) {
            (Kind::Role, Some(text)) => match text.document() {
                Ok(document) => {
                    let document = in_force(document, rcps, model, identity);
                    reads_time = asks_time(&document);
                    Trust::of(text, document)
                }
                Err(_) => Trust::Unknown,
            },
            (Kind::Role, None) => Trust::Unknown,
            _ => Trust::None,
        };
        let mut profiles: Vec<Arc<str>> = Vec::new();
        if identity.kind == Kind::Role {
            let holds = |role: Option<&Option<Id>>| role == Some(&Some(identity.id.clone()));
            let all = model.instance_profiles().filter(|one| holds(one.role.value()));
            profiles.extend(all.map(|one| one.name.clone()));
        }
        Some(Self {
            node: Node::Identity(account, identity.id.clone()),
            account,
            id: identity.id.clone(),
            other_arn: known.is_none().then(|| with("/unseen/").into()),
            arn: known.unwrap_or_else(|| with("/")).into(),
            label: name_of(identity),
            identity: identity.clone(),
            trust,
            reads_time,
            profiles,
            services: OnceLock::new(),
        })
    }

    /// All ARNs that it may have.
    pub(super) fn arns(&self) -> impl Iterator<Item = &Arc<str>> {
        std::iter::once(&self.arn).chain(&self.other_arn)
    }

    pub(super) fn is_role(&self) -> bool {
        self.identity.kind == Kind::Role
    }

    /// The grants of its trust policy.
    pub(super) fn grants(&self) -> &[Grant] {
        match &self.trust {
            Trust::Known { grants, .. } => grants,
            Trust::None | Trust::Unknown => &[],
        }
    }

    /// Whether its trust names a service, or may.
    pub(super) fn may_trust_services(&self) -> bool {
        matches!(self.trust, Trust::Unknown)
            || self.grants().iter().any(|grant| match &grant.who {
                Who::Service(_) | Who::Anyone => true,
                Who::Oidc(issuer) => issuer == COGNITO,
                _ => false,
            })
    }

    /// Whether its trust names an identity provider.
    pub(super) fn trusts_providers(&self) -> bool {
        self.grants().iter().any(|grant| matches!(grant.who, Who::Saml(_) | Who::Oidc(_)))
    }

    /// Whether its trust lets somebody of another account in, or may.
    pub(super) fn is_open_outside(&self) -> bool {
        matches!(self.trust, Trust::Unknown)
            || self.grants().iter().any(|grant| match &grant.who {
                Who::Anyone => true,
                who => who.account().is_some_and(|account| account != self.account),
            })
    }

    /// Whether its trust lets a principal in by his name and in no other way.
    pub(super) fn names_alone(&self, arn: &str, account: AccountId) -> bool {
        let is_meant = |who: &Who| match who {
            Who::Anyone => true,
            Who::Account(named) => *named == account,
            Who::Principal { arn: named, .. } => named == arn,
            _ => false,
        };
        let mut meant = self.grants().iter().map(|grant| &grant.who).filter(|who| is_meant(who));
        let is_named = |who: &Who| matches!(who, Who::Principal { .. });
        meant.next().is_some_and(is_named) && meant.all(is_named)
    }

    /// Whether its trust names the principal itself, so that in its account no identity policy is
    /// needed.
    pub(super) fn names(&self, arn: &str) -> bool {
        self.grants().iter().any(|grant| match &grant.who {
            Who::Anyone => true,
            Who::Principal { arn: named, .. } => named == arn,
            _ => false,
        })
    }

    /// The sessions that its trust names of the role with that ARN. They lack the role's path.
    pub(super) fn sessions_of<'t>(&'t self, role: &'t str) -> impl Iterator<Item = Arn<'t>> {
        let all: &[String] = match &self.trust {
            Trust::Known { sessions, .. } => sessions,
            Trust::None | Trust::Unknown => &[],
        };
        let role = if all.is_empty() { None } else { Arn::parse(role) };
        let is_its = move |arn: &Arn<'_>| role.is_some_and(|role| trust::is_of_role(arn, &role));
        all.iter().filter_map(|session| Arn::parse(session)).filter(is_its)
    }
}
