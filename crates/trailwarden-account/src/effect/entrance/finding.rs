//! The principals behind the grants of a trust policy.

use std::sync::Arc;

use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::evaluate::Compiled;
use trailwarden_policy::reach::Grade;
use trailwarden_policy::trust::{Gained, Grant, Who, effective_grants};
use trailwarden_policy::{Document, Effect, PolicyKind};

use super::news::{Asking, News, differs_by_who};
use super::shut::no_leave_of_its_own;
use super::words::leave_to_come;
use super::{Entrance, Entrant, grade_of};
use crate::access::{Standing, World};
use crate::digest::Mask;
use crate::effect::Judging;
use crate::effect::holders::holders;
use crate::effect::naming::arn_of;
use crate::effect::people::is_admin;
use crate::graph::of_session;
use crate::identity::{Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::text::PolicyText;
use crate::trust::{asks_absence, is_entry, unseen};

pub(super) struct Finding<'a> {
    judging: &'a Judging<'a>,
    model: &'a Model,
    role: &'a Identity,
    role_arn: Arc<str>,
    old: Option<Compiled>,
    new: Compiled,
    grants_now: Vec<Grant>,
    /// Condition keys that either asks to be absent.
    unwanted: Vec<String>,
    /// How far the role goes; none when that is not known.
    pub(super) grade: Option<Grade>,
}

/// Somebody whom a grant lets in.
struct Found {
    who: Entrant,
    has_already: bool,
    news: News,
}

impl Found {
    fn outside(who: Entrant, doubt: Option<String>) -> Self {
        Self { who, has_already: false, news: News::of_stranger(doubt) }
    }
}

impl<'a> Finding<'a> {
    /// Without an old policy, what was before is not known.
    pub(super) fn new(
        judging: &'a Judging<'a>,
        model: &'a Model,
        role: &'a Identity,
        old: Option<&Document>,
        new: &Document,
    ) -> Self {
        let compiled = |document| Compiled::new("trust policy", document, PolicyKind::Trust);
        Self {
            judging,
            model,
            role,
            role_arn: arn_of(model, role).into(),
            old: old.map(compiled),
            new: compiled(new),
            grants_now: effective_grants(new),
            unwanted: old.into_iter().chain([new]).flat_map(unwanted).collect(),
            grade: grade_of(judging.after, model.account(), &role.id),
        }
    }

    /// Who enters by grants that are new, or that are gone.
    pub(super) fn entrances(&self, grants: &[Gained], is_new: bool) -> Vec<Entrance> {
        let mut found: Vec<Entrance> = Vec::new();
        let mut entries: Vec<&Gained> =
            grants.iter().filter(|gained| is_entry(&gained.grant)).collect();
        // Of a role and a session of it, the role says more.
        entries.sort_by_key(|gained| is_session(&gained.grant));
        for Gained { grant, instead_of } in entries {
            for Found { who, has_already, mut news } in self.behind(grant, is_new) {
                if found.iter().any(|other| other.who == who && covers(&other.grant, grant, &who)) {
                    continue;
                }
                let is_known = self.old.is_some() && self.grade.is_some() && !news.is_unseen;
                if news.is_unseen && !is_new {
                    // Whether he could before is of less weight than whether he can still.
                    news.doubts = vec![no_leave_of_its_own(&who)];
                }
                let is_of_it =
                    |one: &&Grant| news.is_in_part || !is_session(grant) && is_session(one);
                let instead_of: Vec<Grant> = instead_of.iter().filter(is_of_it).cloned().collect();
                let is_perhaps_old =
                    news.is_perhaps_old.unwrap_or_else(|| differs_by_who(grant, &instead_of));
                found.push(Entrance {
                    account: self.model.account(),
                    role: self.role.id.clone(),
                    label: name_of(self.role),
                    role_arn: self.role_arn.to_string(),
                    grade: self.grade,
                    is_certain: is_known
                        && news.doubts.is_empty()
                        && !is_perhaps_old
                        && (grant.conditions.is_empty() || who.id().is_some()),
                    who,
                    grant: grant.clone(),
                    instead_of,
                    doubts: news.doubts,
                    has_already,
                    is_perhaps_old,
                    is_actor: false,
                });
            }
        }
        found
    }

    fn behind(&self, grant: &Grant, is_new: bool) -> Vec<Found> {
        let world = if is_new { self.judging.after } else { self.judging.before };
        match &grant.who {
            Who::Account(account) => self.of_account(*account, grant, world, is_new),
            Who::Principal { account: Some(account), arn } => {
                let known = world.model(*account).and_then(|m| Some((m, m.find_arn(arn)?)));
                match known {
                    Some((model, identity)) => {
                        let found = self.named((model, identity), arn, world, is_new);
                        found.into_iter().collect()
                    }
                    None => self.as_written(grant, world),
                }
            }
            Who::UniqueId(id) => {
                let known = self.model.identity(&crate::Id::unique(id));
                let found = known.and_then(|one| self.named((self.model, one), "", world, is_new));
                found.into_iter().collect()
            }
            _ => self.as_written(grant, world),
        }
    }

    fn as_written(&self, grant: &Grant, world: World<'_>) -> Vec<Found> {
        let home = self.model.account();
        let doubt = unseen(&grant.who, home, |account| world.model(account));
        let is_unseen = grant.who.account() == Some(home) && self.leaves_it_to_the_account();
        let who = Entrant::as_written(&grant.who);
        let found = who.map(|who| Found::outside(who, doubt));
        let with_unseen = |one: Found| Found { news: News { is_unseen, ..one.news }, ..one };
        found.map(with_unseen).into_iter().collect()
    }

