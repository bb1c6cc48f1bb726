//! Permission sets of Identity Center and who is assigned them.
//!
//! A set becomes a role in each account where somebody has it, and those roles have records of their
//! own; here the set is graded by its documents, so that the change is judged where it is made. What
//! is edited counts in an account only once it was brought there: by `ProvisionPermissionSet`, or
//! along with an assignment. A policy of the account that it names by path and name is looked up where it
//! is, so a new version of that counts at once.
//!
//! Source: IAM Identity Center User Guide, "Permission sets"; IAM Identity Center API Reference,
//! `CreateAccountAssignment` and `ProvisionPermissionSet`; User Guide, "Use IAM policies in permission
//! sets" (customer managed policies are those of the account).

mod named;
mod sets;

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_policy::reach::Reach;

use super::movement::{Comparing, Who};
use super::scope::moves;
use super::{Bearer, Effect, Judging, Moved};
use crate::access::World;
use crate::change::{Field, Subject};
use crate::directory::{Assignment, IdentityCenter, Membership};
use crate::identity::Id;
use crate::model::Model;

pub(super) use named::is_given;

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let mut comparing = Comparing::default();
    let mut done: BTreeSet<&Arc<str>> = BTreeSet::new();
    let mut policies: BTreeSet<&Id> = BTreeSet::new();
    for touched in &judging.change.touched {
        match (&touched.subject, touched.field) {
            (Subject::PermissionSet(arn), Field::Provisioned) => match &touched.item {
                Some(account) => sets::brought(judging, arn, account, &mut comparing, effect),
                None => sets::brought_somewhere(judging, arn, effect),
            },
            (Subject::PermissionSet(arn), _) if done.insert(arn) => {
                sets::edited(judging, arn, &mut comparing, effect);
            }
            (Subject::IdentityCenter, Field::Assignments) => {
                assignments(judging, &mut comparing, effect);
            }
            (Subject::IdentityCenter, Field::Memberships) => {
                memberships(judging, &mut comparing, effect);
            }
            (Subject::IdentityCenter, _) => effect.is_open_ended = true,
            (Subject::Policy(id), field) if moves(field) && policies.insert(id) => {
                named::changed(judging, id, &mut comparing, effect);
            }
            _ => {}
        }
    }
}

fn center(model: &Model) -> &IdentityCenter {
    model.identity_center()
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
        let (world, model) = side(judging, is_new);
        let account = &assignment.account;
        let what = sets::reach_there(world, model, &assignment.permission_set, account);
        let label = person(&assignment.principal_type, &assignment.principal);
        if what.is_nothing() {
            let set = sets::name_in(model, &assignment.permission_set);
            effect.doubt(format!("what {set} allows, which {label} has in {account}"));
        }
        let label = format!("{label} in account {account}");
        holds(judging, (&label, &assignment.principal), is_new, &what, comparing, effect);
    }
}

/// Whoever joins a group has what the group is assigned.
fn memberships(judging: &Judging<'_>, comparing: &mut Comparing, effect: &mut Effect) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let all = |model: &Model| -> BTreeSet<Membership> {
        center(model).memberships.keys().cloned().collect()
    };
    let (before, after) = (all(informed), all(now));
    for (group, member) in before.symmetric_difference(&after) {
        let is_new = after.contains(&(group.clone(), member.clone()));
        let (world, model) = side(judging, is_new);
        let of_group = center(model).assignments.keys().filter(|one| one.principal == *group);
        let what = of_group
            .map(|one| sets::reach_there(world, model, &one.permission_set, &one.account))
            .fold(Reach::nothing(), |all, there| all.union(&there));
        let label = person("USER", member);
        if what.is_nothing() {
            effect.doubt(format!("what group {group} of Identity Center is assigned"));
        }
        holds(judging, (&label, member), is_new, &what, comparing, effect);
    }
}

/// Where to look for what came, or for what is gone.
fn side<'a>(judging: &Judging<'a>, is_new: bool) -> (World<'a>, &'a Model) {
    match is_new {
        true => (judging.after, &judging.change.after),
        false => (judging.before, &judging.change.informed),
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
    (label, id): (&str, &str),
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
