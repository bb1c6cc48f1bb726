//! Two instants of an account compared in effect.
//!
//! What did not change is left out by comparing pointers and documents first; only the rest is asked
//! what it reaches. Groups are told apart only while nobody is in them: what a group gains, its
//! members gain.

use trailwarden_account::access::World;
use trailwarden_account::fact::Proof;
use trailwarden_account::query::name_of;
use trailwarden_account::{Id, Identity, Kind, Model, Models, Standing};
use trailwarden_model::{AccountId, Arn, Timestamp};
use trailwarden_policy::reach::{
    Change, Grade, Grant, Precision, compare, describe, describe_from,
};

use super::causes::Causes;
use super::credentials;
use super::ways::{Way, Ways, passed};

/// What changed in an account.
pub(super) struct Changed {
    pub(super) account: AccountId,
    /// Those who changed, the gravest first.
    pub(super) moved: Vec<Moved>,
    /// How many identities did not.
    pub(super) unchanged: usize,
}

impl Changed {
    /// Whether of somebody who changed not all is known, before or after.
    pub(super) fn is_unknown(&self) -> bool {
        self.moved.iter().any(|moved| {
            let is_open = |graded: &Graded| graded.precision == Precision::Unknown;
            !moved.was_known || moved.before.iter().chain(&moved.after).any(is_open)
        })
    }
}

/// What became of an identity.
pub(super) struct Moved {
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) id: Id,
    pub(super) arn: Option<String>,
    pub(super) fate: Fate,
    /// None where it was not there.
    pub(super) before: Option<Graded>,
    pub(super) after: Option<Graded>,
    pub(super) change: Change,
    /// Whether something of it was unknown before, so that what it gained may be old.
    pub(super) was_known: bool,
    pub(super) trust_gained: Vec<String>,
    pub(super) trust_lost: Vec<String>,
    /// Keys, password, second factor, groups, boundary.
    pub(super) notes: Vec<String>,
    /// Its way to administrator, where it opened or closed.
    pub(super) way: Option<Way>,
    /// The records that did it, in order.
    pub(super) causes: Vec<Proof>,
}

impl Moved {
    /// Grants in a few words, seen from its account.
    pub(super) fn words(&self, grants: &[Grant]) -> Vec<String> {
        let account = self.arn.as_deref().and_then(Arn::parse).and_then(|arn| arn.account_id());
        account.map_or_else(|| describe(grants), |account| describe_from(account, grants))
    }
}

/// Whether it came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was made.
    Made,
    /// It was seen for the first time, and may be older.
    FirstSeen,
    /// It was deleted.
    Deleted,
    /// It was there and still is.
    Stayed,
}

/// How far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Graded {
    pub(super) grade: Grade,
    pub(super) precision: Precision,
}

impl Fate {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::FirstSeen => "first_seen",
            Self::Deleted => "deleted",
            Self::Stayed => "stayed",
        }
    }
}

impl Graded {
    fn of(standing: &Standing) -> Self {
        Self { grade: standing.grading().grade, precision: standing.reach().precision() }
    }
}

impl Moved {
    /// Whether there is anything to tell.
    fn is_news(&self) -> bool {
        self.fate == Fate::Made
            || self.fate == Fate::Deleted
            || !self.change.gained.is_empty()
            || !self.change.lost.is_empty()
            || !self.trust_gained.is_empty()
            || !self.trust_lost.is_empty()
            || !self.notes.is_empty()
            || self.way.is_some()
    }

    fn weight(&self) -> (Option<Grade>, bool) {
        let opens = matches!(self.way, Some(Way::Opened { .. }));
        let gains = opens || !self.change.gained.is_empty() || !self.trust_gained.is_empty();
        if opens {
            return (Some(Grade::Admin), true);
        }
        (self.after.or(self.before).filter(|_| gains).map(|graded| graded.grade), gains)
    }
}

/// Compares an account at two instants.
pub(super) fn account(
    (before, after): (&Models, &Models),
    account: AccountId,
    causes: &Causes,
    since: Timestamp,
) -> Changed {
    let (old_world, new_world) = (World::of(before), World::of(after));
    let mut changed = Changed { account, moved: Vec::new(), unchanged: 0 };
    let Some(new) = after.get(account) else { return changed };
    let nothing = Model::new(account);
    let old = before.get(account).unwrap_or(&nothing);
    let is_same_organization = organization(old_world, account) == organization(new_world, account);
    let ways = Ways::of(old_world, new_world);
    let pair = Pair { old, new, old_world, new_world, causes, since, is_same_organization, ways };
    for identity in new.identities() {
        match pair.moved(identity) {
            Some(moved) if moved.is_news() => changed.moved.push(moved),
            _ => changed.unchanged += 1,
        }
    }
    let gone = old.identities().filter(|one| pair.after(one).is_none());
    changed.moved.extend(gone.filter_map(|one| pair.gone(one)));
    changed.moved.sort_by(|a, b| b.weight().cmp(&a.weight()).then_with(|| a.label.cmp(&b.label)));
    changed
}