    /// Whether the new policy leaves it to policies of the account whom it lets in.
    fn leaves_it_to_the_account(&self) -> bool {
        let is_home = |grant: &Grant| grant.who == Who::Account(self.model.account());
        self.grants_now.iter().any(is_home)
    }

    /// A principal that the policy names by that ARN, if that lets him in and did not before. A session
    /// goes by its role: whoever begins one names it.
    fn named(
        &self,
        (model, identity): (&Model, &Identity),
        arn: &str,
        world: World<'_>,
        is_new: bool,
    ) -> Option<Found> {
        let who = principal(model, identity);
        let Some(standing) = world.standing(model.account(), &identity.id) else {
            return Some(Found { who, has_already: false, news: News::default() });
        };
        let session = Arn::parse(arn).filter(|arn| arn.session_role().is_some());
        let news = match self.news(&standing, session.as_ref().map(|arn| arn.text), is_new) {
            Some(news) => news?,
            // His account may give him leave at any time.
            None if model.account() != self.model.account() => {
                News::of_stranger(Some(leave_to_come(model.account())))
            }
            None => return None,
        };
        let name = session.as_ref().map(of_session);
        Some(Found { who, has_already: self.has_already(&standing), news: news.provided(name) })
    }

    /// Those of a modelled account who may use what the trust policy leaves to their account.
    fn of_account(
        &self,
        account: AccountId,
        grant: &Grant,
        world: World<'_>,
        is_new: bool,
    ) -> Vec<Found> {
        let Some(model) = world.model(account) else { return self.as_written(grant, world) };
        let mut found = Vec::new();
        let assume = Mask::of(&["sts:AssumeRole"]);
        let may_assume = |policy: &PolicyText| {
            policy.digest().is_some_and(|digest| digest.may_allow(assume, &self.role_arn))
        };
        for id in holders(model, |all| &all.assume, |policy, _| may_assume(policy)) {
            let Some(identity) = model.identity(&id) else { continue };
            if id == self.role.id || identity.is_service_linked() {
                continue;
            }
            let Some(standing) = world.standing(account, &id) else { continue };
            if let Some(Some(news)) = self.news(&standing, None, is_new) {
                let has_already = self.has_already(&standing);
                found.push(Found { who: principal(model, identity), has_already, news });
            }
        }
        // Whom that account lets go there is its own affair, from now on too.
        if found.is_empty() && account != self.model.account() {
            return vec![Found::outside(Entrant::Account(account), Some(leave_to_come(account)))];
        }
        found
    }

    /// What sets the policies apart for somebody, or a session of his: nothing inside when he may enter
    /// by both, none when he may not by the one at all.
    #[expect(clippy::option_option, reason = "not at all, not newly, and what is new")]
    fn news(
        &self,
        standing: &Standing,
        session: Option<&str>,
        is_new: bool,
    ) -> Option<Option<News>> {
        let (trust, other) = match is_new {
            true => (Some(&self.new), self.old.as_ref()),
            false => (self.old.as_ref(), Some(&self.new)),
        };
        let arn = standing.principal.likely_arn();
        let asking = Asking {
            standing,
            caller: session.unwrap_or(&arn),
            role_arn: &self.role_arn,
            role_label: &name_of(self.role),
            unwanted: &self.unwanted,
        };
        asking.news(trust?, other)
    }

    /// Whether whoever enters is administrator where the role is.
    fn has_already(&self, standing: &Standing) -> bool {
        standing.principal.account == self.model.account() && is_admin(standing)
    }
}

/// Whether a grant is for one session of a role.
fn is_session(grant: &Grant) -> bool {
    let Who::Principal { arn, .. } = &grant.who else { return false };
    Arn::parse(arn).is_some_and(|arn| arn.session_role().is_some())
}

/// Whether what was found of somebody by one grant says all that another one says of him.
fn covers(told: &Grant, grant: &Grant, who: &Entrant) -> bool {
    match who.id() {
        None => told.conditions == grant.conditions,
        // Each session was asked for itself.
        Some(_) if is_session(told) => told.who == grant.who,
        // Of a principal all grants together were asked.
        Some(_) => true,
    }
}

/// The condition keys that whoever is let in must not give.
fn unwanted(trust: &Document) -> Vec<String> {
    let allows = trust.statements.iter().filter(|one| one.effect == Effect::Allow);
    let conditions = allows.flat_map(|one| &one.conditions);
    conditions.filter(|one| asks_absence(one)).map(|one| one.key.clone()).collect()
}

/// Whether all policies of everybody in the account but the role itself are known by name.
pub(super) fn knows_all_grants(model: &Model, role: &Identity) -> bool {
    let listed = model.listed();
    let is_whole = |one: &Identity| {
        one.attached.is_complete() && one.inline.is_complete() && one.groups.is_complete()
    };
    let mut others = model.identities().filter(|one| one.kind != Kind::Root && one.id != role.id);
    [&listed.users, &listed.groups, &listed.roles].iter().all(|list| list.is_known())
        && others.all(|one| one.is_service_linked() || is_whole(one))
}

fn principal(model: &Model, identity: &Identity) -> Entrant {
    Entrant::Principal {
        account: model.account(),
        id: identity.id.clone(),
        label: name_of(identity),
        arn: arn_of(model, identity),
    }
}
