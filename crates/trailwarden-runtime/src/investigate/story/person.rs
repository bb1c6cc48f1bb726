//! The people of a story, and how one came from another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::Timestamp;

/// Somebody in the story.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Its number in this story, from 0.
    pub number: u32,
    /// How it belongs to the story.
    pub relation: Relation,
    /// `user`, `role`, `session`, `root`, `function`, `instance`...
    pub kind: String,
    /// Its name; of a session, the role's name and its own.
    pub name: String,
    /// Other names it had before.
    pub former_names: Vec<String>,
    /// Its ARN, when the logs tell it.
    pub arn: Option<String>,
    /// Its unique id, when the logs tell it.
    pub id: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// The access key by which it is followed, when it is followed by one.
    pub access_key: Option<String>,
    /// Whether all of its calls are surely part of the story.
    pub sure: bool,
    /// Why it is part of the story, and what else its calls may be.
    pub why: String,
    /// Time of its first call in the story; null when it made none.
    pub first_time: Option<Timestamp>,
    /// Time of its last call.
    pub last_time: Option<Timestamp>,
    /// How many calls it made.
    pub calls: u64,
    /// How many of them were denied.
    pub denied: u64,
    /// Where they came from; the first few.
    pub addresses: Vec<String>,
    /// Programs as they named themselves; the first few.
    pub user_agents: Vec<String>,
    /// Grade of its permissions at its first change: none, read, data, write, privesc, admin or
    /// unknown; null where nothing was judged.
    pub grade_first: Option<String>,
    /// The same at the end of the logs.
    pub grade_last: Option<String>,
    /// Of a session, what the policies that it began with let it do at most, shortly; empty where it
    /// has none, or no record shows how it began.
    #[serde(default)]
    pub limited_to: Vec<String>,
}

/// How an identity belongs to the story.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// It was asked for.
    Subject,
    /// A session that somebody in the story obtained.
    Session,
    /// Whoever holds an access key that somebody in the story made or woke.
    Key,
    /// A user or role that somebody in the story made.
    Made,
    /// A user whose console password somebody in the story set.
    Password,
    /// A session of a role whose trust somebody in the story changed.
    Backdoor,
    /// A function or instance that runs what somebody in the story gave it.
    Carrier,
    /// Somebody who gave something to, or changed something of, the story's identities. Not followed.
    Origin,
}

impl Relation {
    /// The word used in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Session => "session",
            Self::Key => "key",
            Self::Made => "made",
            Self::Password => "password",
            Self::Backdoor => "backdoor",
            Self::Carrier => "carrier",
            Self::Origin => "origin",
        }
    }
}

/// How one identity came from another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The one that acted, by number.
    pub from: u32,
    /// The one that came of it, by number.
    pub to: u32,
    /// `assumed`, `created`, `key for`, `password for`, `opened`, `launched`, `code for`, `changed`...
    pub how: String,
    /// How often.
    pub count: u64,
    /// When first.
    pub time: Timestamp,
    /// The first event.
    pub event_id: String,
    /// Its name.
    pub event_name: String,
}
