//! Who can still put things right: hard stops that follow from the account, not from one principal.
//!
//! # Invariants
//! - A role counts only where somebody who can act comes into it, be it by way of other roles; roles that only
//!   enter each other let nobody in.
//! - Where not all of the account was seen, nobody is called the last one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use trailwarden_account::effect::{Comers, Comes};
use trailwarden_account::fact::Why;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::query::name_of;
use trailwarden_account::{Id, Identity, Kind, Model, Standing, World};
use trailwarden_policy::reach::Grade;
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
        none_left(perhaps.map(|one| one.name.clone()).collect(), self.known.model().ok())
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
    let mut workers = Workers::new(known, world, model);
    principals
        .filter(|one| world.standing(model.account(), &one.id).is_some_and(is_one))
        .map(|one| Administrator {
            id: one.id.clone(),
            name: name_of(one),
            works: workers.works(one),
        })
        .collect()
}

/// Why there is no plan when no administrator is left who is known to work, but perhaps these.
///
/// `model` is the account, which may hold others whom nobody has seen.
pub(crate) fn none_left(perhaps: Vec<String>, model: Option<&Model>) -> NoPlan {
    let is_listed = model.is_some_and(|model| {
        let listed = model.listed();
        listed.users.is_known() && listed.roles.is_known()
    });
    match (perhaps.is_empty(), is_listed) {
        (true, true) => return NoPlan::Stopped(Stop::LastAdministrator),
        (true, false) => {
            let what = "who else is an administrator of the account".to_owned();
            return NoPlan::Unknown { what, ask: ASK_ALL };
        }
        (false, _) => {}
    }
    // Who enters a role hangs on the credentials of users, too.
    let has_role = perhaps.iter().any(|name| name.starts_with("role/"));
    let ask = if has_role { ASK_BOTH } else { ASK_CREDENTIALS };
    let what =
        format!("whether anybody can sign in as another administrator ({})", listed(perhaps));
    NoPlan::Unknown { what, ask }
}

const ASK_ALL: &str = "give a baseline made just now, with the credential report (`trailwarden baseline --output FILE` has both; or `aws iam get-account-authorization-details > details.json`, `aws iam generate-credential-report`, then `aws iam get-credential-report > report.json`, and `--baseline details.json report.json`)";

const ASK_BOTH: &str = "give a baseline with the credential report, the trust policies of these roles and the identity providers (`trailwarden baseline --output FILE` has all; without the providers `aws iam get-account-authorization-details > details.json`, `aws iam generate-credential-report`, then `aws iam get-credential-report > report.json`, and `--baseline details.json report.json`)";

const ASK_CREDENTIALS: &str = "give the credential report with the baseline (`aws iam generate-credential-report`, then `aws iam get-credential-report > report.json`, and `--baseline FILE report.json`)";

/// Who of an account can act, at one instant. Many roles enter each other, so who enters a role is looked for
/// once.
pub(crate) struct Workers<'a> {
    known: Known<'a>,
    world: World<'a>,
    model: &'a Model,
    doors: BTreeMap<Id, Door>,
    /// Of which it is found out that nobody acts as it for certain.
    in_doubt: BTreeSet<Id>,
}

/// Who enters a role.
struct Door {
    /// Whether somebody who is no principal of the account does.
    others: Works,
    own: Vec<(Id, Comes)>,
}

impl<'a> Workers<'a> {
    pub(crate) fn new(known: Known<'a>, world: World<'a>, model: &'a Model) -> Self {
        Self { known, world, model, doors: BTreeMap::new(), in_doubt: BTreeSet::new() }
    }

    /// Whether somebody can act as it: a user with a password or an active key, a role that such a one or
    /// somebody from outside comes into.
    pub(crate) fn works(&mut self, identity: &Identity) -> Works {
        match identity.kind {
            Kind::Role => self.role_works(identity),
            _ => user_works(self.known, identity),
        }
    }

