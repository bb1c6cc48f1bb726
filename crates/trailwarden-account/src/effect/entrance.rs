//! Who may newly enter a role, or no longer.
//!
//! A trust policy that names a principal of the role's own account lets it in by itself; one that
//! names an account leaves it to that account's policies who may (IAM User Guide, "Policy evaluation
//! logic for requests within a single account" and "Cross-account policy evaluation logic"). So for
//! an account that is modelled, the principals are proven one by one.

use trailwarden_model::{AccountId, Arn, Severity};
use trailwarden_policy::evaluate::{Caller, Compiled, Outcome, Request};
use trailwarden_policy::reach::{Grade, Precision};
use trailwarden_policy::trust::{self, Who, is_conditioned};
use trailwarden_policy::{Document, PolicyKind, has_deny};

use super::people::{grading, is_admin};
use super::severity::of_gain;
use super::{Effect, Judging, Width};
use crate::access::{Standing, World};
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::text::PolicyText;

/// A way into a role.
#[derive(Clone, PartialEq, Debug)]
pub struct Entrance {
    /// The role's account.
    pub account: AccountId,
    /// The role's id.
    pub role: Id,
    /// Such as `role/app`.
    pub label: String,
    /// Who may enter.
    pub who: Entrant,
    /// How far the role goes; none when that is not known.
    pub grade: Option<Grade>,
    /// Whether the trust policy limits it by conditions that count.
    pub is_conditioned: bool,
    /// Whether whoever enters could do all that before.
    pub has_already: bool,
    /// Whether it is the principal that made the change.
    pub is_actor: bool,
    /// Whether all that is said of it is certain.
    pub is_certain: bool,
}

/// Who may enter a role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Entrant {
    /// A user or role of a modelled account.
    Principal {
        /// Its account.
        account: AccountId,
        /// Its id.
        id: Id,
        /// Such as `user/bob`.
        label: String,
    },
    /// A principal that no model shows, as the policy writes it.
    Named(Option<AccountId>, String),
    /// An account of which nothing is modelled, or of which nobody could be proven to use it.
    Account(AccountId),
    /// A service, and so whoever may pass it the role.
    Service(String),
    /// People of an identity provider.
    Federated(String),
    /// Everybody.
    Anyone,
}

impl Entrant {
    /// Its account.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Principal { account, .. } | Self::Account(account) => Some(*account),
            Self::Named(account, _) => *account,
            Self::Service(_) | Self::Federated(_) | Self::Anyone => None,
        }
    }

    /// Its id, where a model shows it.
    #[must_use]
    pub fn id(&self) -> Option<&Id> {
        match self {
            Self::Principal { id, .. } => Some(id),
            _ => None,
        }
    }

    /// What names it within its account.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Principal { id, .. } => id.as_str(),
            Self::Named(_, text) | Self::Service(text) | Self::Federated(text) => text,
            Self::Account(_) => "account",
            Self::Anyone => "*",
        }
    }
}

impl Entrance {
    /// Whether somebody may do more by it.
    #[must_use]
    pub fn is_gain(&self) -> bool {
        !self.has_already && !matches!(self.who, Entrant::Service(_))
    }

    /// The severity; none for services, where passing the role is what counts.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        let grade = self.grade.filter(|_| self.is_gain())?;
        of_gain(grade, self.is_actor, Width::Wide)
    }
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let change = judging.change;
    let mut roles: Vec<&Id> = Vec::new();
    for touched in &change.touched {
        if let (Subject::Identity(Kind::Role, id), Field::Trust) = (&touched.subject, touched.field)
            && !roles.contains(&id)
        {
            roles.push(id);
        }
    }
    for id in roles {
        let Some(role) = change.after.identity(id) else { continue };
        let before = change.informed.identity(id).map(|role| &role.trust);
        role_trust(judging, role, before, effect);
    }
}

