//! The service control policies over an account, level by level.

use std::sync::Arc;

use trailwarden_model::AccountId;
use trailwarden_policy::reach::Reach;

use super::World;
use super::documents::Documents;
use crate::fact::{Fact, Why};
use crate::listing::Before;
use crate::organization::Organization;
use crate::query::{Unknown, why_unknown};
use crate::text::PolicyText;

/// The SCPs over an account.
#[derive(Clone, Debug, Default)]
pub struct Scps {
    /// From the root of the organization to the account.
    pub levels: Vec<Level>,
    /// Why there may be levels above these; none when these are all.
    pub missing: Option<Why>,
    /// Whether no organization was seen, so that none is counted.
    pub is_assumed_absent: bool,
    /// Whether the account manages the organization, so that SCPs do not restrict it.
    pub is_management_account: bool,
}

/// The SCPs of a root, unit or account.
#[derive(Clone, Debug)]
pub struct Level {
    /// The id of the root, unit or account.
    pub target: Arc<str>,
    /// Policies by name.
    pub policies: Vec<(Arc<str>, Fact<PolicyText>)>,
    /// Whether nothing else is attached there.
    pub is_whole: bool,
}

const SCP: &str = "SERVICE_CONTROL_POLICY";

/// Whether it is known if AWS's own policy, which it attaches to every level, is still there.
///
/// Source: AWS Organizations User Guide, "Service control policies".
fn is_full_access_known(organization: &Organization, target: &Arc<str>) -> bool {
    let full = organization.policies.get("p-FullAWSAccess");
    full.is_some_and(|policy| policy.targets.before(target) != Before::Unknown)
}

impl Scps {
    /// What each level lets through, whoever of the account asks.
    pub(crate) fn caps(&self) -> Vec<Reach> {
        let cap = |level: &Level| {
            let mut layer = Documents::of_anybody(level.policies.iter().map(|(_, text)| text));
            layer.is_whole &= level.is_whole;
            layer.cap()
        };
        self.levels.iter().map(cap).collect()
    }

    pub(super) fn of(world: World<'_>, account: AccountId) -> Self {
        let Some((manager, organization)) = world.organization_of(account) else {
            return Self { is_assumed_absent: true, ..Self::default() };
        };
        if manager == account {
            return Self { is_management_account: true, ..Self::default() };
        }
        let ways = organization.levels_of(&account.to_string());
        let levels = ways.targets.iter().map(|target| {
            let mut level = Level { target: target.clone(), policies: Vec::new(), is_whole: true };
            let mut is_seen = false;
            for policy in organization.attached_at(target) {
                match policy.kind.value().map(AsRef::as_ref) {
                    Some(SCP) => {
                        let name = policy.name.value().unwrap_or(&policy.id);
                        level.policies.push((name.clone(), policy.document()));
                        is_seen = true;
                    }
                    Some(_) => {}
                    None if &*policy.id == "p-FullAWSAccess" => {
                        level.policies.push((policy.id.clone(), policy.document()));
                        is_seen = true;
                    }
                    None => level.is_whole = false,
                }
            }
            // Each level has at least one, AWS's own if no other (AWS Organizations User Guide, "SCP
            // evaluation"); none seen means that the list is not known.
            level.is_whole &= is_seen && is_full_access_known(organization, target);
            level
        });
        Self { levels: levels.collect(), missing: ways.missing, ..Self::default() }
    }

    /// Whether both say the same, whatever proves it.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let of_level = |level: &Level| {
            let policies = level.policies.iter();
            let texts: Vec<_> =
                policies.map(|(name, text)| (name.clone(), text.value().cloned())).collect();
            (texts, level.is_whole)
        };
        let all = |scps: &Self| scps.levels.iter().map(of_level).collect::<Vec<_>>();
        self.missing.is_some() == other.missing.is_some()
            && self.is_assumed_absent == other.is_assumed_absent
            && self.is_management_account == other.is_management_account
            && all(self) == all(other)
    }

    pub(crate) fn unknowns(&self) -> Vec<Unknown> {
        let mut unknowns = Vec::new();
        if let Some(why) = &self.missing {
            let what = "service control policies of higher levels".to_owned();
            unknowns.push(Unknown { what, why: why.clone() });
        }
        for level in &self.levels {
            for (name, document) in &level.policies {
                if let Some(why) = why_unknown(document) {
                    let what = format!("service control policy {name}");
                    unknowns.push(Unknown { what, why: why.clone() });
                }
            }
            if !level.is_whole {
                let what = format!("service control policies of {}", level.target);
                unknowns.push(Unknown { what, why: Why::NeverSeen });
            }
        }
        unknowns
    }
}
