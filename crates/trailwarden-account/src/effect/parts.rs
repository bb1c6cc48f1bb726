//! The parts of an effect: who moved, what capped it, which ways opened.

use trailwarden_model::{AccountId, Severity};
use trailwarden_policy::reach::{self, Grade};

use super::Phrases;
use crate::identity::Id;

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
    /// What it may do now, shortly; where `gain` is none, what nothing known keeps it from any more.
    pub gained: Phrases,
    /// What it may no longer do, shortly.
    pub lost: Phrases,
    /// What "unless" in these lines stands for.
    pub exceptions: Exceptions,
    /// Both in full: see [`reach::list`].
    pub change: reach::Change,
    /// What caps cut off.
    pub capped: Vec<Cap>,
    /// How far it would go without the caps, or if what was not seen allows all that was released;
    /// none when nothing was cut off or released.
    pub uncapped: Option<Grade>,
    /// Whether nobody holds it yet.
    pub is_latent: bool,
    /// Of a permission set, whether it counts only once it is brought into the accounts where it is.
    pub is_unprovisioned: bool,
    /// Whether it is gone.
    pub is_deleted: bool,
    /// Whether the principal that made the change gains by it.
    pub is_actor: bool,
    /// How the actor gains by it, when he is not the bearer himself.
    pub through: Option<String>,
    /// Whether all that is said of it is certain.
    pub is_certain: bool,
}

/// Whether exceptions are those of the other side of the comparison: whoever could do it under a
/// condition before and can without it now has gained it "unless that condition holds". Else a Deny of
/// the same side makes them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Exceptions {
    /// What was gained is excepted where it was allowed before.
    pub of_before: bool,
    /// What was lost is excepted where it is allowed still.
    pub of_after: bool,
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
    /// What an account owns, under resource control policies.
    Resources,
}

/// How much is written to by what was gained.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Width {
    /// Only output of one's own such as log lines, as AWS's own policies give it to every function.
    Own,
    /// Named resources.
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
    /// The ARN of that principal, where it has one.
    pub from_arn: Option<String>,
    /// The unique id of that principal.
    pub from_id: Id,
    /// To whom.
    pub to: String,
    /// The ARN of whoever stands there, where it has one.
    pub to_arn: Option<String>,
    /// How far whoever stands at the end may go; `None` is unknown.
    pub grade: Option<Grade>,
    /// Whether the principal that made the change stands at its beginning.
    pub is_actor: bool,
    /// Whether it is open for certain, and leads as far for certain.
    pub is_certain: bool,
    /// All that must be so for it to be open, each as it stands after "if".
    pub conditions: Vec<String>,
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
    /// Something is denied no more to somebody of whom nobody knows what else he is allowed.
    Released,
    /// All that would be gained is cut off by a cap.
    Capped,
    /// More may be changed.
    Writes,
    /// Nobody holds it yet, or it counts from a later time on.
    Latent,
    /// Somebody may act as somebody else.
    Entry,
    /// Somebody gained the means to more permissions, or all of them.
    Escalates,
}

impl Moved {
    /// The severity of what it gained alone; none when that is no finding.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        super::severity::of_moved(self)
    }

    pub(super) fn rank(&self) -> (Option<Severity>, bool, Option<Grade>, bool) {
        (self.severity(), self.is_actor, self.gain, !self.lost.is_empty())
    }
}