fn role_trust(
    judging: &Judging<'_>,
    role: &Identity,
    before: Option<&Fact<PolicyText>>,
    effect: &mut Effect,
) {
    let model = &judging.change.after;
    let old = before.and_then(|fact| fact.value()?.document().ok());
    let Some(new) = role.trust.value().and_then(|text| text.document().ok()) else {
        effect.doubt(format!("trust policy of {}", name_of(role)));
        effect.is_open_ended = true;
        return;
    };
    let finding = Finding { judging, model, role, old, new, is_old_known: old.is_some() };
    let gained = finding.entrances(&trust::compare_trust(old, new), judging.after, true);
    effect.entries.extend(gained);
    if let Some(old) = old {
        let lost = trust::compare_trust(Some(new), old);
        effect.shut.extend(finding.entrances(&lost, judging.before, false));
    } else {
        effect.doubt(format!("trust policy of {} before", name_of(role)));
    }
    if has_deny(new) {
        effect.note(&format!("a Deny in the trust policy of {} may take some back", name_of(role)));
    }
    let has_entries = effect.entries.iter().any(Entrance::is_gain);
    if has_entries && finding.grade().is_none() {
        effect.doubt(format!("what {} may do", name_of(role)));
    }
}

struct Finding<'a> {
    judging: &'a Judging<'a>,
    model: &'a Model,
    role: &'a Identity,
    old: Option<&'a Document>,
    new: &'a Document,
    is_old_known: bool,
}

impl Finding<'_> {
    fn grade(&self) -> Option<Grade> {
        grade_of(self.judging.after, self.model.account(), &self.role.id)
    }

    fn entrances(&self, grants: &[trust::Grant], world: World<'_>, is_new: bool) -> Vec<Entrance> {
        let mut found: Vec<Entrance> = Vec::new();
        for grant in grants {
            for (who, has_already) in self.entrants(grant, world, is_new) {
                if found.iter().any(|entrance| entrance.who == who) {
                    continue;
                }
                found.push(Entrance {
                    account: self.model.account(),
                    role: self.role.id.clone(),
                    label: name_of(self.role),
                    who,
                    grade: self.grade(),
                    is_conditioned: is_conditioned(grant),
                    has_already,
                    is_actor: false,
                    is_certain: self.is_old_known && grant.conditions.is_empty(),
                });
            }
        }
        found
    }

    fn entrants(
        &self,
        grant: &trust::Grant,
        world: World<'_>,
        is_new: bool,
    ) -> Vec<(Entrant, bool)> {
        match &grant.who {
            Who::Anyone => vec![(Entrant::Anyone, false)],
            Who::Service(name) => vec![(Entrant::Service(name.clone()), false)],
            Who::Saml(arn) | Who::Oidc(arn) => vec![(Entrant::Federated(arn.clone()), false)],
            Who::Account(account) => self.of_account(*account, world, is_new),
            Who::Principal { account, arn } => vec![self.named(*account, arn, world)],
            // Nobody of today: the principal was deleted (IAM User Guide, "AWS JSON policy
            // elements: Principal").
            Who::UniqueId(_) => Vec::new(),
            Who::Canonical(text) | Who::Other(text) => {
                vec![(Entrant::Named(None, text.clone()), false)]
            }
        }
    }

    fn named(&self, account: Option<AccountId>, arn: &str, world: World<'_>) -> (Entrant, bool) {
        let model = account.and_then(|account| world.model(account));
        let Some((model, identity)) = model.and_then(|m| Some((m, m.find_arn(arn)?))) else {
            return (Entrant::Named(account, arn.to_owned()), false);
        };
        let standing = world.standing(model.account(), &identity.id);
        let has_already = standing.is_some_and(|standing| self.has_already(&standing));
        (principal(model, identity), has_already)
    }

    /// Those of a modelled account who may use what the trust policy leaves to their account.
    fn of_account(
        &self,
        account: AccountId,
        world: World<'_>,
        is_new: bool,
    ) -> Vec<(Entrant, bool)> {
        let Some(model) = world.model(account) else {
            return vec![(Entrant::Account(account), false)];
        };
        let (trust, other) = match is_new {
            true => (Some(self.new), self.old),
            false => (self.old, Some(self.new)),
        };
        let Some(trust) = trust else { return Vec::new() };
        let mut found = Vec::new();
        for identity in model.principals().filter(|one| !one.is_service_linked()) {
            if identity.id == self.role.id || identity.kind == Kind::Root {
                continue;
            }
            let Some(standing) = world.standing(account, &identity.id) else { continue };
            if !may_call(&standing)
                || may_enter(&standing, self.model, self.role, trust) != Outcome::Allow
            {
                continue;
            }
            let could = other.is_some_and(|other| {
                may_enter(&standing, self.model, self.role, other) == Outcome::Allow
            });
            if !could {
                found.push((principal(model, identity), self.has_already(&standing)));
            }
        }
        if found.is_empty() && account != self.model.account() {
            return vec![(Entrant::Account(account), false)];
        }
        found
    }

    /// Whether whoever enters is administrator where the role is.
    fn has_already(&self, standing: &Standing) -> bool {
        standing.principal.account == self.model.account() && is_admin(standing)
    }
}

