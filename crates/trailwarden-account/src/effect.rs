//! What a change does to who can do what.
//!
//! [`judge`] takes one [`Change`] and compares the permissions of whoever it touches before and
//! after: through attachments, groups, boundaries, organization policies, permission sets and the
//! conditions that read a name or a tag. Beside that it tells the ways in: who may newly enter a role,
//! who was given a credential, which machine got a role.
//!
//! # Invariants
//! - Nothing is missed: a comparison of all principals finds nobody moved who is not listed
//!   (`effect/tests/properties.rs`).
//! - Learning is no change: what a record shows about its caller moves nobody.
//! - Doubt is told: what became unknown is neither gained nor lost, but listed.
//! - That nothing changed is said only when before and after are known (`effect/tests/known.rs`).
//!
//! # Why not compare documents?
//! Another wording, another policy or a cap may give and take the same; only the sum counts.

mod actor;
mod asked;
mod attempt;
mod behind;
mod carrier;
mod cause;
mod credential;
mod directory;
mod entrance;
mod guarded;
mod guests;
mod holders;
mod later;
mod movement;
mod naming;
mod opened;
mod parts;
mod people;
mod phrases;
mod proven;
mod provider;
mod scope;
mod severity;
mod tagging;
#[cfg(test)]
mod tests;
mod wire;
mod words;

use std::collections::BTreeSet;

use trailwarden_model::AccountId;

use crate::access::World;
use crate::change::{Change, Touched};
use crate::identity::Id;
use later::Turns;

pub use actor::Actor;
pub use asked::Asked;
pub use attempt::judge_attempt;
pub use behind::FOUND_MAX as BEHIND_MAX;
pub use carrier::Carrier;
pub use credential::{CredentialGiven, CredentialTaken, Means};
pub use entrance::{Comers, Comes, Entrance, Entrant, ShutOut, shut_out};
pub use later::Later;
pub use parts::{Bearer, Cap, Exceptions, Moved, PathOpened, Verdict, Width};
pub use phrases::Phrases;
pub use severity::of_gain;

/// How many unknowns are listed; of the others the number is told.
pub const UNKNOWNS_MAX: usize = 8;

/// What one change did.
#[derive(Clone, PartialEq, Debug)]
pub struct Effect {
    /// The account whose record it is.
    pub account: AccountId,
    /// Whose permissions moved: the gravest first.
    pub moved: Vec<Moved>,
    /// Who may newly enter a role.
    pub entries: Vec<Entrance>,
    /// Who stands in no model and may enter a role, by its id, and so comes to what it gained; in words.
    pub guests: Vec<(Id, String)>,
    /// Who it is that enters by what a provider has newly, where others entered by it before; in words.
    pub vouching: Option<String>,
    /// Who may no longer.
    pub shut: Vec<Entrance>,
    /// Credentials that were given out.
    pub credentials: Vec<CredentialGiven>,
    /// Credentials that were deleted or switched off.
    pub taken: Vec<CredentialTaken>,
    /// Instance profiles that got another role.
    pub carriers: Vec<Carrier>,
    /// Ways to more permissions that are open now, as the privilege graph tells them.
    pub opened: Vec<PathOpened>,
    /// Ways that were open before to whoever gained, and so lead further now.
    pub behind: Vec<PathOpened>,
    /// Ways that are closed now.
    pub closed: Vec<PathOpened>,
    /// How many more ways opened than are kept.
    pub more_opened: usize,
    /// How many more ways closed than are kept.
    pub more_closed: usize,
    /// What could not be seen; see [`Effect::unknown_lines`].
    pub unknowns: Vec<String>,
    /// What else is worth saying.
    pub notes: Vec<String>,
    /// What it will come to when a window of time opens, where that is more than today.
    pub later: Option<Later>,
    /// What was done, in a few words, where the record's target does not say it.
    pub cause: Option<String>,
    /// What was taken off that a call of the same second put there: of neither it is known whether it
    /// came last.
    pub unordered: Vec<Touched>,
    /// Whether a name or path changed.
    pub is_renaming: bool,
    /// Whether what is unknown gives no reason to doubt: nothing of it points at this change.
    pub is_quiet_as_far_as_known: bool,
    /// Whether the record leaves out whose permissions it changed or to what, or nobody has seen what
    /// it put there or took off.
    pub is_open_ended: bool,
    /// Why the call could not have worked, where it failed and does not fit what was seen.
    pub futile: Option<&'static str>,
    /// Whether the call failed, so that all this is only what it would have done.
    pub is_attempt: bool,
}

/// Judges a change. `world` holds all models; of the change's own account those of the change count.
#[must_use]
pub fn judge(world: World<'_>, change: &Change, actor: Option<&Actor>) -> Effect {
    judge_completed(world, &change.proven(), actor)
}

fn judge_completed(world: World<'_>, change: &Change, actor: Option<&Actor>) -> Effect {
    let (mut effect, turns) = judge_at(world, change, actor);
    effect.later = Later::of(world, change, actor, &effect, turns);
    effect
}

