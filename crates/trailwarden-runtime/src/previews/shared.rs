//! Policies and groups that a plan changes, with all for whom they count.

use std::collections::BTreeSet;

use trailwarden_account::change::Subject;
use trailwarden_account::{Field, Id, Kind, Model};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::Shared;

use super::unlisted::{counted, listed};
use super::{LISTED_MAX, Telling, arn_of};

/// What of a group counts for its members.
const OF_MEMBERS: &[Field] = &[Field::Inline, Field::Attached];

impl Telling<'_> {
    pub(super) fn tell_shared(&self, out: &mut Foreseen) {
        let model = &self.change.before;
        let mut seen: BTreeSet<&Subject> = BTreeSet::new();
        let mut all = Vec::new();
        for touched in &self.change.touched {
            let is_shared = match &touched.subject {
                Subject::Policy(_) => true,
                Subject::Identity(Kind::Group, _) => OF_MEMBERS.contains(&touched.field),
                _ => false,
            };
            if is_shared && seen.insert(&touched.subject) {
                all.extend(shared(model, &touched.subject));
            }
        }
        let (listed, rest) = listed(all, LISTED_MAX);
        (out.shared, out.unlisted.shared) = (listed, counted(rest.len()));
    }
}

/// All for whom it counts; none for what was not there before.
fn shared(model: &Model, subject: &Subject) -> Option<Shared> {
    match subject {
        Subject::Policy(id) => {
            let policy = model.policies().find(|policy| policy.id == *id)?;
            let (holders, bounded) =
                (model.attached_to(&policy.arn), model.bounded_by(&policy.arn));
            let mut shared = begun(&policy.arn, holders.is_complete() && bounded.is_complete());
            for id in &holders.ids {
                add(model, id, &mut shared);
            }
            let bounded = bounded.ids.iter().filter_map(|id| model.identity(id));
            shared.bounds.extend(bounded.map(|one| arn_of(model, one)));
            Some(sorted(shared))
        }
        Subject::Identity(Kind::Group, id) => {
            let group = model.identity(id)?;
            let mut shared = begun(&arn_of(model, group), true);
            add(model, id, &mut shared);
            shared.groups.clear();
            Some(sorted(shared))
        }
        _ => None,
    }
}

fn begun(arn: &str, is_complete: bool) -> Shared {
    let (users, groups, roles, bounds) = Default::default();
    Shared { arn: arn.to_owned(), users, groups, roles, bounds, is_complete }
}

/// A holder, and of a group its members.
fn add(model: &Model, id: &Id, shared: &mut Shared) {
    let Some(identity) = model.identity(id) else { return };
    let arn = arn_of(model, identity);
    match identity.kind {
        Kind::User | Kind::Root => shared.users.push(arn),
        Kind::Role => shared.roles.push(arn),
        Kind::Group => {
            let members = model.members_of(id);
            shared.is_complete &= members.is_complete();
            let members = members.ids.iter().filter_map(|id| model.identity(id));
            shared.users.extend(members.map(|one| arn_of(model, one)));
            shared.groups.push(arn);
        }
    }
}

fn sorted(mut shared: Shared) -> Shared {
    let lists = [&mut shared.users, &mut shared.groups, &mut shared.roles, &mut shared.bounds];
    for list in lists {
        list.sort();
        list.dedup();
    }
    shared
}
