//! Permission sets of Identity Center and who is assigned them.
//!
//! A set becomes a role in each account where somebody has it, and those roles have records of their
//! own; here the set is graded by its documents, so that the change is judged where it is made.
//!
//! Source: IAM Identity Center User Guide, "Permission sets".

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_policy::reach::{Grade, Limits, Reach};

use super::movement::{Comparing, Who, of_documents};
use super::{Bearer, Effect, Judging, Moved};
use crate::change::{Field, Subject};
use crate::directory::{Assignment, IdentityCenter, PermissionSet};
use crate::fact::Fact;
use crate::identity::Id;
use crate::model::Model;

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let mut comparing = Comparing::default();
    let mut done: BTreeSet<&Arc<str>> = BTreeSet::new();
    for touched in &judging.change.touched {
        match (&touched.subject, touched.field) {
            (Subject::PermissionSet(arn), _) if done.insert(arn) => {
                permission_set(judging, arn, &mut comparing, effect);
            }
            (Subject::IdentityCenter, Field::Assignments) => {
                assignments(judging, &mut comparing, effect);
            }
            (Subject::IdentityCenter, Field::Memberships) => {
                memberships(judging, &mut comparing, effect);
            }
            (Subject::IdentityCenter, _) => effect.is_open_ended = true,
            _ => {}
        }
    }
}

fn center(model: &Model) -> &IdentityCenter {
    model.identity_center()
}

fn name_of(set: &PermissionSet) -> String {
    let name = set.name.last_value().cloned();
    let name = name.unwrap_or_else(|| set.arn.rsplit('/').next().unwrap_or_default().into());
    format!("permission set {name}")
}

/// What a set allows; unknown in part where documents of single accounts belong to it.
fn reach_of(model: &Model, set: Option<&PermissionSet>) -> Reach {
    let Some(set) = set else { return Reach::nothing() };
    let mut documents: Vec<Fact<_>> =
        set.managed.keys().map(|arn| model.document_of(arn)).collect();
    match &set.inline {
        Fact::Known { value: Some(text), proof } => {
            documents.push(Fact::known(text.clone(), proof));
        }
        Fact::Known { value: None, .. } => {}
        Fact::Unknown { .. } => documents.push(Fact::default()),
    }
    let is_whole =
        set.managed.is_complete() && set.customer.is_complete() && set.customer.is_empty();
    if !is_whole {
        documents.push(Fact::default());
    }
    let reach = of_documents(&documents);
    match &set.boundary {
        Fact::Known { value: None, .. } => reach,
        Fact::Known { value: Some(arn), .. } => match model.document_of(arn) {
            Fact::Known { value, proof } => {
                let cap = of_documents(&[Fact::known(value, &proof)]);
                Limits { boundary: Some(cap), ..Limits::default() }.apply(&reach)
            }
            Fact::Unknown { .. } => reach.or_less(),
        },
        Fact::Unknown { .. } => reach.or_less(),
    }
}

fn permission_set(
    judging: &Judging<'_>,
    arn: &Arc<str>,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let find = |model: &Model| center(model).permission_sets.get(arn).cloned();
    let (before, after) = (find(informed), find(now));
    let Some(set) = after.as_ref().or(before.as_ref()) else { return };
    let is_made = touched_existence(judging, arn);
    let old = match &before {
        None if !is_made => Reach::unknown(),
        before => reach_of(informed, before.as_deref()),
    };
    let new = reach_of(now, after.as_deref());
    let compared = comparing.compare(&old, &new);
    let who = Who {
        account: now.account(),
        id: Id::unique(arn),
        bearer: Bearer::PermissionSet,
        arn: arn.to_string(),
        label: name_of(set),
    };
    let mut moved = Moved::between(who, None, &old, &new, compared);
    let is_held = |assignment: &&Assignment| assignment.permission_set == *arn;
    let has_holder = center(now).assignments.keys().any(|one| is_held(&one));
    // A set that was made in sight has no assignments but those seen.
    moved.is_latent = !has_holder && (set.managed.is_complete() || is_made);
    if moved.gain >= Some(Grade::Write) && !has_holder && !moved.is_latent {
        effect.doubt(format!("who is assigned {}", name_of(set)));
    }
    if set.customer.keys().next().is_some() {
        effect.doubt(format!("customer managed policies of {}", name_of(set)));
    }
    if moved.is_something() {
        effect.moved.push(moved);
    } else {
        effect.doubt_of(&name_of(set), &old, &new);
    }
}

fn touched_existence(judging: &Judging<'_>, arn: &Arc<str>) -> bool {
    judging.change.touched.iter().any(|touched| {
        touched.field == Field::Existence && touched.subject == Subject::PermissionSet(arn.clone())
    })
}

fn assignments(judging: &Judging<'_>, comparing: &mut Comparing, effect: &mut Effect) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let all = |model: &Model| -> BTreeSet<Assignment> {
        center(model).assignments.keys().cloned().collect()
    };
    let (before, after) = (all(informed), all(now));
    let changed = before.symmetric_difference(&after);
    for assignment in changed {
        let is_new = after.contains(assignment);
        let model = if is_new { now } else { informed };
        let set = center(model).permission_sets.get(&assignment.permission_set);
        let what = match set {
            Some(set) => reach_of(model, Some(set)),
            None => Reach::unknown(),
        };
        let label = person(&assignment.principal_type, &assignment.principal);
        if what.is_nothing() {
            let set = set.map_or_else(|| assignment.permission_set.to_string(), |set| name_of(set));
            effect.doubt(format!("what {set} allows, which {label} has in {}", assignment.account));
        }
        holds(judging, &label, &assignment.principal, is_new, &what, comparing, effect);
    }
}

/// Whoever joins a group has what the group is assigned.
fn memberships(judging: &Judging<'_>, comparing: &mut Comparing, effect: &mut Effect) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let all = |model: &Model| -> BTreeSet<crate::directory::Membership> {
        center(model).memberships.keys().cloned().collect()
    };
    let (before, after) = (all(informed), all(now));
    for (group, member) in before.symmetric_difference(&after) {
        let is_new = after.contains(&(group.clone(), member.clone()));
        let model = if is_new { now } else { informed };
        let of_group = center(model).assignments.keys().filter(|one| one.principal == *group);
        let what = of_group
            .filter_map(|one| center(model).permission_sets.get(&one.permission_set))
            .fold(Reach::nothing(), |all, set| all.union(&reach_of(model, Some(set))));
        let label = person("USER", member);
        if what.is_nothing() {
            effect.doubt(format!("what group {group} of Identity Center is assigned"));
        }
        holds(judging, &label, member, is_new, &what, comparing, effect);
    }
}

fn person(kind: &str, id: &str) -> String {
    match kind {
        "GROUP" => format!("group {id} of Identity Center"),
        _ => format!("person {id} of Identity Center"),
    }
}

/// Somebody gets or loses what a set allows; what else he has is not known.
fn holds(
    judging: &Judging<'_>,
    label: &str,
    id: &str,
    is_new: bool,
    what: &Reach,
    comparing: &mut Comparing,
    effect: &mut Effect,
) {
    let other = Reach::unknown();
    let (old, new) = if is_new { (&other, what) } else { (what, &other) };
    let compared = comparing.compare(old, new);
    let who = Who {
        account: judging.change.after.account(),
        id: Id::unique(id),
        bearer: Bearer::Person,
        arn: id.to_owned(),
        label: label.to_owned(),
    };
    let moved = Moved::between(who, None, old, new, compared);
    if moved.is_something() {
        effect.moved.push(moved);
    }
}
