//! What a plan does to access: who gains and loses what, and what of that was used.
//!
//! The account is folded as it would be after the plan's calls, and judged like any other change; see
//! `trailwarden_account::foresee`. Here is only what is told of it.
//!
//! # Invariants
//! - What was not worked out is listed ([`Foreseen::not_foreseen`], [`Foreseen::unknowns`]); it never looks
//!   like nothing.
//! - A list that ends early says how many more there are, and all whom the plan hits are known even so
//!   ([`Unlisted`]).
//! - Without logs nothing is called unused: [`Affected::used`] is null.
//! - Texts are as strangers wrote them; whoever shows them escapes them.

mod beyond;
mod hits;
mod lines;
mod otherwise;
mod services;
mod uses;
mod ways;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::Timestamp;

pub use hits::{Strike, Unlisted};
pub use services::ServiceUsed;

/// How many calls are listed of each who loses something that he used; the rest is counted.
pub const CALLS_MAX: usize = 20;

/// What a plan does to access.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Foreseen {
    /// Whose permissions move: those who gain first, then those who lose what they used.
    pub principals: Vec<Affected>,
    /// How many more there are.
    pub more_principals: u64,
    /// Access keys and passwords that end, change or are given out.
    pub credentials: Vec<Credential>,
    /// Sessions that end, while new ones work.
    pub sessions: Vec<Sessions>,
    /// Who may enter a role newly, or no longer.
    pub doors: Vec<Door>,
    /// Ways to more permissions that close.
    pub paths_closed: Vec<Way>,
    /// Ways to more permissions that open.
    pub paths_opened: Vec<Way>,
    /// Policies and groups that are changed, with all who share them.
    pub shared: Vec<Shared>,
    /// Steps whose doing is not foreseen.
    pub not_foreseen: Vec<NotForeseen>,
    /// What is not known and may hide more.
    pub unknowns: Vec<String>,
    /// What of that is about steps that may take access away; left out where all of it may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_losses: Option<Vec<String>>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
    /// What the logs cover that tell of use; null when none were given.
    pub observed: Option<Observed>,
    /// How many more of each kind there are than the lists show, and whom of those the plan hits.
    #[serde(default, skip_serializing_if = "Unlisted::is_empty")]
    pub unlisted: Unlisted,
}

/// Whose permissions move.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Affected {
    /// The ARN of the user, role, group or policy, as far as it is known.
    pub arn: String,
    /// Whether nobody holds it, so that nobody gains or loses yet.
    pub is_latent: bool,
    /// How far it goes: `none`, `read`, `data`, `write`, `privesc`, `admin` or `unknown`.
    pub grade_before: String,
    /// How far it goes then.
    pub grade_after: String,
    /// What it may do then and could not before, shortly.
    pub gained: Vec<String>,
    /// What it may no longer do, shortly.
    pub lost: Vec<String>,
    /// When it may no longer do that.
    #[serde(default)]
    pub lost_when: LostWhen,
    /// What cuts off more that it would gain, such as a boundary.
    pub capped_by: Vec<String>,
    /// Whether all that is certain.
    pub is_certain: bool,
    /// The services and instance profiles that act as it.
    pub carried_by: Vec<String>,
    /// When it was last used, as AWS says.
    pub last_used: LastUsed,
    /// What it called of what it loses, the most frequent first; null when that is not known.
    pub used: Option<Vec<Used>>,
    /// How many more such calls there are.
    pub more_used: u64,
    /// How many calls it made of which nobody can say which permission they need.
    pub unmapped: u64,
    /// Services of what it loses whose calls no trail records unless somebody asked for it, and of which the logs
    /// hold none: whether they were used is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unrecorded: Vec<String>,
    /// The services of what it loses that AWS says it used, the latest first; none where AWS was not asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceUsed>,
}

/// When somebody may no longer do what is lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LostWhen {
    /// Whatever he does, but for conditions that the texts tell.
    #[default]
    Always,
    /// Without a second factor, which is also by an access key alone; with one all stays.
    WithoutMfa,
    /// In sessions that say that there was no second factor; with one, and by an access key, all stays.
    SessionWithoutMfa,
}

