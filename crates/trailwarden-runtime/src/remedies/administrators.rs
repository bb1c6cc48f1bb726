//! Who can still put things right: hard stops that follow from the account, not from one principal.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use trailwarden_account::identity::KeyStatus;
use trailwarden_account::query::name_of;
use trailwarden_account::{Id, Identity, Kind, Standing, World};
use trailwarden_policy::reach::Grade;
use trailwarden_policy::trust::{Who, effective_grants};
use trailwarden_remedy::remedy::Effect;
use trailwarden_remedy::stops::is_aws_managed;
use trailwarden_remedy::{NoPlan, Stop, Subject};

use super::Known;
use super::holders::listed;

/// The administrators, and whose access the plan takes away so far.
pub(super) struct Administrators<'a> {
    known: Known<'a>,
    all: OnceCell<Vec<Administrator>>,
    restricted: BTreeSet<Id>,
}

struct Administrator {
    id: Id,
    /// With its kind.
    name: String,
    works: Works,
}

/// Whether somebody can act as it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Works {
    Yes,
    No,
    /// Nobody said.
    Unknown,
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
                return Err(self.none_left(touched));
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

    fn all(&self) -> &[Administrator] {
        self.all.get_or_init(|| administrators(self.known))
    }

    /// Those whom neither the plan so far nor this touches.
    fn left<'b>(&'b self, touched: &'b BTreeSet<Id>) -> impl Iterator<Item = &'b Administrator> {
        let is_touched = |id: &Id| touched.contains(id) || self.restricted.contains(id);
        self.all().iter().filter(move |one| !is_touched(&one.id))
    }

    fn is_last(&self, touched: &BTreeSet<Id>) -> bool {
        let is_one = self.all().iter().any(|one| touched.contains(&one.id));
        is_one && !self.left(touched).any(|one| one.works == Works::Yes)
    }

    /// Why there is no plan that touches these, after whom none is left who is known to work.
    pub(super) fn none_left(&self, touched: &BTreeSet<Id>) -> NoPlan {
        let perhaps = self.left(touched).filter(|one| one.works == Works::Unknown);
        none_left(perhaps.map(|one| one.name.clone()).collect())
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
        .map(|one| Administrator {
            id: one.id.clone(),
            name: name_of(one),
            works: works(known, one),
        })
        .collect()
}

/// Why there is no plan when no administrator is left who is known to work, but perhaps these.
pub(crate) fn none_left(perhaps: Vec<String>) -> NoPlan {
    if perhaps.is_empty() {
        return NoPlan::Stopped(Stop::LastAdministrator);
    }
    let is_role = |name: &&String| name.starts_with("role/");
    let ask = match (
        perhaps.iter().any(|name| is_role(&name)),
        perhaps.iter().all(|name| is_role(&name)),
    ) {
        (_, true) => ASK_TRUST,
        (true, false) => ASK_BOTH,
        (false, false) => ASK_CREDENTIALS,
    };
    let what =
        format!("whether anybody can sign in as another administrator ({})", listed(perhaps));
    NoPlan::Unknown { what, ask }
}

const ASK_TRUST: &str = "give a baseline that holds the trust policies of these roles (`trailwarden baseline --output FILE`, or `aws iam get-account-authorization-details > details.json`, and `--baseline FILE`)";

const ASK_BOTH: &str = "give a baseline with the credential report, and with the trust policies of these roles (`trailwarden baseline --output FILE` has both; or `aws iam get-account-authorization-details > details.json`, `aws iam generate-credential-report`, then `aws iam get-credential-report > report.json`, and `--baseline details.json report.json`)";

const ASK_CREDENTIALS: &str = "give the credential report with the baseline (`aws iam generate-credential-report`, then `aws iam get-credential-report > report.json`, and `--baseline FILE report.json`)";

/// Whether somebody can act as it: a user with a password or an active key, a role that more than services
/// may enter.
pub(crate) fn works(known: Known<'_>, identity: &Identity) -> Works {
    if identity.kind == Kind::Role {
        return role_works(identity);
    }
    let keys: Vec<_> = identity.keys.iter().map(|(_, status)| status.value()).collect();
    let reported = identity.reported.value();
    let is_on = matches!(identity.login.value(), Some(Some(_)))
        || keys.contains(&Some(&KeyStatus::Active))
        || reported.is_some_and(|row| {
            row.password_enabled == Some(true) || row.keys_active.contains(&true)
        });
    let given = known.history.and_then(|history| history.given_to(known.account(), &identity.name));
    if is_on || given.is_some_and(|means| means.are_left(identity)) {
        return Works::Yes;
    }
    let is_password_known =
        identity.login.is_known() || reported.is_some_and(|row| row.password_enabled.is_some());
    let are_keys_known = identity.keys.is_complete() && !keys.contains(&None)
        || reported.is_some_and(|row| !row.keys_active.is_empty());
    if is_password_known && are_keys_known { Works::No } else { Works::Unknown }
}

fn role_works(role: &Identity) -> Works {
    let Some(document) = role.trust.value().and_then(|text| text.document().ok()) else {
        return Works::Unknown;
    };
    let by_services_only = effective_grants(document)
        .iter()
        .all(|grant| matches!(grant.who, Who::Service(_) | Who::UniqueId(_)));
    if by_services_only { Works::No } else { Works::Yes }
}
