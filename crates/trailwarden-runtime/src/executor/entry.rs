//! One entry of the journal: what happened, chained to what was before.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use trailwarden_account::snapshot::{Answer, Outcome};
use trailwarden_model::Timestamp;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::canonical;

use super::{Approval, Direction, Sight, secrets};

/// What the first entry is chained to.
pub(super) const BEGINNING: &str = "trailwarden.journal/1";

/// An entry.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub sequence: u64,
    /// When it was written.
    pub time: Timestamp,
    /// The run that it is about; none for what concerns the journal itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The hash of the entry before.
    pub previous: String,
    /// SHA-256 over the canonical JSON of all other members, in hexadecimal digits.
    pub hash: String,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A run began. Nothing was changed yet.
    Begun {
        /// What is carried out, whole.
        plan: Box<Plan>,
        /// Who approved it.
        approval: Approval,
        /// The ARN of who runs it.
        caller: String,
    },
    /// To what the plan's preview was held, where the plan may move access.
    Foreseen {
        /// To what.
        by: Sight,
        /// What is not known and the preview does not say, where that was accepted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unknown: Vec<String>,
    },
    /// A run is gone on with, or taken back.
    Continued {
        /// Which of the two.
        direction: Direction,
        /// Who approved it.
        approval: Approval,
        /// The ARN of who runs it.
        caller: String,
    },
    /// Whether the plan takes access away from who runs it was not known, and that was accepted.
    Accepted {
        /// Why it was not known.
        doubts: Vec<String>,
    },
    /// A call is about to be made.
    Calling {
        /// Whether it is the step's own or takes it back.
        direction: Direction,
        /// The step.
        step: String,
        /// The operation, such as `iam:PutUserPolicy`.
        call: String,
        /// Its parameters; secrets stand as `{"$made": ..}`.
        input: Value,
        /// What AWS said of the state before.
        before: Vec<Answer>,
    },
    /// AWS carried it out.
    Replied {
        /// Whether it was the step's own or took it back.
        direction: Direction,
        /// The step.
        step: String,
        /// What it replied, less secrets.
        reply: Value,
    },
    /// The call changed nothing: AWS refused it, it was not sent, or AWS shows that it never happened.
    NotDone {
        /// Whether it was the step's own or would have taken it back.
        direction: Direction,
        /// The step.
        step: String,
        /// Why.
        cause: String,
    },
    /// No answer came: nobody knows whether AWS carried it out.
    Unanswered {
        /// Whether it was the step's own or takes it back.
        direction: Direction,
        /// The step.
        step: String,
        /// What happened.
        cause: String,
    },
    /// The secrets of a step were handed over.
    Handed {
        /// Whether it was the step's own or takes it back.
        direction: Direction,
        /// The step.
        step: String,
    },
    /// AWS shows that the call was carried out.
    Held {
        /// Whether it was the step's own or took it back.
        direction: Direction,
        /// The step.
        step: String,
        /// What is not as before, after an undo, less what the plan calls volatile.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        differs: Vec<String>,
    },
    /// The step cannot be taken back, and stays.
    Kept {
        /// The step.
        step: String,
        /// Why.
        reason: String,
    },
    /// It ended before its end.
    Stopped {
        /// Whether it was carried out or taken back.
        direction: Direction,
        /// Why, as it was told.
        reason: String,
    },
    /// It ended.
    Ended {
        /// Whether it was carried out or taken back.
        direction: Direction,
    },
    /// The end of the journal was torn by a crash, and was cut off. Nothing that it announced was done.
    Mended {
        /// How many bytes.
        bytes: u64,
    },
}

impl Event {
    /// Takes out what no entry may hold, should whoever appends have left it in.
    pub(super) fn drop_secrets(&mut self) {
        match self {
            Self::Calling { input, before, .. } => {
                secrets::taken_out(input);
                for answer in before {
                    if let Outcome::Got { body } = &mut answer.outcome {
                        secrets::taken_out(body);
                    }
                }
            }
            Self::Replied { reply, .. } => {
                secrets::taken_out(reply);
            }
            _ => {}
        }
    }
}

/// The hash that belongs to an entry's JSON.
pub(super) fn hash_of(entry: &Value) -> String {
    let mut entry = entry.clone();
    if let Some(members) = entry.as_object_mut() {
        members.remove("hash");
    }
    let digest = Sha256::digest(canonical(&entry).as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
