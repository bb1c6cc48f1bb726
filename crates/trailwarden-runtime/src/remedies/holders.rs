//! Whom a change hits: the principal itself, the members of a group, the holders of a policy.

use std::collections::BTreeSet;

use trailwarden_account::query::name_of;
use trailwarden_account::{Id, Kind, Model};
use trailwarden_model::Finding;
use trailwarden_remedy::subject::{Policy, PrincipalKind};
use trailwarden_remedy::{Draft, NoPlan, Subject};

use super::Known;

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
