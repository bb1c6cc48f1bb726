//! Whom a change hits: the principal itself, the members of a group, the holders of a policy.

use std::collections::BTreeSet;

use trailwarden_account::query::name_of;
use trailwarden_account::{Id, Identity, Kind, ManagedPolicy, Model, Presence};
use trailwarden_model::Finding;
use trailwarden_remedy::subject::{Policy, PrincipalKind};
use trailwarden_remedy::{Draft, NoPlan, Subject};

use super::Known;

/// To whom a policy is attached, and whose boundary it is, as far as is known.
pub(super) fn having<'m>(model: &'m Model, arn: &str) -> (Vec<&'m Identity>, Vec<&'m Identity>) {
    let arn: std::sync::Arc<str> = arn.into();
    let is_held = |one: &&Identity| matches!(one.attached.get(&arn), Presence::Present(_));
    let is_bound = |one: &&Identity| {
        one.boundary.value().is_some_and(|boundary| boundary.as_ref() == Some(&arn))
    };
    (model.identities().filter(is_held).collect(), model.identities().filter(is_bound).collect())
}

/// How many names a note lists.
const NAMES_MAX: usize = 10;

impl Known<'_> {
    /// The users and roles whose access a change of the subject's thing may move.
    pub(super) fn touched(&self, subject: &Subject) -> BTreeSet<Id> {
        let Ok(model) = self.model() else { return BTreeSet::new() };
        match (&subject.principal, &subject.policy) {
            (Some(principal), _) => match model.find_arn(&principal.arn) {
                Some(identity) => with_members(model, [identity.id.clone()]),
                None => BTreeSet::new(),
            },
            (None, Some(Policy::Managed { arn, .. })) => {
                with_members(model, model.attached_to(arn).ids)
            }
            (None, _) => BTreeSet::new(),
        }
    }

    /// What is said of a policy that a record made and nobody held then: who has it now, and as what.
    pub(super) fn told_of_new_policy(&self, policy: &ManagedPolicy) -> String {
        let name = policy.name();
        let Ok(model) = self.model() else {
            return format!(
                "the policy `{name}` is new, and who holds it by now is not known: read it"
            );
        };
        let (held, bounded) = having(model, &policy.arn);
        let told = |all: &[&Identity]| {
            let more = all.len().saturating_sub(NAMES_MAX);
            let all = all.iter().take(NAMES_MAX);
            let mut all: Vec<String> =
                all.map(|one| format!("{}/{}", one.kind.as_str(), one.name)).collect();
            all.extend((more > 0).then(|| format!("{more} more")));
            all.join(", ")
        };
        let mut parts = Vec::new();
        if !held.is_empty() {
            parts.push(format!("by now it is attached to {}", told(&held)));
        }
        if !bounded.is_empty() {
            parts.push(format!(
                "it is the permissions boundary of {}, which it limits: there it stays",
                told(&bounded)
            ));
        }
        if parts.is_empty() {
            parts
                .push("nobody is known to hold it now: delete it where nobody needs it".to_owned());
        }
        format!(
            "the policy `{name}` was new, and nobody held it when it was made; {}. Read it",
            parts.join("; ")
        )
    }

    /// Why nothing is planned for a policy that nobody but AWS can change: who of its holders needs it is not
    /// for a plan to say, and findings about each of them have plans.
    pub(super) fn held_by(&self, finding: &Finding) -> NoPlan {
        let Some(arn) = finding.target.arn.as_deref() else {
            return NoPlan::Missing("the ARN of a policy");
        };
        let model = match self.model() {
            Ok(model) => model,
            Err(no_plan) => return no_plan,
        };
        let holders = model.attached_to(arn);
        let names: Vec<String> =
            holders.ids.iter().filter_map(|id| model.identity(id)).map(name_of).collect();
        if names.is_empty() {
            return NoPlan::unknown(format!("who holds `{arn}`"));
        }
        NoPlan::Person(format!(
            "it is held by {}, and who of them needs all of it is not in AWS",
            listed(names)
        ))
    }

    /// Tells who else is hit by a change of something that is shared.
    pub(super) fn note_holders(&self, subject: &Subject, draft: &mut Draft) {
        let is_group =
            subject.principal.as_ref().is_some_and(|one| one.kind == PrincipalKind::Group);
        let is_shared = is_group || subject.principal.is_none() && subject.policy.is_some();
        let Ok(model) = self.model() else { return };
        if !is_shared {
            return;
        }
        let touched = self.touched(subject);
        let identities = touched.iter().filter_map(|id| model.identity(id));
        let names: Vec<String> =
            identities.filter(|one| one.kind != Kind::Group).map(name_of).collect();
        let what = if is_group { "members of the group" } else { "holders of the policy" };
        draft.note(match names.is_empty() {
            true => format!("No {what} are known."),
            false => format!("It counts for the {what}: {}.", listed(names)),
        });
    }
}

/// The first names by the alphabet, and how many more there are.
pub(super) fn listed(mut names: Vec<String>) -> String {
    names.sort();
    let more = names.len().saturating_sub(NAMES_MAX);
    names.truncate(NAMES_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}

/// These, and whoever is a member of a group among them.
fn with_members(model: &Model, ids: impl IntoIterator<Item = Id>) -> BTreeSet<Id> {
    let mut all = BTreeSet::new();
    for id in ids {
        if model.identity(&id).is_some_and(|one| one.kind == Kind::Group) {
            all.extend(model.members_of(&id).ids);
        }
        all.insert(id);
    }
    all
}
