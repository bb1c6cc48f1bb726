//! An effect as change policies ask for it: bounds that what happened cannot exceed.
//!
//! Whoever permits a change says how far it may go. So nothing here is told of an effect of which any
//! part is not known, and where something has to be widened it is widened: a gain never looks smaller
//! than it is.

mod actions;
mod doubts;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use trailwarden_model::{AccountId, Arn, Severity};
use trailwarden_policy::reach::Grade;

use super::{Bearer, Effect, Entrance, Entrant, PathOpened, Verdict};
use crate::access::World;
use crate::change::{Change, Field, Subject};
use crate::fact::Fact;
use crate::identity::{Id, Kind};
use actions::{EVERYTHING, Names};

/// How many of those who gained are named.
const GAINERS_MAX: usize = 200;

/// How many lines tell in words what was gained.
const PHRASES_MAX: usize = 20;

/// What a change policy may ask of an effect of which everything is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Whether any permission, credential or way in moved.
    pub is_moving: bool,
    /// How far those who gained went before, the least of them; where nobody gained, the gravest.
    pub grade_before: Grade,
    /// How far the gravest of all goes now whom it concerns, by way of a credential or role too.
    pub grade_after: Grade,
    /// The actions that were gained; see [`Effect::asked`].
    pub gained: Vec<String>,
    /// The same in words, shortly.
    pub gained_phrases: Vec<String>,
    /// The actions that were lost.
    pub lost: Vec<String>,
    /// The techniques of the ways that opened.
    pub paths_opened: Vec<String>,
    /// How many principals it reaches, in how many accounts.
    pub reach: (usize, usize),
    /// The ARNs of those who gained.
    pub gainers: Vec<String>,
    /// Whether there are more of them.
    pub has_more_gainers: bool,
    /// Whether the principal that made the change gained.
    pub is_self_serving: bool,
    /// Whether somebody of another account gained, or may come in.
    pub crosses_account: bool,
    /// Whether everybody may come in.
    pub is_public: bool,
    /// Whether all users and roles that it concerns have a permissions boundary afterwards; none where
    /// that is not known.
    pub is_within_boundary: Option<bool>,
    /// The harm. Of a call that failed, that of the same call had it worked.
    pub severity: Option<Severity>,
}

impl Asked {
    /// What a call does that cannot move any permission.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            is_moving: false,
            grade_before: Grade::None,
            grade_after: Grade::None,
            gained: Vec::new(),
            gained_phrases: Vec::new(),
            lost: Vec::new(),
            paths_opened: Vec::new(),
            reach: (0, 0),
            gainers: Vec::new(),
            has_more_gainers: false,
            is_self_serving: false,
            crosses_account: false,
            is_public: false,
            is_within_boundary: Some(true),
            severity: None,
        }
    }
}

impl Effect {
    /// What a change policy may ask of it, or why that is not known. `world` is the one that it was
    /// judged in; `change` is there unless the call failed.
    ///
    /// What was gained names each action of IAM and of what else gives permissions, and each that
    /// manages permissions; of other services `SERVICE:*` stands for all of its actions, and `*` for
    /// all there are. Who may become somebody gains all that this one may do.
    pub fn asked(&self, world: World<'_>, change: Option<&Change>) -> Result<Asked, Vec<String>> {
        let doubts = self.doubts();
        if !doubts.is_empty() {
            return Err(doubts);
        }
        let (grade_before, grade_after) = self.grades();
        let (gainers, has_more_gainers) = self.gainers();
        let mut paths: Vec<String> =
            self.to_finding().paths_opened.into_iter().map(|path| path.technique).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut lost = Names::default();
        self.moved.iter().for_each(|moved| lost.add(&moved.change.lost));
        let gaining = self.moved.iter().filter(|moved| moved.gain.is_some());
        let mut phrases: Vec<String> = Vec::new();
        for line in gaining.flat_map(|moved| moved.gained.iter()) {
            if phrases.len() < PHRASES_MAX && !phrases.contains(line) {
                phrases.push(line.clone());
            }
        }
        let whole = self.is_attempt.then(|| Self { is_attempt: false, ..self.clone() });
        Ok(Asked {
            is_moving: self.verdict() != Verdict::Nothing,
            grade_before,
            grade_after,
            gained: self.gained(world).told(),
            gained_phrases: phrases,
            lost: lost.told(),
            paths_opened: paths,
            reach: self.reach(),
            gainers,
            has_more_gainers,
            is_self_serving: self.is_self_serving(),
            crosses_account: self.crosses_account(),
            is_public: self.gaining_entries().any(|entry| entry.who == Entrant::Anyone),
            is_within_boundary: self.is_within_boundary(world, change),
            severity: whole.as_ref().unwrap_or(self).severity(),
        })
    }

    fn gaining_entries(&self) -> impl Iterator<Item = &Entrance> {
        self.entries.iter().filter(|entry| entry.is_gain())
    }

    /// How far it goes, before and now. Of whoever comes in by a door or a way nobody knows how far he
    /// went before, so it counts as nothing.
    fn grades(&self) -> (Grade, Grade) {
        let known = |grade: Option<Grade>| grade.unwrap_or(Grade::None);
        let moved = self.moved.iter().filter(|moved| moved.gain.is_some());
        let moved = moved
            .map(|moved| (known(moved.grade_before), known(moved.grade_after.max(moved.gain))));
        let entered = self.gaining_entries().map(|entry| (Grade::None, known(entry.grade)));
        let given = self.credentials.iter().filter(|given| given.is_way_in());
        let given = given.map(|given| (known(given.grade_of_actor), known(given.grade)));
        let carriers = self.carriers.iter().filter(|carrier| carrier.is_gain());
        let carried =
            carriers.map(|carrier| (known(carrier.grade_before), known(carrier.grade_after)));
        let ways = self.ways().map(|path| (Grade::None, known(path.grade)));
        let gains: Vec<(Grade, Grade)> =
            moved.chain(entered).chain(given).chain(carried).chain(ways).collect();
        let all = self.moved.iter();
        let gravest = all.clone().map(|moved| known(moved.grade_before)).max();
        let before = gains.iter().map(|(before, _)| *before).min().or(gravest);
        let after = all.map(|moved| known(moved.grade_after)).chain(gains.iter().map(|one| one.1));
        (known(before), known(after.max()))
    }

