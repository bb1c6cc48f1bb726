//! Questions about a model: who holds which documents, and what remains unknown.
//!
//! Each answer lists what is known and, beside it, what is not: an answer with unknowns means "at
//! least these".

mod answer;

use std::sync::Arc;

use trailwarden_policy::facts;

use crate::fact::{Fact, Proof, Why};
use crate::identity::{Id, Identity, KeyStatus, Kind};
use crate::listing::{Before, Listing};
use crate::model::Model;
use crate::text::PolicyText;

pub(crate) use answer::why_unknown;
pub use answer::{Boundary, Found, Held, HeldPolicy, PolicySource, Unknown};

impl Model {
    /// Users, roles and root: whoever can make requests.
    pub fn principals(&self) -> impl Iterator<Item = &Identity> {
        self.identities().filter(|identity| identity.is_principal())
    }

    /// The document of a managed policy now: of the account, of a baseline, or published by AWS.
    #[must_use]
    pub fn document_of(&self, arn: &str) -> Fact<PolicyText> {
        if let Some(policy) = self.policy(arn) {
            return policy.document();
        }
        if !arn.contains(":iam::aws:policy/") {
            return Fact::default();
        }
        match facts::managed_policy(arn) {
            Some(policy) => Fact::Known {
                value: PolicyText::published(policy),
                proof: Proof::Published { date: facts::managed_date() },
            },
            None => Fact::unknown(Why::NotPublished),
        }
    }

    /// The identity policies of a user with those of its groups, of a group or of a role.
    #[must_use]
    pub fn policies_of(&self, id: &Id) -> Held {
        let mut held = Held::default();
        let Some(identity) = self.identity(id) else {
            held.unknowns.push(Unknown { what: format!("policies of {id}"), why: Why::NeverSeen });
            return held;
        };
        if identity.kind == Kind::Root {
            return held;
        }
        self.hold(&mut held, identity, None);
        if identity.kind == Kind::User {
            let groups = self.groups_of(id);
            for group in groups.ids.iter().filter_map(|group| self.identity(group)) {
                self.hold(&mut held, group, Some(&group.id));
            }
            held.unknowns.extend(groups.unknowns);
        }
        held
    }

    fn hold(&self, held: &mut Held, identity: &Identity, through: Option<&Id>) {
        for (name, document) in identity.inline.iter() {
            let here = match document {
                Fact::Known { proof, .. } => Fact::known((), proof),
                Fact::Unknown { why, .. } => Fact::unknown(why.clone()),
            };
            held.policies.push(HeldPolicy {
                source: PolicySource::Inline(name.clone()),
                document: document.clone(),
                held: here,
                through: through.cloned(),
            });
        }
        for (arn, here) in identity.attached.iter() {
            held.policies.push(HeldPolicy {
                source: PolicySource::Managed(arn.clone()),
                document: self.document_of(arn),
                held: here.clone(),
                through: through.cloned(),
            });
        }
        held.unknowns.extend(others(&identity.inline, "inline policies", identity));
        held.unknowns.extend(others(&identity.attached, "attached policies", identity));
    }

    /// The permissions boundary of a user or role.
    #[must_use]
    pub fn boundary_of(&self, id: &Id) -> Fact<Option<Boundary>> {
        let Some(identity) = self.identity(id) else { return Fact::default() };
        let boundary = |arn: &Option<Arc<str>>| {
            arn.as_ref().map(|arn| Boundary { arn: arn.clone(), document: self.document_of(arn) })
        };
        match &identity.boundary {
            Fact::Known { value, proof } => Fact::known(boundary(value), proof),
            Fact::Unknown { why, last } => Fact::Unknown {
                why: why.clone(),
                last: last.as_ref().map(|(arn, proof)| (boundary(arn), proof.clone())),
            },
        }
    }

    /// The groups of a user.
    #[must_use]
    pub fn groups_of(&self, user: &Id) -> Found {
        let Some(identity) = self.identity(user) else { return Found::default() };
        let mut found =
            Found { ids: identity.groups.keys().cloned().collect(), ..Found::default() };
        // Each membership is kept on both sides, so a whole list needs no other.
        if identity.groups.is_complete() {
            found.unknowns.extend(doubtful(&identity.groups, "groups", identity));
            return found;
        }
        let mut is_sure = self.listed.groups.is_known();
        for group in self.of_kind(Kind::Group) {
            match group.members.before(user) {
                Before::Present => found.ids.push(group.id.clone()),
                Before::Absent => {}
                Before::Unknown => is_sure = false,
            }
        }
        if !is_sure {
            found.unknowns.extend(others(&identity.groups, "groups", identity));
        }
        found.unknowns.extend(doubtful(&identity.groups, "groups", identity));
        found.ids.sort();
        found.ids.dedup();
        found
    }

