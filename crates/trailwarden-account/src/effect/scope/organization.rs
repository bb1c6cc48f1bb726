//! Where a change of an organization's policies may have moved somebody whom nobody can compare.
//!
//! What resource control policies deny is compared elsewhere: account by account, and where nobody knows
//! which accounts lie below.
//!
//! Source: AWS Organizations User Guide, "Service control policies", "SCP evaluation" and "Resource
//! control policies".

use std::collections::BTreeSet;
use std::sync::Arc;

use trailwarden_model::AccountId;

use crate::access::{Scps, World};
use crate::change::{Change, Field, Subject, Touched};
use crate::model::Model;
use crate::organization::{Organization, RCP};

/// Kinds of policy that restrict what somebody may do.
const RESTRICTING: [&str; 2] = ["SERVICE_CONTROL_POLICY", RCP];

/// What may have moved unseen, in words.
pub(super) fn doubts(before: World<'_>, after: World<'_>, change: &Change) -> Vec<String> {
    let mut lines = Vec::new();
    for touched in &change.touched {
        let is_of_resources = is_of_resources(change, touched);
        for target in targets(change, touched) {
            let line = match target.as_deref().map(|target| (target, AccountId::parse(target))) {
                // What it denies there is told.
                Some((_, Some(_))) if is_of_resources => None,
                Some((_, Some(account))) => of_account(before, after, account),
                Some((_, None)) if is_of_resources => None,
                Some((target, None)) => Some(format!("what accounts below {target} may do")),
                None => Some("what accounts of the organization may do".to_owned()),
            };
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
    }
    lines
}

/// Whether it is about a resource control policy and nothing else.
pub(in crate::effect) fn is_of_resources(change: &Change, touched: &Touched) -> bool {
    let Subject::OrganizationPolicy(id) = &touched.subject else { return false };
    let sides = [&change.informed, &change.after].map(Model::organization);
    let mut known = sides.iter().filter_map(|side| side.policies.get(id)?.kind.value());
    known.next_back().is_some_and(|kind| **kind == *RCP)
}

fn of_account(before: World<'_>, after: World<'_>, account: AccountId) -> Option<String> {
    let is_whole = |scps: &Scps| scps.is_management_account || scps.unknowns().is_empty();
    let sides = [before, after].map(|world| world.scps(account));
    match after.model(account) {
        Some(_) if sides.iter().all(is_whole) => None,
        Some(_) => Some(format!("service control policies over account {account}")),
        None => Some(format!("what account {account} may do")),
    }
}

/// A root, unit or account; none for one that is not known.
pub(in crate::effect) type Target = Option<Arc<str>>;

/// Where the policies are others now.
pub(in crate::effect) fn targets(change: &Change, touched: &Touched) -> BTreeSet<Target> {
    let sides = [&change.informed, &change.after].map(Model::organization);
    match (&touched.subject, touched.field) {
        (Subject::Organization, Field::Parent) => BTreeSet::from([touched.item.clone()]),
        (Subject::Organization, Field::Targets) => switched(sides),
        (Subject::Organization, Field::Content | Field::Existence) => BTreeSet::from([None]),
        (Subject::OrganizationPolicy(id), field) if may_restrict(sides, id) => match field {
            Field::Targets => BTreeSet::from([touched.item.clone()]),
            Field::Content => attached_to(change.after.organization(), id),
            _ => BTreeSet::new(),
        },
        _ => BTreeSet::new(),
    }
}

fn may_restrict(sides: [&Organization; 2], id: &Arc<str>) -> bool {
    let mut known = sides.iter().filter_map(|side| side.policies.get(id)?.kind.value());
    known.next_back().is_none_or(|kind| RESTRICTING.contains(&&**kind))
}

/// Roots where a kind that restricts was switched off. One that is switched on lets everything through
/// at first (AWS Organizations User Guide, "Enabling a policy type").
fn switched([before, after]: [&Organization; 2]) -> BTreeSet<Target> {
    let off = after.policy_types.iter().filter(|(key, is_on)| {
        is_on.value() == Some(&false) && before.policy_types.get(*key) != Some(is_on)
    });
    off.filter(|((_, kind), _)| RESTRICTING.contains(&&**kind))
        .map(|((root, _), _)| Some(root.clone()))
        .collect()
}

fn attached_to(organization: &Organization, id: &Arc<str>) -> BTreeSet<Target> {
    let Some(policy) = organization.policies.get(id) else { return BTreeSet::new() };
    let others = (!policy.targets.is_complete()).then_some(None);
    policy.targets.keys().cloned().map(Some).chain(others).collect()
}
