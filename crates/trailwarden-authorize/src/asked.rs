//! What a policy may ask of one change: plain data that tests and outputs can carry.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::{Outcome, Severity, Timestamp};

/// All that a change policy may ask of one change. What is `None` is not known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// CloudTrail's `eventID`.
    pub event_id: String,
    /// CloudTrail's `eventTime`.
    pub time: Timestamp,
    /// The account whose permissions it is about, twelve digits.
    pub account: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Who made the call.
    pub actor: Actor,
    /// The call as IAM writes it: `iam:PutGroupPolicy`.
    pub action: String,
    /// What it was made on.
    pub target: Target,
    /// What became of it.
    pub outcome: Outcome,
    /// `sourceIPAddress` as written: an address, or a service's name.
    pub source: Option<String>,
    /// The service that made the call for the actor.
    pub via: Option<String>,
    /// Whether the record shows the console.
    pub from_console: bool,
    /// The tags that the call gives, empty where it gives none; `None` when they are not known.
    #[serde(default)]
    pub request_tags: Option<BTreeMap<String, String>>,
    /// What it does to permissions.
    pub effect: EffectFacts,
}

/// The direct caller.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// `user`, `role`, `root`, `service`, `account`, `federated_user`, `federated`,
    /// `identity_center_user` or `unknown`.
    pub kind: String,
    /// Its ARN; of a session, the role's, with its path where that is known.
    pub arn: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its path, with a slash at both ends.
    pub path: Option<String>,
    /// Its account, twelve digits.
    pub account: Option<String>,
    /// Its unique id.
    pub id: Option<String>,
    /// ARN of the session, whose last part is the session's name.
    pub session: Option<String>,
    /// The session's source identity.
    pub source_identity: Option<String>,
    /// ARN of the session's issuer.
    pub issuer: Option<String>,
    /// Whether the session was made with a second factor; `None` when the record does not say.
    pub mfa: Option<bool>,
    /// Its tags; `None` when they are not known.
    pub tags: Option<BTreeMap<String, String>>,
    /// Who was found behind it; `None` when nobody beyond the direct caller is known.
    pub behind: Option<Behind>,
}

/// A person, pipeline or service found by following temporary keys.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Behind {
    /// The same words as an actor's kind.
    pub kind: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// The identity provider that vouched for it.
    pub provider: Option<String>,
    /// Whom the provider vouched for, such as `repo:org/app:ref:refs/heads/main`.
    pub subject: Option<String>,
}

/// What the call was made on.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// `user`, `group`, `role`, `policy` and so on, as findings write it.
    pub kind: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its path, with a slash at both ends.
    pub path: Option<String>,
    /// Its account, twelve digits.
    pub account: Option<String>,
    /// Its unique id.
    pub id: Option<String>,
    /// Its tags; `None` when they are not known.
    pub tags: Option<BTreeMap<String, String>>,
}

/// What the change does to permissions, when that is known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EffectFacts {
    /// Some part of it is not known.
    Unknown {
        /// What is not known, each as findings say it.
        #[serde(default)]
        why: Vec<String>,
    },
    /// All of it is known.
    Known(KnownEffect),
}

/// The effect over all principals that the change touches.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownEffect {
    /// Whether any permission moved.
    pub moved: bool,
    /// The least grade before among those that gained.
    pub grade_before: Grade,
    /// The gravest grade that one of them has after.
    pub grade_after: Grade,
    /// Every action gained, as IAM writes it: `iam:PassRole`, `s3:*`.
    #[serde(default)]
    pub gained: Vec<String>,
    /// What was gained in the words of findings, for people; policies do not see it.
    #[serde(default)]
    pub gained_phrases: Vec<String>,
    /// Every action lost.
    #[serde(default)]
    pub lost: Vec<String>,
    /// Ids of the techniques that work now and did not before.
    #[serde(default)]
    pub paths_opened: Vec<String>,
    /// How many principals it concerns.
    #[serde(default)]
    pub reach_principals: u64,
    /// How many accounts it concerns.
    #[serde(default)]
    pub reach_accounts: u64,
    /// The actor, or who is behind it, gained.
    #[serde(default)]
    pub self_change: bool,
    /// Somebody of another account gained, or a door to another account opened.
    #[serde(default)]
    pub crosses_account: bool,
    /// Everyone may enter.
    #[serde(default)]
    pub public: bool,
    /// Whether every principal it touches ends with a permissions boundary; true when it touches
    /// none.
    pub within_boundary: Option<bool>,
    /// Severity by effect; `None` when it has none.
    pub severity: Option<Severity>,
}

/// How much a principal may do, weakest first.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Nothing.
    #[default]
    None,
    /// Learns what there is.
    Read,
    /// Reads what people keep there.
    Data,
    /// Changes something.
    Write,
    /// Can get more permissions by a known way.
    Privesc,
    /// Holds every permission, or may give it to itself at once.
    Admin,
}

impl Grade {
    /// Every grade, weakest first.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Read, Self::Data, Self::Write, Self::Privesc, Self::Admin];

    /// The word used in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Data => "data",
            Self::Write => "write",
            Self::Privesc => "privesc",
            Self::Admin => "admin",
        }
    }

    /// Its place in the order, from 0 to 5.
    #[must_use]
    pub fn rank(self) -> i64 {
        self as i64
    }

    /// The grade of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.as_str() == word)
    }
}

/// The place of a severity in the order: 0 for none, then 1 for info to 5 for critical.
#[must_use]
pub fn severity_rank(severity: Option<Severity>) -> i64 {
    severity.map_or(0, |severity| severity as i64 + 1)
}