    /// The members of a group.
    #[must_use]
    pub fn members_of(&self, group: &Id) -> Found {
        let Some(identity) = self.identity(group) else { return Found::default() };
        let mut found =
            Found { ids: identity.members.keys().cloned().collect(), ..Found::default() };
        if identity.members.is_complete() {
            found.unknowns.extend(doubtful(&identity.members, "members", identity));
            return found;
        }
        let mut is_sure = self.listed.users.is_known();
        for user in self.of_kind(Kind::User) {
            match user.groups.before(group) {
                Before::Present => found.ids.push(user.id.clone()),
                Before::Absent => {}
                Before::Unknown => is_sure = false,
            }
        }
        if !is_sure {
            found.unknowns.extend(others(&identity.members, "members", identity));
        }
        found.unknowns.extend(doubtful(&identity.members, "members", identity));
        found.ids.sort();
        found.ids.dedup();
        found
    }

    /// The users, groups and roles to which a managed policy is attached.
    #[must_use]
    pub fn attached_to(&self, policy: &str) -> Found {
        let arn: Arc<str> = match self.policy(policy) {
            Some(known) => known.arn.clone(),
            None => policy.into(),
        };
        let ids = self.identities.attached_to(&arn).cloned().collect();
        let mut found = Found { ids, ..Found::default() };
        for identity in self.identities().filter(|identity| identity.kind != Kind::Root) {
            let Some(why) = identity.attached.completeness().why() else { continue };
            if identity.attached.before(&arn) == Before::Unknown {
                let what = format!("attached policies of {}", name_of(identity));
                found.unknowns.push(Unknown { what, why: why.clone() });
            }
        }
        found.unknowns.extend(self.unlisted());
        found
    }

    /// The users, groups and roles that are known to hold a managed policy, and those users and roles
    /// that are known to be bounded by it, without a look at all others.
    pub(crate) fn known_holders_of(&self, policy: &str) -> [Vec<Id>; 2] {
        let arn = self.policy(policy).map_or(policy, |known| &*known.arn);
        let (held, bounded) =
            (self.identities.attached_to(arn), self.identities.bounded_by(policy));
        [held.cloned().collect(), bounded.cloned().collect()]
    }

    /// The users and roles that a managed policy bounds.
    #[must_use]
    pub fn bounded_by(&self, policy: &str) -> Found {
        let ids = self.identities.bounded_by(policy).cloned().collect();
        let mut found = Found { ids, ..Found::default() };
        for identity in self.principals().filter(|identity| identity.kind != Kind::Root) {
            if let Some(why) = identity.boundary.why() {
                let what = format!("boundary of {}", name_of(identity));
                found.unknowns.push(Unknown { what, why: why.clone() });
            }
        }
        found.unknowns.extend(self.unlisted());
        found
    }

    fn unlisted(&self) -> Vec<Unknown> {
        let listed = &self.listed;
        let kinds =
            [("users", &listed.users), ("groups", &listed.groups), ("roles", &listed.roles)];
        let unknown = |(what, fact): (&str, &Fact<()>)| {
            let why = fact.why()?.clone();
            Some(Unknown { what: format!("{what} that were never seen"), why })
        };
        kinds.into_iter().filter_map(unknown).collect()
    }

    /// Who may assume a role.
    #[must_use]
    pub fn trust_of(&self, role: &Id) -> Option<&Fact<PolicyText>> {
        let identity = self.identity(role)?;
        (identity.kind == Kind::Role).then_some(&identity.trust)
    }

    /// The access keys of a user or root.
    #[must_use]
    pub fn keys_of(&self, user: &Id) -> Option<&Listing<Arc<str>, KeyStatus>> {
        Some(&self.identity(user)?.keys)
    }
}

/// How an answer names an identity: `role/app`.
#[must_use]
pub fn name_of(identity: &Identity) -> String {
    format!("{}/{}", identity.kind.as_str(), identity.name)
}

fn others<K: Ord + Clone, V: Clone>(
    listing: &Listing<K, V>,
    what: &str,
    identity: &Identity,
) -> Option<Unknown> {
    let why = listing.completeness().why()?.clone();
    Some(Unknown { what: format!("{what} of {}", name_of(identity)), why })
}

/// Memberships that may have ended unseen.
fn doubtful<K: Ord + Clone>(
    listing: &Listing<K, ()>,
    what: &str,
    identity: &Identity,
) -> Option<Unknown> {
    let why = listing.iter().find_map(|(_, fact)| fact.why())?.clone();
    Some(Unknown { what: format!("{what} of {}", name_of(identity)), why })
}