/// A call that was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Used {
    /// The permission that is lost, such as `s3:GetObject`.
    pub action: String,
    /// The call that needs it besides its own, where no record is about the permission itself.
    pub by: Option<String>,
    /// How often it was called and not refused.
    pub calls: u64,
    /// The first time.
    pub first: Option<Timestamp>,
    /// The last time.
    pub last: Option<Timestamp>,
    /// Whether such calls fail for certain; else it is lost for some things or at some times only.
    pub is_certain: bool,
}

/// When something was last used.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LastUsed {
    /// Nobody said.
    #[default]
    Unknown,
    /// Not in the time that AWS keeps.
    Never,
    /// Then.
    At {
        /// When.
        time: Timestamp,
        /// The service that was called, where that is told.
        service: Option<String>,
    },
}

/// A credential that ends, changes or is given out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Credential {
    /// The ARN of its owner.
    pub owner: String,
    /// What it is, such as `access key`.
    pub kind: String,
    /// Its id; never a secret. A password has none.
    pub id: Option<String>,
    /// What becomes of it.
    pub becomes: Becomes,
    /// When it was last used.
    pub last_used: LastUsed,
}

/// What becomes of a credential.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// It works then, and did not before.
    Given,
    /// It is switched off.
    Deactivated,
    /// It is deleted.
    Deleted,
    /// Another one takes its place.
    Replaced,
    /// It must be changed at the next use.
    MustChange,
    /// It is too old then, and nobody but an administrator can set another.
    Expired,
}

/// Sessions that end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Sessions {
    /// The ARN of the user or role.
    pub arn: String,
    /// They began before this time, as the policy writes it.
    pub began_before: String,
    /// What they may no longer do, shortly.
    pub lost: Vec<String>,
    /// When the user or role was last used, as AWS says.
    pub last_used: LastUsed,
}

/// Who may enter a role newly, or no longer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Door {
    /// The role's ARN.
    pub role: String,
    /// Who: an ARN, an account, a service, or `*` for everybody.
    pub who: String,
    /// The account of whoever it is, where there is one.
    pub account: Option<String>,
    /// Whether it opens.
    pub is_opened: bool,
    /// Whether it is only a part of what it was, or is open on other conditions.
    pub is_partly: bool,
    /// The conditions, each as it stands after "if"; of one that shuts, those on which it was open.
    pub conditions: Vec<String>,
    /// Of one that shuts in part, what must be so to enter still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
    /// Whether that is certain.
    pub is_certain: bool,
    /// When the role was last used, by anybody.
    pub last_used: LastUsed,
    /// How often whoever it is entered roles, where logs were given and he is of this account.
    pub used: Option<Used>,
}

/// A way to more permissions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// The technique's id.
    pub technique: String,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The conditions, each as it stands after "if".
    pub conditions: Vec<String>,
    /// Of a way that closes, what must be so for it or another one to lead there still; empty where nothing
    /// must, and null where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Vec<String>>,
}

/// A policy or group that is changed, with all who share it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Shared {
    /// The ARN of the policy or group.
    pub arn: String,
    /// ARNs of the users that it counts for, also by their groups.
    pub users: Vec<String>,
    /// ARNs of the groups that hold it.
    pub groups: Vec<String>,
    /// ARNs of the roles that hold it.
    pub roles: Vec<String>,
    /// ARNs of those whose permissions boundary it is.
    pub bounds: Vec<String>,
    /// Whether these are all.
    pub is_complete: bool,
}

/// A step whose doing is not foreseen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NotForeseen {
    /// The step.
    pub step: String,
    /// Its call, such as `s3:PutBucketPolicy`.
    pub call: String,
    /// Why.
    pub why: String,
}

/// What the logs cover that tell of use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Observed {
    /// The first record of the account.
    pub first: Timestamp,
    /// The last one.
    pub last: Timestamp,
    /// On how many days there is any.
    pub days: u64,
    /// Whether all calls were counted; else no call is called unused.
    pub is_complete: bool,
}

impl Affected {
    /// Whether it used what it loses, in the logs.
    #[must_use]
    pub fn breaks(&self) -> bool {
        self.used.as_ref().is_some_and(|used| !used.is_empty())
    }
}
