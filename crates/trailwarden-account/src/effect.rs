//! What a change does to who can do what.
//!
//! [`judge`] takes one [`Change`] and compares the permissions of whoever it touches before and
//! after: through attachments, groups, boundaries, organization policies, permission sets and the
//! conditions that read a name or a tag. Beside that it tells the ways in: who may newly enter a role,
//! who was given a credential, which machine got a role.
//!
//! # Invariants
//! - Nothing is missed: a comparison of all principals finds nobody moved who is not listed
//!   (`effect/properties.rs`).
//! - Learning is no change: what a record shows about its caller moves nobody.
//! - Doubt is told: what became unknown is neither gained nor lost, but listed.
//!
//! # Why not compare documents?
//! Another wording, another policy or a cap may give and take the same; only the sum counts.

mod actor;
mod attempt;
mod carrier;
mod credential;
mod directory;
mod entrance;
mod movement;
mod naming;
mod opened;
mod people;
#[cfg(test)]
mod properties;
mod scope;
mod severity;
mod tagging;
#[cfg(test)]
mod tests;
mod wire;
mod words;

use std::collections::BTreeSet;

use trailwarden_model::{AccountId, Severity};
use trailwarden_policy::reach::{self, Grade};

use crate::access::World;
use crate::change::Change;
use crate::identity::Id;

pub use actor::Actor;
pub use attempt::judge_attempt;
pub use carrier::Carrier;
pub use credential::{CredentialGiven, Means};
pub use entrance::{Entrance, Entrant};

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
    /// Who may no longer.
    pub shut: Vec<Entrance>,
    /// Credentials that were given out.
    pub credentials: Vec<CredentialGiven>,
    /// Instance profiles that got another role.
    pub carriers: Vec<Carrier>,
    /// Ways to more permissions that are open now, as the privilege graph tells them.
    pub opened: Vec<PathOpened>,
    /// Ways that are closed now.
    pub closed: Vec<PathOpened>,
    /// What could not be seen; see [`Effect::unknown_lines`].
    pub unknowns: Vec<String>,
    /// What else is worth saying.
    pub notes: Vec<String>,
    /// Whether the record leaves out whose permissions it changed, or to what.
    pub is_open_ended: bool,
    /// Whether the call failed, so that all this is only what it would have done.
    pub is_attempt: bool,
}

/// What the permissions of one bearer gained and lost.
#[derive(Clone, PartialEq, Debug)]
pub struct Moved {
    /// Its account.
    pub account: AccountId,
    /// Its unique id; of a permission set its ARN.
    pub id: Id,
    /// What it is.
    pub bearer: Bearer,
    /// Its ARN, as far as it is known.
    pub arn: String,
    /// Such as `user/bob`.
    pub label: String,
    /// How far it went before; none when that is not known.
    pub grade_before: Option<Grade>,
    /// How far it goes now, at least; none when that is not known.
    pub grade_after: Option<Grade>,
    /// How far the gain goes; none when nothing was gained.
    pub gain: Option<Grade>,
    /// Whether that depends on conditions.
    pub is_conditional: bool,
    /// How much is written to by what was gained.
    pub width: Width,
    /// What it may do now, shortly.
    pub gained: Vec<String>,
    /// What it may no longer do, shortly.
    pub lost: Vec<String>,
    /// Both in full: see [`reach::list`].
    pub change: reach::Change,
    /// What caps cut off.
    pub capped: Vec<Cap>,
    /// How far the gain would go without the caps; none when nothing was cut off.
    pub uncapped: Option<Grade>,
    /// Whether nobody holds it yet.
    pub is_latent: bool,
    /// Whether it is gone.
    pub is_deleted: bool,
    /// Whether the principal that made the change gains by it.
    pub is_actor: bool,
    /// How the actor gains by it, when he is not the bearer himself.
    pub through: Option<String>,
    /// Whether all that is said of it is certain.
    pub is_certain: bool,
}

