//! The resource control policies over what an account owns, level by level.
//!
//! AWS's own allows everything at every level and cannot be taken off, and no other may allow: so
//! nothing counts but what they deny. To whoever enters a role, a Deny there and a Deny of the trust
//! policy come to the same; so a trust policy is asked with theirs put into it.
//!
//! Source: AWS Organizations User Guide, "Resource control policies" and "RCP evaluation".

use std::borrow::Cow;

use trailwarden_model::AccountId;
use trailwarden_policy::evaluate::Compiled;
use trailwarden_policy::pattern::resource_matches;
use trailwarden_policy::reach::Reach;
use trailwarden_policy::trust::ASSUMING_ACTIONS;
use trailwarden_policy::{Document, Effect, PolicyKind, Principals, Statement};

use super::World;
use super::scps::Level;
use crate::fact::Why;
use crate::listing::Before;
use crate::query::{Unknown, why_unknown};

/// The RCPs over what an account owns; none over that of the management account.
#[derive(Clone, Debug, Default)]
pub struct Rcps {
    /// From the root of the organization to the account; empty where no RCP was seen.
    pub levels: Vec<Level>,
    /// Why there may be more above these; none when there are not.
    pub missing: Option<Why>,
}

/// AWS's version of policies with variables.
const NEWER: &str = "2012-10-17";

impl Rcps {
    pub(super) fn of(world: World<'_>, account: AccountId) -> Self {
        let Some((manager, organization)) = world.organization_of(account) else {
            return Self::default();
        };
        let rcps = || organization.policies.values().filter(|policy| policy.is_resource_control());
        if manager == account || rcps().next().is_none() {
            return Self::default();
        }
        let ways = organization.levels_of(&account.to_string());
        let levels = ways.targets.iter().map(|target| {
            let attached = organization.attached_at(target).filter(|one| !one.is_full_access());
            let (known, unknown): (Vec<_>, Vec<_>) =
                attached.partition(|policy| policy.kind.is_known());
            let policies = known.iter().filter(|policy| policy.is_resource_control());
            let policies = policies.map(|policy| {
                let name = policy.name.value().unwrap_or(&policy.id);
                (name.clone(), policy.document())
            });
            let is_open = |rcp: &std::sync::Arc<crate::organization::OrganizationPolicy>| {
                rcp.targets.before(target) == Before::Unknown
            };
            Level {
                target: target.clone(),
                policies: policies.collect(),
                is_whole: unknown.is_empty() && !rcps().any(is_open),
            }
        });
        let levels = levels.collect();
        // What is attached to nothing but what is known lies on no way up that is not.
        let may_lie_above = || {
            rcps().any(|rcp| {
                let elsewhere = |target: &std::sync::Arc<str>| {
                    AccountId::parse(target).is_none() && !ways.targets.contains(target)
                };
                !rcp.targets.is_complete() || rcp.targets.keys().any(elsewhere)
            })
        };
        Self { levels, missing: ways.missing.clone().filter(|_| may_lie_above()) }
    }

    /// Whether none is over the account for certain.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.missing.is_none()
            && self.levels.iter().all(|level| level.is_whole && level.policies.is_empty())
    }

    /// Whether both say the same, whatever proves it.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let all = |rcps: &Self| -> Vec<_> {
            let of_level = |level: &Level| {
                let texts =
                    level.policies.iter().map(|(name, text)| (name.clone(), text.value().cloned()));
                (texts.collect::<Vec<_>>(), level.is_whole)
            };
            let said = rcps.levels.iter().map(of_level);
            // A level without any says nothing, wherever it lies.
            said.filter(|(texts, is_whole)| !texts.is_empty() || !is_whole).collect()
        };
        self.missing.is_some() == other.missing.is_some() && all(self) == all(other)
    }

    /// What of them has not been seen.
    #[must_use]
    pub fn unknowns(&self) -> Vec<Unknown> {
        let mut unknowns = Vec::new();
        if let Some(why) = &self.missing {
            let what = "resource control policies of higher levels".to_owned();
            unknowns.push(Unknown { what, why: why.clone() });
        }
        for level in &self.levels {
            for (name, document) in &level.policies {
                if let Some(why) = why_unknown(document) {
                    let what = format!("resource control policy {name}");
                    unknowns.push(Unknown { what, why: why.clone() });
                }
            }
            if !level.is_whole {
                let what = format!("resource control policies of {}", level.target);
                unknowns.push(Unknown { what, why: Why::NeverSeen });
            }
        }
        unknowns
    }

    /// Ready to decide; those that are not known are left out.
    pub(super) fn compiled(&self) -> Vec<Vec<Compiled>> {
        let of_level = |level: &Level| {
            let read = level.policies.iter().filter_map(|(name, text)| {
                text.value().and_then(|text| text.compiled(name, PolicyKind::Rcp))
            });
            read.collect()
        };
        self.levels.iter().map(of_level).collect()
    }

    /// What they deny, as far as it is known, as if it were allowed.
    pub(crate) fn denied(&self) -> Reach {
        let documents: Vec<Document> = self
            .documents()
            .map(|document| {
                let denies = document.statements.iter().filter(|one| one.effect == Effect::Deny);
                let turned = denies.map(|one| Statement {
                    effect: Effect::Allow,
                    principals: Principals::List(Vec::new()),
                    not_principals: None,
                    ..one.clone()
                });
                let (version, statements) = (document.version.clone(), turned.collect());
                Document { version, statements, ..Document::default() }
            })
            .collect();
        Reach::of(&documents)
    }

    /// A trust policy with what these deny to whoever enters the role.
    pub(crate) fn onto<'d>(&self, trust: Cow<'d, Document>, role: &str) -> Cow<'d, Document> {
        let enters = |one: &Statement| {
            one.effect == Effect::Deny
                && ASSUMING_ACTIONS.iter().any(|action| one.covers_action(action))
        };
        let is_about = |one: &Statement| {
            let named = |texts: &[String]| texts.iter().any(|text| resource_matches(text, role));
            named(&one.resources) || one.not_resources.as_ref().is_some_and(|spared| !named(spared))
        };
        let denies: Vec<&Statement> = self
            .documents()
            .flat_map(|document| document.statements.iter())
            .filter(|one| enters(one) && is_about(one))
            .collect();
        if denies.is_empty() {
            return trust;
        }
        let mut whole = trust.into_owned();
        let mut values = denies.iter().flat_map(|one| &one.conditions).flat_map(|one| &one.values);
        if values.any(|value| value.contains("${")) {
            whole.version = Some(NEWER.to_owned());
        }
        // Statements of trust policies name no resource: the role is the only one.
        let bare = |one: &Statement| Statement {
            resources: Vec::new(),
            not_resources: None,
            ..one.clone()
        };
        whole.statements.extend(denies.into_iter().map(bare));
        Cow::Owned(whole)
    }

    fn documents(&self) -> impl Iterator<Item = &Document> {
        let texts = self.levels.iter().flat_map(|level| &level.policies);
        texts.filter_map(|(_, text)| text.value()?.document().ok())
    }
}
