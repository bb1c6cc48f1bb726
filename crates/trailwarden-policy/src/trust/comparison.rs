//! What a change of a trust policy gave: principals, each under the conditions asked of him.

use std::collections::HashMap;

use trailwarden_model::AccountId;

use crate::document::Document;
use crate::fuel;
use crate::reach::Conditions;

use super::denied::left;
use super::{Grant, Who};

/// How much work comparing two trust policies is worth.
const COMPARE_STEPS: u64 = 50_000_000;

/// A grant that a trust policy did not give before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gained {
    /// The grant, with the actions that are new in it.
    pub grant: Grant,
    /// All that let in anybody of those before, each under narrower conditions; nothing where some
    /// of it was not narrower.
    pub instead_of: Vec<Grant>,
}

/// Grants of `new` that `old` did not have; without an `old`, all of them.
///
/// A grant that only became narrower (fewer actions, conditions that imply the old ones, one more
/// Deny) is not new, and neither is one that is written differently. A condition or Deny that is gone
/// is: the wider grant comes back, with the actions that are new in it. Whether conditions imply
/// others is for [`Conditions::implies`] to say; doubt counts as new.
pub fn compare_trust(old: Option<&Document>, new: &Document) -> Vec<Grant> {
    gained(old, new, None).into_iter().map(|gained| gained.grant).collect()
}

/// [`compare_trust`] for a role of which the account is known, with what was there before instead.
///
/// A principal of another account needs its account's leave either way, so naming him where his
/// account was named is no gain; in the role's own account it is one (IAM User Guide, "Cross-account
/// policy evaluation logic").
pub fn gained(old: Option<&Document>, new: &Document, home: Option<AccountId>) -> Vec<Gained> {
    fuel::limited(COMPARE_STEPS, || gained_without_limit(old, new, home)).value
}

fn gained_without_limit(
    old: Option<&Document>,
    new: &Document,
    home: Option<AccountId>,
) -> Vec<Gained> {
    let before = old.map(left).unwrap_or_default();
    let mut before_of: HashMap<&Who, Vec<&(Grant, Conditions)>> = HashMap::new();
    for had in &before {
        before_of.entry(&had.0.who).or_default().push(had);
    }
    let of = |who: &Who| before_of.get(who).map_or(&[][..], Vec::as_slice);
    let mut gained = Vec::new();
    for (mut grant, asked) in left(new) {
        let others = wider(&grant.who, home).into_iter();
        let around: Vec<&(Grant, Conditions)> = of(&grant.who)
            .iter()
            .copied()
            .chain(others.flat_map(|who| of(&who).to_vec()))
            .collect();
        let had: Vec<&Grant> = around
            .into_iter()
            .filter(|(had, before)| asked.implies(before) && spares_no_more(had, &grant))
            .map(|(grant, _)| grant)
            .collect();
        grant.actions.retain(|action| !had.iter().any(|had| had.actions.contains(action)));
        if grant.actions.is_empty() {
            continue;
        }
        let is_within = |who: &Who| *who == grant.who || wider(who, home).contains(&grant.who);
        let calls_alike = |had: &Grant| had.actions.iter().any(|one| grant.actions.contains(one));
        let within: Vec<&(Grant, Conditions)> = match grant.who {
            Who::Anyone | Who::Account(_) => {
                before.iter().filter(|(had, _)| is_within(&had.who)).collect()
            }
            _ => of(&grant.who).to_vec(),
        };
        let within: Vec<_> = within.into_iter().filter(|(had, _)| calls_alike(had)).collect();
        let are_narrower = within
            .iter()
            .all(|(had, before)| before.implies(&asked) && spares_no_more(&grant, had));
        let instead_of = within.into_iter().filter(|_| are_narrower);
        let instead_of = instead_of.map(|(grant, _)| grant.clone()).collect();
        gained.push(Gained { grant, instead_of });
    }
    gained
}

/// Whether a grant lets in all of those whom another one does, where it lets in all that may be named so.
fn spares_no_more(wide: &Grant, grant: &Grant) -> bool {
    let is_elsewhere = |who: &Who| match (&grant.who, who.account()) {
        (Who::Account(account), Some(other)) => *account != other,
        (Who::Principal { account, .. }, _) => {
            *who != grant.who && account.is_none_or(|account| *who != Who::Account(account))
        }
        _ => false,
    };
    wide.but.iter().all(|who| grant.but.contains(who) || is_elsewhere(who))
}

/// Principals that hold another among them.
fn wider(who: &Who, home: Option<AccountId>) -> Vec<Who> {
    match who {
        Who::Account(_) => vec![Who::Anyone],
        Who::Principal { account: Some(account), .. }
            if home.is_some_and(|home| home != *account) =>
        {
            vec![Who::Account(*account), Who::Anyone]
        }
        Who::Principal { .. } => vec![Who::Anyone],
        _ => Vec::new(),
    }
}
