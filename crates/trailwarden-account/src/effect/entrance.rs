//! Who may newly enter a role, or no longer.
//!
//! A trust policy that names a principal of the role's own account lets it in by itself; one that
//! names an account leaves it to that account's policies who may (IAM User Guide, "Policy evaluation
//! logic for requests within a single account" and "Cross-account policy evaluation logic"). So for
//! an account that is modelled, the principals are proven one by one.

mod finding;

use trailwarden_model::{AccountId, Arn, Severity};
use trailwarden_policy::evaluate::{Caller, Compiled, Outcome, Request};
use trailwarden_policy::reach::{Grade, Precision};
use trailwarden_policy::trust::{self, Who};
use trailwarden_policy::{Document, PolicyKind, has_deny};

use super::naming::arn_of;
use super::people::grading;
use super::severity::of_gain;
use super::{Judging, Width};
use crate::access::{Standing, World};
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::text::PolicyText;
use finding::Finding;

/// A way into a role.
#[derive(Clone, PartialEq, Debug)]
pub struct Entrance {
    /// The role's account.
    pub account: AccountId,
    /// The role's id.
    pub role: Id,
    /// Such as `role/app`.
    pub label: String,
    /// The role's ARN.
    pub role_arn: String,
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
        /// Its ARN.
        arn: String,
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
        match self.grade {
            _ if !self.is_gain() => None,
            Some(grade) => of_gain(grade, self.is_actor, Width::Wide),
            // What strangers, or whoever let himself in, may do now is not known, and that is no
            // reason to be silent.
            None => (self.is_actor || self.is_from_outside()).then_some(Severity::Medium),
        }
    }

    /// Whether it lets in somebody who is no principal of the role's account.
    fn is_from_outside(&self) -> bool {
        match &self.who {
            Entrant::Service(_) => false,
            who => who.account() != Some(self.account),
        }
    }
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut super::Effect) {
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
    effect: &mut super::Effect,
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

/// Whether a principal may assume a role that has that trust policy.
pub(super) fn may_enter(
    standing: &Standing,
    model: &Model,
    role: &Identity,
    trust: &Document,
) -> Outcome {
    let compiled = Compiled::new("trust policy", trust, PolicyKind::Trust);
    let target = arn_of(model, role);
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
