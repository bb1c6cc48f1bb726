//! What a change of a trust policy gave: principals, each under the conditions asked of him.

use std::collections::HashMap;

use trailwarden_model::{AccountId, Arn};

use crate::document::Document;
use crate::fuel;
use crate::reach::Conditions;

use super::denied::{Left, is_session_of};
use super::some::{known, left_of_some, part_of};
use super::{Grant, Who};

/// How much work comparing two trust policies is worth.
const COMPARE_STEPS: u64 = 50_000_000;

/// A grant that a trust policy did not give before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gained {
    /// The grant, with the actions that are new in it.
    pub grant: Grant,
    /// All that let in anybody of those before, each under narrower conditions; nothing where some
    /// of it was not narrower. Of what let in others too it is what that says of those.
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
    let before = old.map(left_of_some).unwrap_or_default();
    let mut before_of: HashMap<&Who, Vec<&Left>> = HashMap::new();
    for had in &before {
        before_of.entry(&had.0.who).or_default().push(had);
    }
    let of = |who: &Who| before_of.get(who).map_or(&[][..], Vec::as_slice);
    let kin = kin(&before);
    let mut gained = Vec::new();
    for (mut grant, asked) in left_of_some(new) {
        let own = of(&grant.who);
        let others: Vec<&Left> =
            wider(&grant.who, home).into_iter().flat_map(|who| of(&who).to_vec()).collect();
        let kin: Vec<&Left> =
            kin_of(&grant.who).and_then(|key| kin.get(&key)).cloned().unwrap_or_default();
        // In the role's own account a boundary holds back a role that is named, and no session.
        let is_foreign = home.is_some_and(|home| grant.who.account() != Some(home));
        let roles = kin.iter().filter(|(had, _)| is_foreign && is_session_of(&grant.who, &had.who));
        let around = own.iter().chain(&others).chain(roles).copied();
        let had: Vec<&Grant> = around
            .filter(|(had, before)| is_part((&grant, &asked), (had, before)))
            .map(|(grant, _)| grant)
            .collect();
        grant.actions.retain(|action| !had.iter().any(|had| had.actions.contains(action)));
        if grant.actions.is_empty() {
            continue;
        }
        let is_within = |who: &Who| *who == grant.who || wider(who, home).contains(&grant.who);
        let calls_alike = |had: &Grant| had.actions.iter().any(|one| grant.actions.contains(one));
        let within: Vec<&Left> = match grant.who {
            Who::Anyone | Who::Account(_) => {
                before.iter().filter(|(had, _)| is_within(&had.who)).collect()
            }
            _ => {
                let sessions = kin.iter().filter(|(had, _)| is_session_of(&had.who, &grant.who));
                own.iter().chain(sessions).copied().collect()
            }
        };
        let part = |had: &Left| -> Option<Grant> {
            match is_part((&had.0, &had.1), (&grant, &asked)) {
                true => Some(had.0.clone()),
                false if is_session_of(&had.0.who, &grant.who) => None,
                false => part_of(had, &grant, &asked),
            }
        };
        let counts = |had: &&Left| calls_alike(&had.0) && !had.1.contradict(&asked);
        let within = within.into_iter().filter(counts).map(part);
        let beside =
            others.into_iter().filter(counts).filter_map(|had| part_of(had, &grant, &asked));
        let instead_of: Option<Vec<Grant>> = within.chain(beside.map(Some)).collect();
        let instead_of = instead_of.unwrap_or_default();
        gained.push(Gained { grant, instead_of });
    }
    gained
}

/// Whether whoever comes in by the one comes in by the other too. One session of a role is its role, with
/// all that is known of that.
fn is_part((grant, asked): (&Grant, &Conditions), (wide, when): (&Grant, &Conditions)) -> bool {
    let implies = match is_session_of(&grant.who, &wide.who) {
        true => asked.and(&known(wide)).is_some_and(|asked| asked.implies(when)),
        false => asked.implies(when),
    };
    implies && spares_no_more(wide, grant)
}

/// Grants to roles and to sessions of roles, by the role: no other one of the account has its name.
fn kin(grants: &[Left]) -> HashMap<Kin<'_>, Vec<&Left>> {
    let mut kin: HashMap<Kin<'_>, Vec<&Left>> = HashMap::new();
    for left in grants {
        if let Some(key) = kin_of(&left.0.who) {
            kin.entry(key).or_default().push(left);
        }
    }
    kin
}

/// Partition, account and name of a role.
type Kin<'w> = (&'w str, &'w str, &'w str);

fn kin_of(who: &Who) -> Option<Kin<'_>> {
    let Who::Principal { arn, .. } = who else { return None };
    let arn = Arn::parse(arn)?;
    let name = arn.session_role().or_else(|| (arn.kind() == "role").then(|| arn.name()))?;
    Some((arn.partition, arn.account, name))
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
