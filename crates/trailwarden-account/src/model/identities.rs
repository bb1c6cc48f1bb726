//! Users, groups, roles and root by id, with the answers that would else need a look at all of them:
//! who holds which managed policy, and whose own policies speak of other identities.
//!
//! # Invariant
//! - Whatever changes an identity goes through here, so the answers are those of a look at all
//!   (`model/identities/tests.rs`).

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use rpds::RedBlackTreeMapSync as Map;

use super::lower;
use crate::digest::Mask;
use crate::fact::Fact;
use crate::identity::{Id, Identity, Kind};
use crate::listing::{Listing, Presence};
use crate::text::PolicyText;

/// Ids in their order.
pub(crate) type Ids = Map<Id, ()>;

/// All identities of an account.
#[derive(Clone, Default)]
pub(crate) struct Identities {
    by_id: Map<Id, Arc<Identity>>,
    /// Holders by the ARN of a policy, as the attachment has it.
    attached: Map<Arc<str>, Ids>,
    /// Users and roles by the ARN of their boundary, in lower case.
    bounded: Map<Arc<str>, Ids>,
    /// Shared with all copies that have the same inline policies: whoever asks first, reads them.
    speakers: Arc<OnceLock<Speakers>>,
}

/// Identities by what their inline policies are about.
#[derive(Clone, Default, Debug, PartialEq)]
pub(crate) struct Speakers {
    /// They name some users, groups, roles or policies and not all.
    pub(crate) name_some: Ids,
    /// They may allow to assume some role.
    pub(crate) assume: Ids,
}

static ASSUME: LazyLock<Mask> = LazyLock::new(|| Mask::of(&["sts:AssumeRole"]));

/// What an identity is found by.
#[derive(Default)]
struct Holding {
    attached: Listing<Arc<str>, ()>,
    boundary: Option<Arc<str>>,
    inline: Vec<PolicyText>,
}

impl Holding {
    fn of(identity: &Identity) -> Self {
        let is_bounded = matches!(identity.kind, Kind::User | Kind::Role);
        let boundary = match &identity.boundary {
            Fact::Known { value: Some(arn), .. } if is_bounded => Some(lower(arn)),
            _ => None,
        };
        let inline = identity.inline.iter().filter_map(|(_, text)| text.value().cloned());
        Self { attached: identity.attached.clone(), boundary, inline: inline.collect() }
    }

    fn holds(&self, arn: &Arc<str>) -> bool {
        matches!(self.attached.get(arn), Presence::Present(_))
    }
}

impl Identities {
    /// By id.
    pub(crate) fn by_id(&self) -> &Map<Id, Arc<Identity>> {
        &self.by_id
    }

    /// Puts one in, in the place of the one that had its id.
    pub(crate) fn insert(&mut self, identity: Identity) {
        let (id, identity) = (identity.id.clone(), Arc::new(identity));
        let was = self.by_id.get(&id).map(|one| Holding::of(one));
        let is = Holding::of(&identity);
        self.by_id.insert_mut(id.clone(), identity);
        self.find_by(&id, was.as_ref(), Some(&is));
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, id: &Id) {
        let was = self.by_id.get(id).map(|one| Holding::of(one));
        self.by_id.remove_mut(id);
        self.find_by(id, was.as_ref(), None);
    }

    /// Changes one; neither its id nor its kind.
    pub(crate) fn edit<R>(&mut self, id: &Id, edit: impl FnOnce(&mut Identity) -> R) -> Option<R> {
        let shared = self.by_id.get_mut(id)?;
        let was = Holding::of(shared);
        let done = edit(Arc::make_mut(shared));
        let is = Holding::of(shared);
        self.find_by(id, Some(&was), Some(&is));
        Some(done)
    }

    /// The attached managed policies by ARN, each with its holders.
    pub(crate) fn attachments(&self) -> impl Iterator<Item = (&Arc<str>, &Ids)> {
        self.attached.iter()
    }

    /// The holders of a managed policy, by the ARN that its attachments have.
    pub(crate) fn attached_to(&self, arn: &str) -> impl Iterator<Item = &Id> {
        self.attached.get(arn).into_iter().flat_map(Map::keys)
    }

    /// The users and roles that a managed policy bounds.
    pub(crate) fn bounded_by(&self, arn: &str) -> impl Iterator<Item = &Id> {
        self.bounded.get(&lower(arn)).into_iter().flat_map(Map::keys)
    }

    /// Those whose inline policies are about others.
    pub(crate) fn speakers(&self) -> &Speakers {
        self.speakers.get_or_init(|| {
            let all = self.by_id.iter();
            all.fold(Speakers::default(), |found, (id, one)| found.with(id, &Holding::of(one)))
        })
    }

    fn find_by(&mut self, id: &Id, was: Option<&Holding>, is: Option<&Holding>) {
        let nothing = Holding::default();
        let (was, is) = (was.unwrap_or(&nothing), is.unwrap_or(&nothing));
        for arn in was.attached.keys().filter(|arn| !is.holds(arn)) {
            forget(&mut self.attached, arn, id);
        }
        for arn in is.attached.keys().filter(|arn| !was.holds(arn)) {
            note(&mut self.attached, arn, id);
        }
        if was.boundary != is.boundary {
            was.boundary.iter().for_each(|arn| forget(&mut self.bounded, arn, id));
            is.boundary.iter().for_each(|arn| note(&mut self.bounded, arn, id));
        }
        if was.inline != is.inline {
            // Copies that share them have other policies.
            let known = self.speakers.get().cloned();
            let renewed = known.map(|speakers| speakers.with(id, is));
            self.speakers = Arc::new(renewed.map_or_else(OnceLock::new, OnceLock::from));
        }
    }
}

impl Speakers {
    fn with(mut self, id: &Id, holding: &Holding) -> Self {
        let digests = holding.inline.iter().filter_map(PolicyText::digest);
        let (mut names_some, mut assumes) = (false, false);
        for digest in digests {
            names_some |= digest.named_of_iam().next().is_some();
            assumes |= digest.mask.covers(*ASSUME);
        }
        for (ids, is_one) in [(&mut self.name_some, names_some), (&mut self.assume, assumes)] {
            match is_one {
                true => ids.insert_mut(id.clone(), ()),
                false => {
                    ids.remove_mut(id);
                }
            }
        }
        self
    }
}

fn note(found: &mut Map<Arc<str>, Ids>, arn: &Arc<str>, id: &Id) {
    match found.get_mut(arn) {
        Some(ids) => ids.insert_mut(id.clone(), ()),
        None => found.insert_mut(arn.clone(), Ids::default().insert(id.clone(), ())),
    }
}

fn forget(found: &mut Map<Arc<str>, Ids>, arn: &Arc<str>, id: &Id) {
    let Some(ids) = found.get_mut(arn) else { return };
    ids.remove_mut(id);
    if ids.is_empty() {
        found.remove_mut(arn);
    }
}

impl PartialEq for Identities {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

impl Eq for Identities {}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by_id.fmt(f)
    }
}