    /// What was gained, by oneself or as somebody else.
    fn gained(&self, world: World<'_>) -> Names {
        let mut names = Names::default();
        self.moved.iter().for_each(|moved| names.add(&moved.change.gained));
        for entry in self.gaining_entries() {
            names.one("sts:AssumeRole");
            names.all_of(world, entry.account, Some(&entry.role));
        }
        for given in self.credentials.iter().filter(|given| given.is_way_in()) {
            names.all_of(world, given.account, Some(&given.owner));
        }
        for carrier in self.carriers.iter().filter(|carrier| carrier.is_gain()) {
            let name = carrier.after.as_deref().and_then(|label| label.strip_prefix("role/"));
            let model = world.model(self.account);
            let role =
                model.zip(name).and_then(|(model, name)| Some(&model.find(Kind::Role, name)?.id));
            names.all_of(world, self.account, role);
        }
        for path in self.ways() {
            let stands = path.to_arn.as_deref().and_then(|arn| found(world, arn));
            match stands {
                Some((account, id)) => names.all_of(world, account, Some(id)),
                None => names.one(EVERYTHING),
            }
        }
        names
    }

    fn gainers(&self) -> (Vec<String>, bool) {
        let moved = self.moved.iter().filter(|moved| moved.gain.is_some());
        let entered = self.gaining_entries().filter_map(|entry| match &entry.who {
            Entrant::Principal { arn, .. } | Entrant::Named(_, arn) => Some(arn.clone()),
            _ => None,
        });
        let ways = self.ways().filter_map(|path| path.from_arn.clone());
        let all: BTreeSet<String> =
            moved.map(|moved| moved.arn.clone()).chain(entered).chain(ways).collect();
        let has_more = all.len() > GAINERS_MAX;
        (all.into_iter().take(GAINERS_MAX).collect(), has_more)
    }

    fn crosses_account(&self) -> bool {
        let elsewhere = |account: AccountId| account != self.account;
        self.moved.iter().any(|moved| moved.gain.is_some() && elsewhere(moved.account))
            || self.credentials.iter().any(|given| elsewhere(given.account))
            // Who stands in no model may be anybody's.
            || !self.guests.is_empty()
            || self.gaining_entries().any(|entry| elsewhere(entry.account) || is_stranger(entry))
            || self.ways().any(joins_accounts)
    }

    fn is_within_boundary(&self, world: World<'_>, change: Option<&Change>) -> Option<bool> {
        // What a call that failed would have left behind is in no model.
        let change = change.filter(|_| !self.is_attempt)?;
        let mut bearers: BTreeSet<(AccountId, &Id)> = BTreeSet::new();
        for moved in self.moved.iter().filter(|moved| !moved.is_deleted) {
            match moved.bearer {
                Bearer::User | Bearer::Role => bearers.insert((moved.account, &moved.id)),
                Bearer::Root => return Some(false),
                Bearer::PermissionSet | Bearer::Person => return None,
                // Nobody holds these yet.
                Bearer::Group | Bearer::Policy | Bearer::Resources => false,
            };
        }
        for touched in change.touched.iter().filter(|touched| touched.field != Field::FirstSeen) {
            let Subject::Identity(Kind::User | Kind::Role, id) = &touched.subject else { continue };
            let after = change.after.identity(id);
            if after.is_some() && after != change.informed.identity(id) {
                bearers.insert((change.after.account(), id));
            }
        }
        bearers.extend(self.entries.iter().map(|entry| (entry.account, &entry.role)));
        bearers.extend(self.credentials.iter().map(|given| (given.account, &given.owner)));
        let mut all = Some(true);
        for (account, id) in bearers {
            match world.model(account).map(|model| model.boundary_of(id)) {
                Some(Fact::Known { value: Some(_), .. }) => {}
                Some(Fact::Known { value: None, .. }) => return Some(false),
                Some(Fact::Unknown { .. }) | None => all = None,
            }
        }
        all
    }
}

/// Whether whoever comes in may be of another account than the role.
fn is_stranger(entry: &Entrance) -> bool {
    match &entry.who {
        Entrant::Principal { account, .. } | Entrant::Account(account) => *account != entry.account,
        Entrant::Named(account, _) => *account != Some(entry.account),
        Entrant::Anyone => true,
        Entrant::Service(_) | Entrant::Federated(_) => false,
    }
}

fn joins_accounts(path: &PathOpened) -> bool {
    let account = |arn: &Option<String>| Arn::parse(arn.as_deref()?)?.account_id();
    match (account(&path.from_arn), account(&path.to_arn)) {
        (Some(from), Some(to)) => from != to,
        // A machine or service of the account has no ARN of a principal.
        _ => false,
    }
}

fn found<'a>(world: World<'a>, arn: &str) -> Option<(AccountId, &'a Id)> {
    let account = Arn::parse(arn)?.account_id()?;
    Some((account, &world.model(account)?.find_arn(arn)?.id))
}
