//! Who can still put things right: hard stops that follow from the account, not from one principal.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Id, Identity, Kind, Standing, World};
use trailwarden_policy::reach::Grade;
use trailwarden_policy::trust::{Who, effective_grants};
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::stops::is_aws_managed;
use trailwarden_remedy::{NoPlan, Stop, Subject};

use super::Known;

/// The administrators, and whose access the plan takes away so far.
pub(super) struct Administrators<'a> {
    known: Known<'a>,
    all: OnceCell<Vec<Administrator>>,
    restricted: BTreeSet<Id>,
}

struct Administrator {
    id: Id,
    /// Whether somebody is known to be able to act as it.
    works: bool,
}

impl<'a> Administrators<'a> {
    pub(super) fn new(known: Known<'a>) -> Self {
        Self { known, all: OnceCell::new(), restricted: BTreeSet::new() }
    }

    /// Says in the subject what must not be touched; refuses at once what is about no principal.
    pub(super) fn guard(
        &self,
        subject: &mut Subject,
        touched: &BTreeSet<Id>,
        effect: Effect,
    ) -> Result<(), NoPlan> {
        if effect == Effect::Keeps {
            return Ok(());
        }
        subject.safety.is_last_administrator = self.is_last(touched);
        subject.safety.is_break_glass = self.is_break_glass(touched);
        let stop = match () {
            () if subject.principal.is_some() => return Ok(()),
            // The remedy itself refuses what only AWS changes.
            () if subject.policy.as_ref().is_some_and(is_aws_managed) => return Ok(()),
            () if subject.safety.is_last_administrator && effect == Effect::Restricts => {
                Stop::LastAdministrator
            }
            () if subject.safety.is_break_glass => Stop::BreakGlass,
            () => return Ok(()),
        };
        Err(NoPlan::Stopped(stop))
    }

    /// Counts these as no longer able to put things right.
    pub(super) fn restrict(&mut self, touched: BTreeSet<Id>) {
        self.restricted.extend(touched);
    }

    fn is_last(&self, touched: &BTreeSet<Id>) -> bool {
        let all = self.all.get_or_init(|| administrators(self.known));
        let is_left = |one: &&Administrator| {
            one.works && !touched.contains(&one.id) && !self.restricted.contains(&one.id)
        };
        all.iter().any(|one| touched.contains(&one.id)) && !all.iter().any(|one| is_left(&one))
    }

    fn is_break_glass(&self, touched: &BTreeSet<Id>) -> bool {
        let Ok(model) = self.known.model() else { return false };
        touched.iter().filter_map(|id| model.identity(id)).any(|identity| {
            let arn = identity.arn(model.partition(), model.account());
            let is_named = |named: &str| {
                identity.name.eq_ignore_ascii_case(named) || arn.as_deref() == Some(named)
            };
            self.known.break_glass.iter().any(|named| is_named(named))
        })
    }
}

/// Who has full control without any condition. One who may have it by what nobody has seen does not count.
fn administrators(known: Known<'_>) -> Vec<Administrator> {
    let world = World::of(known.models);
    let Ok(model) = known.model() else { return Vec::new() };
    let is_one = |standing: Standing| standing.grading().unconditional == Grade::Admin;
    let principals = model
        .identities()
        .filter(|one| matches!(one.kind, Kind::User | Kind::Role) && !one.is_service_linked());
    principals
        .filter(|one| world.standing(model.account(), &one.id).is_some_and(is_one))
        .map(|one| Administrator { id: one.id.clone(), works: works(one) })
        .collect()
}

/// Whether somebody is known to be able to act as it: a user with a password or an active key, a role that
/// more than services may enter.
pub(crate) fn works(identity: &Identity) -> bool {
    if identity.kind == Kind::Role {
        let document = identity.trust.value().and_then(|text| text.document().ok());
        let grants = document.map(effective_grants).unwrap_or_default();
        return grants.iter().any(|grant| !matches!(grant.who, Who::Service(_) | Who::UniqueId(_)));
    }
    let has_password = matches!(identity.login.value(), Some(Some(_)));
    let mut keys = identity.keys.iter().map(|(_, status)| status.value());
    let reported = identity.reported.value();
    has_password
        || keys.any(|status| status == Some(&KeyStatus::Active))
        || reported.is_some_and(|row| {
            row.password_enabled == Some(true) || row.keys_active.contains(&true)
        })
}
