//! Who made a change, as a principal of some model.

use std::sync::Arc;

use trailwarden_model::AccountId;
use trailwarden_record::Event;
use trailwarden_record::caller::CallerKind;

use super::naming::arn_of;
use crate::access::{Standing, World};
use crate::identity::{Id, Identity, Kind};

/// The principal behind a call. A session is its role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// Its account.
    pub account: AccountId,
    /// User, role or root.
    pub kind: Kind,
    /// Its unique id, if the record gives it.
    pub id: Option<Id>,
    /// Its name.
    pub name: Arc<str>,
    /// The key that signed the call.
    pub key: Option<Arc<str>>,
}

impl Actor {
    /// Of an event; none for services, federated people and whoever cannot be told.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let caller = &event.caller;
        let account = caller.account?;
        let (kind, prefix) = match caller.kind {
            CallerKind::Root => (Kind::Root, ""),
            CallerKind::User => (Kind::User, "AIDA"),
            CallerKind::Role => (Kind::Role, "AROA"),
            _ => return None,
        };
        let id = caller.principal_id.split(':').next().unwrap_or_default();
        let id = match kind {
            Kind::Root => Some(Id::root()),
            _ => id.starts_with(prefix).then(|| Id::unique(id)),
        };
        let key = (!caller.access_key.is_empty()).then(|| caller.access_key.as_str().into());
        Some(Self { account, kind, id, name: caller.name().into(), key })
    }

    /// The identity in the model of its account.
    #[must_use]
    pub fn identity<'a>(&self, world: World<'a>) -> Option<&'a Identity> {
        let model = world.model(self.account)?;
        let by_id = self.id.as_ref().and_then(|id| model.identity(id));
        by_id.or_else(|| model.find(self.kind, &self.name))
    }

    /// Its ARN, as far as its path is known.
    #[must_use]
    pub(super) fn arn(&self, world: World<'_>) -> String {
        let found = world.model(self.account).zip(self.identity(world));
        let known = found.map(|(model, identity)| arn_of(model, identity));
        known.unwrap_or_else(|| format!("{}/{}", self.kind.as_str(), self.name))
    }

    /// All layers that decide for it.
    #[must_use]
    pub fn standing(&self, world: World<'_>) -> Option<Standing> {
        world.standing(self.account, &self.identity(world)?.id)
    }
}