/// Judges a change as it counts at the time of that world, and tells when it may count otherwise.
fn judge_at(world: World<'_>, change: &Change, actor: Option<&Actor>) -> (Effect, Turns) {
    let after = world.with(&change.after);
    let before = world.with(&change.informed);
    let mut effect = Effect::none(change.after.account());
    let scope = scope::Scope::of(before, after, change);
    let judging = Judging { before, after, change, actor, turns: Turns::default() };
    movement::judge(&judging, &scope, &mut effect);
    guests::judge(&judging, &mut effect);
    directory::judge(&judging, &mut effect);
    guarded::judge(&judging, &mut effect);
    naming::judge(&judging, &mut effect);
    tagging::judge(&judging, &mut effect);
    entrance::judge(&judging, &mut effect);
    credential::judge(&judging, &mut effect);
    carrier::judge(&judging, &mut effect);
    provider::judge(&judging, &mut effect);
    people::tie(&judging, &mut effect);
    cause::tell(&judging, &mut effect);
    effect.finish();
    (effect, judging.turns)
}

/// What all parts of a judgement need.
struct Judging<'a> {
    before: World<'a>,
    after: World<'a>,
    change: &'a Change,
    actor: Option<&'a Actor>,
    turns: Turns,
}

impl Effect {
    /// No effect.
    #[must_use]
    pub fn none(account: AccountId) -> Self {
        Self {
            account,
            moved: Vec::new(),
            entries: Vec::new(),
            guests: Vec::new(),
            vouching: None,
            shut: Vec::new(),
            credentials: Vec::new(),
            taken: Vec::new(),
            carriers: Vec::new(),
            opened: Vec::new(),
            behind: Vec::new(),
            closed: Vec::new(),
            more_opened: 0,
            more_closed: 0,
            unknowns: Vec::new(),
            notes: Vec::new(),
            later: None,
            cause: None,
            unordered: Vec::new(),
            is_renaming: false,
            is_quiet_as_far_as_known: false,
            is_open_ended: false,
            futile: None,
            is_attempt: false,
        }
    }

    /// The same as what a call that failed would have done.
    #[must_use]
    pub fn attempted(self) -> Self {
        Self { is_attempt: true, ..self }
    }

    /// Whether nothing moved and nothing is in doubt.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.verdict() == Verdict::Nothing
    }

    /// Whether only something was lost.
    #[must_use]
    pub fn is_narrowing(&self) -> bool {
        self.verdict() == Verdict::Narrower
    }

    /// Whether the principal that made the change gained by it.
    #[must_use]
    pub fn is_self_serving(&self) -> bool {
        self.moved.iter().any(|moved| moved.is_actor && moved.gain.is_some())
            || self.entries.iter().any(|entry| entry.is_actor && entry.is_gain())
            || self.credentials.iter().any(CredentialGiven::is_gain_of_actor)
            || self.ways().any(|path| path.is_actor)
    }

    /// How many principals it reaches, in how many accounts.
    #[must_use]
    pub fn reach(&self) -> (usize, usize) {
        let mut principals: BTreeSet<(Option<AccountId>, &str)> = BTreeSet::new();
        principals.extend(self.moved.iter().map(|moved| (Some(moved.account), moved.id.as_str())));
        let entries = self.entries.iter().chain(&self.shut);
        principals.extend(entries.map(|entry| (entry.who.account(), entry.who.name())));
        let given = self.credentials.iter();
        principals.extend(given.map(|given| (Some(given.account), given.owner.as_str())));
        let taken = self.taken.iter();
        principals.extend(taken.map(|taken| (Some(taken.account), taken.owner.as_str())));
        let accounts: BTreeSet<AccountId> =
            principals.iter().filter_map(|(account, _)| *account).collect();
        (principals.len(), accounts.len())
    }

    /// What could not be seen, shortly: at most [`UNKNOWNS_MAX`] lines, then how many more.
    #[must_use]
    pub fn unknown_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.unknowns.iter().take(UNKNOWNS_MAX).cloned().collect();
        if let Some(more @ 1..) = self.unknowns.len().checked_sub(UNKNOWNS_MAX) {
            lines.push(format!("and {more} more"));
        }
        lines
    }

    /// All ways that lead further than before.
    pub fn ways(&self) -> impl Iterator<Item = &PathOpened> {
        self.opened.iter().chain(&self.behind)
    }

    fn doubt(&mut self, line: String) {
        self.unknowns.push(line);
    }

    fn finish(&mut self) {
        // Thousands may be in doubt by one change, so each is not looked for among all.
        let mut seen = BTreeSet::new();
        self.unknowns.retain(|line| seen.insert(line.clone()));
        self.moved.sort_by_cached_key(|moved| {
            (std::cmp::Reverse(moved.rank()), moved.account, moved.bearer, moved.label.clone())
        });
    }
}
