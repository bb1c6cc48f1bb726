//! What resource control policies newly deny, or deny no more, on what accounts own.
//!
//! They take away from everybody alike, also from strangers, and what allows it was mostly not seen:
//! the policies of buckets, keys and queues. So the accounts bear it, and not whoever is denied. Who
//! may enter their roles is told by name besides.
//!
//! Source: AWS Organizations User Guide, "Resource control policies".

use std::collections::BTreeSet;

use trailwarden_model::AccountId;
use trailwarden_policy::reach::grade;

use super::movement::{Comparing, Who};
use super::{Bearer, Effect, Judging, Moved};
use crate::change::{Field, Subject};
use crate::identity::Id;

/// How many accounts are looked at.
const ACCOUNTS_MAX: usize = 4_096;

/// The accounts over which such policies are others now.
pub(super) fn accounts(judging: &Judging<'_>) -> BTreeSet<AccountId> {
    let touched = &judging.change.touched;
    let concerns = |subject: &Subject| {
        matches!(subject, Subject::Organization | Subject::OrganizationPolicy(_))
    };
    if !touched.iter().any(|touched| concerns(&touched.subject)) {
        return BTreeSet::new();
    }
    let organization = judging.change.after.organization();
    let targets = touched.iter().filter(|one| one.field == Field::Targets);
    let named = targets.filter_map(|one| one.item.as_deref()).filter_map(AccountId::parse);
    let listed = organization.parents.keys().filter_map(|child| AccountId::parse(child));
    let known = judging.after.models().map(crate::Model::account);
    let all: BTreeSet<AccountId> = named.chain(known).chain(listed).take(ACCOUNTS_MAX).collect();
    let is_other =
        |account: &AccountId| !judging.before.rcps(*account).same(&judging.after.rcps(*account));
    all.into_iter().filter(is_other).collect()
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let mut comparing = Comparing::default();
    for account in accounts(judging) {
        let (before, after) = (judging.before.rcps(account), judging.after.rcps(account));
        for unknown in after.unknowns() {
            effect.doubt(format!("{}: {}", unknown.what, unknown.why.as_str()));
        }
        let (was, is) = (before.denied(), after.denied());
        // What is denied no more is what may be gained.
        let compared = comparing.compare(&is, &was);
        let released = grade(&compared.change.gained).grade;
        let label = format!("resources of account {account}");
        let who = Who {
            account,
            id: Id::unique(&label),
            bearer: Bearer::Resources,
            arn: account.to_string(),
            label,
        };
        let moved = Moved::between(who, None, &is, &was, compared);
        if moved.is_something() {
            effect.moved.push(Moved {
                gain: None,
                uncapped: (!moved.gained.is_empty()).then_some(released),
                grade_before: None,
                grade_after: None,
                is_conditional: false,
                is_certain: before.unknowns().is_empty() && after.unknowns().is_empty(),
                ..moved
            });
        }
    }
}
