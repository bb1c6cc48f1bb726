//! One account at one instant.
//!
//! A model is a value: cloning it costs a few counters, and two models share all that is the same.
//! So each change carries the model before and after, and the model at any time is kept as a
//! checkpoint. Maps are persistent and entries are shared; nothing is changed in place that another
//! model can see.

pub(crate) mod identities;
mod lookup;

use std::sync::Arc;

use rpds::RedBlackTreeMapSync as Map;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::row::{Order, Place};

use crate::change::{Change, Touched};
use crate::directory::IdentityCenter;
use crate::entry::Entry;
use crate::fact::{Fact, Proof};
use crate::fold::Fold;
use crate::gap::Gap;
use crate::identity::{Id, Identity, Kind};
use crate::managed::{InstanceProfile, ManagedPolicy, MfaDevice, Provider};
use crate::organization::Organization;
use crate::settings::Settings;
use identities::Identities;

/// How many tombstones are kept; [`Model::is_truncated`] says when there were more.
pub const TOMBSTONES_MAX: usize = 100_000;
/// How many gaps are kept; [`Model::is_truncated`] says when there were more.
pub const GAPS_MAX: usize = 1_000;

/// One account at one instant. See the crate's page for what it promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Model {
    pub(crate) account: AccountId,
    pub(crate) partition: Arc<str>,
    pub(crate) identities: Identities,
    /// By kind and lower-case name: names are unique without regard to case (IAM API Reference,
    /// `CreateUser`).
    pub(crate) names: Map<(Kind, Arc<str>), Id>,
    pub(crate) policies: Map<Id, Arc<ManagedPolicy>>,
    /// By lower-case ARN.
    pub(crate) policy_ids: Map<Arc<str>, Id>,
    /// By lower-case name.
    pub(crate) profiles: Map<Arc<str>, Arc<InstanceProfile>>,
    pub(crate) providers: Map<Arc<str>, Arc<Provider>>,
    pub(crate) devices: Map<Arc<str>, Arc<MfaDevice>>,
    /// Whose key it is or was.
    pub(crate) key_owners: Map<Arc<str>, Id>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) organization: Arc<Organization>,
    pub(crate) identity_center: Arc<IdentityCenter>,
    pub(crate) listed: Arc<Listed>,
    pub(crate) tombstones: Map<Id, Arc<Tombstone>>,
    pub(crate) gaps: Arc<Vec<Gap>>,
    /// What was put there in the second of `last` and may have been there before.
    pub(crate) just_made: Map<Arc<str>, ()>,
    pub(crate) last: Option<Order>,
    pub(crate) baseline: Option<Timestamp>,
    pub(crate) is_truncated: bool,
}

/// Whether all of a kind are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listed {
    /// Users.
    pub users: Fact<()>,
    /// Groups.
    pub groups: Fact<()>,
    /// Roles.
    pub roles: Fact<()>,
    /// Customer managed policies.
    pub policies: Fact<()>,
}

/// What is left of an identity or policy that was deleted, so that its id still means something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tombstone {
    /// Its id.
    pub id: Id,
    /// Such as `user/bob`, or a policy's ARN.
    pub subject: Arc<str>,
    /// Its ARN when it was deleted, if known.
    pub arn: Option<String>,
    /// The record of the deletion, or the one that shows that it must have happened.
    pub deleted: Proof,
}

impl Model {
    /// An account of which nothing is known but that it has a root user.
    #[must_use]
    pub fn new(account: AccountId) -> Self {
        let root = Identity::seen(Kind::Root, Id::root(), "root");
        let mut model = Self {
            account,
            partition: "aws".into(),
            identities: Identities::default(),
            names: Map::default(),
            policies: Map::default(),
            policy_ids: Map::default(),
            profiles: Map::default(),
            providers: Map::default(),
            devices: Map::default(),
            key_owners: Map::default(),
            settings: Arc::default(),
            organization: Arc::default(),
            identity_center: Arc::default(),
            listed: Arc::default(),
            tombstones: Map::default(),
            gaps: Arc::default(),
            just_made: Map::default(),
            last: None,
            baseline: None,
            is_truncated: false,
        };
        model.insert_identity(root);
        model
    }

    /// Takes in an event that comes after all others, and says what it changed.
    ///
    /// None when it changes nothing: it failed, was denied or is about something else, was taken in
    /// already, or was over when the baseline was taken. Late events are a [`crate::Timeline`]'s
    /// business; here they are left out like repeats.
    pub fn apply(&mut self, event: &Event, order: Order, place: Place) -> Option<Change> {
        let entry = Entry::of(event, order, place)?;
        self.apply_entry(&entry)
    }

    /// [`Model::apply`] of an entry that was kept.
    pub fn apply_entry(&mut self, entry: &Entry) -> Option<Change> {
        let before = self.clone();
        let mut informed = None;
        let touched = self.fold_with(entry, |model| informed = Some(model.clone()));
        (!touched.is_empty()).then(|| Change {
            proof: entry.proof.clone(),
            touched,
            informed: informed.unwrap_or_else(|| before.clone()),
            before,
            after: self.clone(),
        })
    }

    /// Takes in an entry without keeping the model before.
    pub fn fold(&mut self, entry: &Entry) -> Vec<Touched> {
        self.fold_with(entry, |_| {})
    }

    /// [`Model::fold`]; `on_sight` sees the model when the caller is taken in, before the call.
    fn fold_with(&mut self, entry: &Entry, on_sight: impl FnOnce(&Self)) -> Vec<Touched> {
        let is_over = self.baseline.is_some_and(|taken| entry.order.time <= taken);
        if entry.account != self.account || is_over || self.last >= Some(entry.order) {
            return Vec::new();
        }
        if self.last.is_none_or(|last| last.time < entry.order.time) {
            self.just_made = Map::default();
        }
        if self.partition != entry.partition {
            self.partition = entry.partition.clone();
        }
        self.last = Some(entry.order);
        Fold::new(self, entry).run(on_sight)
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The ARN partition.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The last event taken in.
    #[must_use]
    pub fn last(&self) -> Option<Order> {
        self.last
    }

    /// When it was so: the time of the last event taken in, or of the baseline.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.last.map(|last| last.time).max(self.baseline)
    }

    /// When the baseline was taken from which it began.
    #[must_use]
    pub fn baseline_time(&self) -> Option<Timestamp> {
        self.baseline
    }

    /// What must have happened unseen.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Whether a limit was hit and something forgotten.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Whether all of a kind are known.
    #[must_use]
    pub fn listed(&self) -> &Listed {
        &self.listed
    }

    pub(crate) fn insert_identity(&mut self, identity: Identity) {
        let name = (identity.kind, lower(&identity.name));
        // Somebody who acts or is made lives, whatever an earlier record made us think.
        self.tombstones.remove_mut(&identity.id);
        self.names.insert_mut(name, identity.id.clone());
        for key in identity.keys.keys() {
            self.key_owners.insert_mut(key.clone(), identity.id.clone());
        }
        self.identities.insert(identity);
    }

    pub(crate) fn insert_policy(&mut self, policy: ManagedPolicy) {
        self.tombstones.remove_mut(&policy.id);
        self.policy_ids.insert_mut(lower(&policy.arn), policy.id.clone());
        self.policies.insert_mut(policy.id.clone(), Arc::new(policy));
    }
}

pub(crate) fn lower(name: &str) -> Arc<str> {
    name.to_ascii_lowercase().into()
}
