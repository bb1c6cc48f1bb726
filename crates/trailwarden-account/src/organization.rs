//! The organization's policies and tree, as far as the trail of the managing account shows them.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync as Map;
use trailwarden_model::AccountId;
use trailwarden_policy::facts;

use crate::fact::{Fact, Proof, Why};
use crate::listing::Listing;
use crate::text::PolicyText;

/// An organization.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Organization {
    /// Policies by id.
    pub policies: Map<Arc<str>, Arc<OrganizationPolicy>>,
    /// The root or unit that an account or unit lies in.
    pub parents: Map<Arc<str>, Fact<Arc<str>>>,
    /// Kinds of policy that are switched on or off, by root and kind.
    pub policy_types: Map<(Arc<str>, Arc<str>), Fact<bool>>,
    /// The organization's own resource policy, if it has one.
    pub resource_policy: Fact<Option<PolicyText>>,
    /// Accounts that administer for a service: account and service principal.
    pub delegated: Listing<(Arc<str>, Arc<str>), ()>,
    /// Services that may act in all accounts.
    pub trusted_services: Listing<Arc<str>, ()>,
    /// The account that manages it, where that is not the one whose model this is.
    pub manager: Option<AccountId>,
    /// Whether a call on policies was made, which shows that it may have some.
    pub is_shown: bool,
}

/// A policy of an organization.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OrganizationPolicy {
    /// Its id, `p-...`.
    pub id: Arc<str>,
    /// Its name.
    pub name: Fact<Arc<str>>,
    /// `SERVICE_CONTROL_POLICY`, `RESOURCE_CONTROL_POLICY`...
    pub kind: Fact<Arc<str>>,
    /// Its document.
    pub content: Fact<PolicyText>,
    /// Roots, units and accounts that it is attached to.
    pub targets: Listing<Arc<str>, ()>,
}

/// The documents that AWS itself attaches when a kind of policy is switched on.
///
/// Source: AWS Organizations User Guide, "Service control policies" and "Resource control policies".
const FULL_ACCESS: [(&str, &str); 2] = [
    (
        "p-FullAWSAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "p-RCPFullAWSAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
    ),
];

/// The way from the root of an organization to an account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Levels {
    /// Root, units and the account, as far up as they are known; the account is the last.
    pub targets: Vec<Arc<str>>,
    /// Why the way up ends before the root; none when it does not.
    pub missing: Option<Why>,
}

impl Organization {
    /// Whether there is one with policies, whichever of them were seen.
    #[must_use]
    pub fn has_policies(&self) -> bool {
        self.is_shown || !self.policies.is_empty()
    }

    /// The way from the root to an account, each level of which must allow.
    #[must_use]
    pub fn levels_of(&self, account: &str) -> Levels {
        let mut levels = Levels { targets: vec![account.into()], missing: None };
        // AWS nests units five deep; a longer way is a loop in what a stranger wrote.
        while levels.targets.len() <= 8 {
            let Some(below) = levels.targets.first() else { break };
            if below.starts_with("r-") {
                return levels;
            }
            match self.parents.get(below) {
                Some(Fact::Known { value, .. }) => levels.targets.insert(0, value.clone()),
                Some(Fact::Unknown { why, .. }) => {
                    levels.missing = Some(why.clone());
                    return levels;
                }
                None => break,
            }
        }
        levels.missing = Some(Why::NeverSeen);
        levels
    }

    /// The policies that are known to be attached to a root, unit or account.
    pub fn attached_at(&self, target: &str) -> impl Iterator<Item = &OrganizationPolicy> {
        let target: Arc<str> = target.into();
        self.policies.values().map(AsRef::as_ref).filter(move |policy| {
            matches!(policy.targets.get(&target), crate::Presence::Present(_))
        })
    }
}

/// The kind of policy that caps what may be done to what an account owns.
pub(crate) const RCP: &str = "RESOURCE_CONTROL_POLICY";

impl OrganizationPolicy {
    /// Whether it is a resource control policy other than AWS's own, which takes nothing away.
    #[must_use]
    pub fn is_resource_control(&self) -> bool {
        self.kind.value().is_some_and(|kind| **kind == *RCP) && !self.is_full_access()
    }

    /// Whether it is one of AWS's own, which take nothing away.
    #[must_use]
    pub fn is_full_access(&self) -> bool {
        FULL_ACCESS.iter().any(|(id, _)| *id == &*self.id)
    }

    /// Its document; that of AWS's own two is known without a record.
    #[must_use]
    pub fn document(&self) -> Fact<PolicyText> {
        let published = FULL_ACCESS.iter().find(|(id, _)| *id == &*self.id);
        match (&self.content, published) {
            (Fact::Unknown { .. }, Some((_, text))) => Fact::Known {
                value: PolicyText::new(text),
                proof: Proof::Published { date: facts::managed_date() },
            },
            (content, _) => content.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_root_ends_where_knowledge_ends() {
        let proof = Proof::Published { date: "2026-01-01" };
        let mut organization = Organization::default();
        let mut put = |child: &str, parent: &str| {
            organization.parents.insert_mut(child.into(), Fact::known(parent.into(), &proof));
        };
        put("111122223333", "ou-1");
        put("ou-1", "r-1");
        put("ou-2", "ou-2");
        let whole = organization.levels_of("111122223333");
        let targets: Vec<&str> = whole.targets.iter().map(|target| &**target).collect();
        assert_eq!((targets, whole.missing), (vec!["r-1", "ou-1", "111122223333"], None));
        assert_eq!(organization.levels_of("444455556666").missing, Some(Why::NeverSeen));
        assert_eq!(organization.levels_of("ou-2").missing, Some(Why::NeverSeen));
    }

    #[test]
    fn full_access_is_known_without_a_record() {
        let policy = OrganizationPolicy { id: "p-FullAWSAccess".into(), ..Default::default() };
        assert!(policy.document().is_known());
        assert!(!OrganizationPolicy::default().document().is_known());
    }
}