fn organization(
    world: World<'_>,
    account: AccountId,
) -> Option<&trailwarden_account::organization::Organization> {
    world.organization_of(account).map(|(_, organization)| organization)
}

struct Pair<'p> {
    old: &'p Model,
    new: &'p Model,
    old_world: World<'p>,
    new_world: World<'p>,
    causes: &'p Causes,
    since: Timestamp,
    is_same_organization: bool,
    ways: Ways,
}

impl<'p> Pair<'p> {
    /// The same identity at the first instant. While its id was not known, its name tells.
    fn before(&self, identity: &Identity) -> Option<&'p Identity> {
        self.old.identity(&identity.id).or_else(|| {
            let named = self.old.find(identity.kind, &identity.name);
            named.filter(|found| found.id.is_provisional() || identity.id.is_provisional())
        })
    }

    fn after(&self, identity: &Identity) -> Option<&'p Identity> {
        self.new.identity(&identity.id).or_else(|| {
            let named = self.new.find(identity.kind, &identity.name);
            named.filter(|found| found.id.is_provisional() || identity.id.is_provisional())
        })
    }

    fn moved(&self, identity: &Identity) -> Option<Moved> {
        let is_group = identity.kind == Kind::Group;
        let old = self.before(identity);
        if is_group && !self.new.members_of(&identity.id).ids.is_empty() {
            return None;
        }
        let account = self.new.account();
        let way = self.ways.change(account, old, identity, self.new);
        if way.is_none() && old.is_some_and(|old| self.is_same(old, identity)) {
            return None;
        }
        let after = self.new_world.standing(account, &identity.id)?;
        let before = old.and_then(|old| self.old_world.standing(account, &old.id));
        let nothing = trailwarden_policy::reach::Reach::nothing();
        let change = compare(before.as_ref().map_or(&nothing, Standing::reach), after.reach());
        let is_made = identity.created.value().is_some_and(|time| *time > self.since);
        let fate = match (old, is_made) {
            (Some(_), _) => Fate::Stayed,
            (None, true) => Fate::Made,
            (None, false) => Fate::FirstSeen,
        };
        let was_known = match &before {
            Some(before) => before.reach().precision() == Precision::Exact,
            None => is_made,
        };
        let (trust_gained, trust_lost) = credentials::trust(old, identity);
        let old_pair = old.map(|old| (self.old, old));
        Some(Moved {
            label: name_of(identity),
            kind: identity.kind,
            id: identity.id.clone(),
            arn: after.principal.arn.clone(),
            fate,
            before: before.as_ref().map(Graded::of),
            after: Some(Graded::of(&after)),
            change,
            was_known,
            trust_gained,
            trust_lost,
            notes: credentials::notes(old_pair, (self.new, identity), self.since),
            causes: self.causes.behind(Some(self.old), self.new, &identity.id, &passed(&way)),
            way,
        })
    }

    /// Whether nothing changed that decides what it may do, or that is told of it.
    fn is_same(&self, old: &Identity, new: &Identity) -> bool {
        let same_pointer = self
            .old
            .shared_identity(&old.id)
            .zip(self.new.shared_identity(&new.id))
            .is_some_and(|(old, new)| std::sync::Arc::ptr_eq(old, new));
        same_pointer
            && self.is_same_organization
            && self.old.policies_of(&old.id) == self.new.policies_of(&new.id)
            && self.old.boundary_of(&old.id) == self.new.boundary_of(&new.id)
    }

    fn gone(&self, identity: &Identity) -> Option<Moved> {
        let before = self.old_world.standing(self.old.account(), &identity.id)?;
        let nothing = trailwarden_policy::reach::Reach::nothing();
        let tombstone = self.new.tombstone(&identity.id).map(|found| found.deleted.clone());
        Some(Moved {
            label: name_of(identity),
            kind: identity.kind,
            id: identity.id.clone(),
            arn: before.principal.arn.clone(),
            fate: Fate::Deleted,
            before: Some(Graded::of(&before)),
            after: None,
            change: compare(before.reach(), &nothing),
            was_known: true,
            trust_gained: Vec::new(),
            trust_lost: Vec::new(),
            notes: Vec::new(),
            way: None,
            causes: tombstone.into_iter().collect(),
        })
    }
}