    /// Goes back from whoever enters the role to those who enter him, ways that are certain first.
    fn role_works(&mut self, role: &Identity) -> Works {
        let is_in_doubt = self.in_doubt.contains(&role.id);
        let (mut certain, mut doubtful) = (vec![role.id.clone()], Vec::new());
        let (mut seen, mut reached, mut best) = (BTreeSet::new(), Vec::new(), Works::No);
        while let Some((id, is_certain)) = next(&mut certain, &mut doubtful) {
            if best == Works::Unknown && (is_in_doubt || !is_certain) {
                break;
            }
            let Some(one) = self.model.identity(&id).filter(|_| seen.insert(id)) else { continue };
            if is_certain {
                reached.push(one.id.clone());
            }
            let works = if one.kind == Kind::Role {
                let door = self.door(one);
                for (id, comes) in &door.own {
                    let is_certain = is_certain && *comes == Comes::Yes;
                    if is_certain { &mut certain } else { &mut doubtful }.push(id.clone());
                }
                door.others
            } else {
                user_works(self.known, one)
            };
            match works {
                Works::Yes if is_certain => return Works::Yes,
                Works::Yes | Works::Unknown => best = Works::Unknown,
                Works::No => {}
            }
        }
        // Whoever acted as one of these for certain would act as the role, too.
        self.in_doubt.extend(reached);
        best
    }

    fn door(&mut self, role: &Identity) -> &Door {
        let (world, model) = (self.world, self.model);
        self.doors.entry(role.id.clone()).or_insert_with(|| {
            let Some(comers) = Comers::of(world, model, role) else {
                return Door { others: Works::Unknown, own: Vec::new() };
            };
            let (others, own) = match comers.others() {
                Comes::Yes => (Works::Yes, Vec::new()),
                Comes::Perhaps => (Works::Unknown, comers.own().into_iter().collect()),
                Comes::No => (Works::No, comers.own().into_iter().collect()),
            };
            Door { others, own }
        })
    }
}

fn user_works(known: Known<'_>, identity: &Identity) -> Works {
    let password = match identity.login.value() {
        Some(Some(_)) => Works::Yes,
        Some(None) => Works::No,
        None => Works::Unknown,
    };
    let given = known
        .history
        .map_or(Works::No, |it| it.given(known.account(), identity, known.snapshot.taken));
    match (password, a_key_works(identity), given) {
        (Works::Yes, _, _) | (_, Works::Yes, _) | (_, _, Works::Yes) => Works::Yes,
        (Works::No, Works::No, Works::No) => Works::No,
        _ => Works::Unknown,
    }
}

/// Whether one of a user's keys is active: by what names them, else by how many the credential report counts less
/// those that were switched off or deleted since.
fn a_key_works(user: &Identity) -> Works {
    let keys = &user.keys;
    let is = |status: KeyStatus| move |fact: &Option<&KeyStatus>| *fact == Some(&status);
    let all = || keys.iter().map(|(_, fact)| fact.value());
    if all().any(|fact| is(KeyStatus::Active)(&fact)) {
        return Works::Yes;
    }
    let are_known = all().all(|fact| fact.is_some());
    if keys.is_complete() {
        return if are_known { Works::No } else { Works::Unknown };
    }
    // Of what happened since and no record tells in full the report says nothing.
    let counts = keys.completeness().why() == Some(&Why::NeverSeen);
    let Some(row) = user.reported.value().filter(|_| counts) else { return Works::Unknown };
    let active = row.keys_active.iter().filter(|is_active| **is_active).count();
    let off = all().filter(is(KeyStatus::Inactive)).count() + keys.absences();
    match active {
        0 if are_known => Works::No,
        _ if active > off => Works::Yes,
        _ => Works::Unknown,
    }
}

fn next(certain: &mut Vec<Id>, doubtful: &mut Vec<Id>) -> Option<(Id, bool)> {
    certain.pop().map(|id| (id, true)).or_else(|| doubtful.pop().map(|id| (id, false)))
}