/// What permissions belong to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Bearer {
    /// An IAM user.
    User,
    /// A role.
    Role,
    /// The root user.
    Root,
    /// A group that nobody is a member of.
    Group,
    /// A managed policy that nobody holds.
    Policy,
    /// A permission set of Identity Center.
    PermissionSet,
    /// A person or group of Identity Center.
    Person,
}

/// How much is written to by what was gained.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Width {
    /// Named resources, or only output of one's own such as logs.
    #[default]
    Scoped,
    /// Every resource, or the credentials, trust or data of others.
    Wide,
}

/// What cut off a gain.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cap {
    /// The permissions boundary, by its policy's name.
    Boundary(String),
    /// Service control policies at a level, by name.
    Scp(String),
}

/// One way to more permissions, of the privilege graph.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PathOpened {
    /// The technique's id.
    pub technique: String,
    /// From whom, such as `user/bob`.
    pub from: String,
    /// The unique id of that principal.
    pub from_id: Id,
    /// To whom.
    pub to: String,
    /// How far whoever stands at the end may go.
    pub grade: Grade,
    /// Whether the principal that made the change stands at its beginning.
    pub is_actor: bool,
    /// Whether it is open for certain.
    pub is_certain: bool,
}

/// What an effect comes to, in one word; the gravest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// Nobody may do more or less.
    Nothing,
    /// Only less is allowed.
    Narrower,
    /// More may be read.
    Reads,
    /// It cannot be told.
    Unknown,
    /// All that would be gained is cut off by a cap.
    Capped,
    /// More may be changed.
    Writes,
    /// Nobody holds it yet.
    Latent,
    /// Somebody may act as somebody else.
    Entry,
    /// Somebody gained the means to more permissions, or all of them.
    Escalates,
}

/// Judges a change. `world` holds all models; of the change's own account those of the change count.
#[must_use]
pub fn judge(world: World<'_>, change: &Change, actor: Option<&Actor>) -> Effect {
    let after = world.with(&change.after);
    let before = world.with(&change.informed);
    let mut effect = Effect::none(change.after.account());
    let scope = scope::Scope::of(before, after, change);
    let judging = Judging { before, after, change, actor };
    movement::judge(&judging, &scope, &mut effect);
    directory::judge(&judging, &mut effect);
    naming::judge(&judging, &mut effect);
    tagging::judge(&judging, &mut effect);
    entrance::judge(&judging, &mut effect);
    credential::judge(&judging, &mut effect);
    carrier::judge(&judging, &mut effect);
    people::tie(&judging, &mut effect);
    effect.finish();
    effect
}

/// What all parts of a judgement need.
struct Judging<'a> {
    before: World<'a>,
    after: World<'a>,
    change: &'a Change,
    actor: Option<&'a Actor>,
}

impl Effect {
    /// No effect.
    #[must_use]
    pub fn none(account: AccountId) -> Self {
        Self {
            account,
            moved: Vec::new(),
            entries: Vec::new(),
            shut: Vec::new(),
            credentials: Vec::new(),
            carriers: Vec::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            unknowns: Vec::new(),
            notes: Vec::new(),
            is_open_ended: false,
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
            || self.opened.iter().any(|path| path.is_actor)
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

    fn doubt(&mut self, line: String) {
        if !self.unknowns.contains(&line) {
            self.unknowns.push(line);
        }
    }

    fn finish(&mut self) {
        self.moved.sort_by_cached_key(|moved| {
            (std::cmp::Reverse(moved.rank()), moved.account, moved.bearer, moved.label.clone())
        });
    }
}

impl Moved {
    /// The severity of what it gained alone; none when that is no finding.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        severity::of_moved(self)
    }

    fn rank(&self) -> (Option<Severity>, bool, Option<Grade>, bool) {
        (self.severity(), self.is_actor, self.gain, !self.lost.is_empty())
    }
}