fn principal(model: &Model, identity: &Identity) -> Entrant {
    Entrant::Principal {
        account: model.account(),
        id: identity.id.clone(),
        label: name_of(identity),
    }
}

/// Whether any of the documents may speak of assuming a role: cheap, and true in doubt.
fn may_call(standing: &Standing) -> bool {
    let texts = standing.held.policies.iter().filter_map(|held| held.document.value());
    texts.map(PolicyText::as_str).any(|text| {
        text.contains(['*', '\\', '?'])
            || text.as_bytes().windows(10).any(|part| part.eq_ignore_ascii_case(b"AssumeRole"))
    })
}

/// Whether a principal may assume a role that has that trust policy.
pub(super) fn may_enter(
    standing: &Standing,
    model: &Model,
    role: &Identity,
    trust: &Document,
) -> Outcome {
    let compiled = Compiled::new("trust policy", trust, PolicyKind::Trust);
    let target = role.arn(model.partition(), model.account()).unwrap_or_else(|| {
        format!("arn:{}:iam::{}:role/{}", model.partition(), model.account(), role.name)
    });
    let caller = standing.principal.likely_arn();
    let Ok(caller) = Caller::parse(&caller) else { return Outcome::Unknown };
    let context = standing.context();
    let request = Request::new(caller, "sts:AssumeRole", &target, &context);
    standing.decide_request(request, Some(&compiled)).outcome
}

/// How far a principal may go; none when there may be more.
pub(super) fn grade_of(world: World<'_>, account: AccountId, id: &Id) -> Option<Grade> {
    let standing = world.standing(account, id)?;
    let grading = grading(&standing);
    let is_known = standing.reach().precision() != Precision::Unknown;
    (is_known || grading.grade >= Grade::Privesc).then_some(grading.grade)
}

/// The roles of an account that trust a provider.
pub(super) fn roles_trusting<'m>(
    model: &'m Model,
    provider: &'m str,
) -> impl Iterator<Item = (&'m Identity, trust::Grant)> {
    let is_it = move |who: &Who| match who {
        Who::Saml(arn) | Who::Oidc(arn) => {
            arn.eq_ignore_ascii_case(provider)
                || Arn::parse(provider).is_some_and(|own| {
                    own.resource.split_once('/').is_some_and(|(_, issuer)| issuer == arn)
                })
        }
        _ => false,
    };
    model.of_kind(Kind::Role).filter_map(move |role| {
        let document = role.trust.value()?.document().ok()?;
        let grant = trust::grants(document).into_iter().find(|grant| is_it(&grant.who))?;
        Some((role, grant))
    })
}
