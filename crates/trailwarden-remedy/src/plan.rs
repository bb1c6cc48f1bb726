//! A plan: which calls put something right, what must hold before each, and how each is taken back.
//!
//! The serde names here are the wire contract `trailwarden.plan/1`. A plan is made once and never
//! changed: [`Plan::digest`] covers all of it, and whoever approves one approves that digest.
//!
//! # Invariants
//! - The digest does not depend on the order in which members were written, nor on white space.
//! - No secret stands in a plan: [`Argument::Made`] names one that is made when the call is.
//! - What a step takes for granted stands in its preconditions, so that its inverse, which restores
//!   exactly that, is known when the plan is made.

mod digest;
pub mod foreseen;
mod inverses;
mod needs;
mod preview;
mod read;
mod said;
mod size;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trailwarden_model::Timestamp;

pub use digest::canonical;
pub use foreseen::Foreseen;
pub use preview::{Preview, Summary};
pub use read::Error;
pub use size::{Excess, PRINCIPALS_MAX, STEPS_MAX};

/// The schema name that every plan carries.
pub const SCHEMA: &str = "trailwarden.plan/1";

/// Calls that put something right, in order. See the module.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Always `trailwarden.plan/1`.
    pub schema: String,
    /// SHA-256 over the canonical JSON of all other members, in hexadecimal digits.
    pub digest: String,
    /// When the plan was made.
    pub created: Timestamp,
    /// The account that it changes, twelve digits.
    pub account: String,
    /// The instant that the plan's knowledge of the account is of.
    pub model_time: Timestamp,
    /// The calls.
    pub steps: Vec<Step>,
    /// What a reader should know before approving.
    pub preview: Preview,
}

/// One call with its undo.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Its number in the plan, from `1`; later steps refer to it.
    pub id: String,
    /// The finding that it answers.
    pub finding: Option<String>,
    /// What it is for, in a few words.
    pub purpose: String,
    /// The service, as the AWS CLI calls it.
    pub service: String,
    /// Where the call must be made; null for services that have no regions.
    pub region: Option<String>,
    /// The operation, as the service's API reference calls it.
    pub operation: String,
    /// Its parameters.
    pub input: Input,
    /// What must hold right before the call.
    pub preconditions: Vec<Check>,
    /// What to keep of the state before the call.
    pub capture: Vec<Capture>,
    /// The call that takes it back; null when there is none.
    pub inverse: Option<Inverse>,
    /// Why it cannot be taken back, or what of it is not.
    pub inverse_reason: Option<String>,
    /// Members of the state that an undo does not bring back, such as dates.
    pub volatile: Vec<String>,
    /// The permissions that all of it needs, reads included.
    pub permissions: Vec<Permission>,
}

/// The parameters of a call, by name.
pub type Input = BTreeMap<String, Argument>;

/// The value of a parameter.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Argument {
    /// `{"$made": "password"}`: a secret that is made, or asked for, when the call is made.
    Made {
        /// Which kind of secret.
        #[serde(rename = "$made")]
        made: Made,
    },
    /// `{"$result": {...}}`: a part of what an earlier call replied.
    Result {
        /// Which part.
        #[serde(rename = "$result")]
        result: Reply,
    },
    /// The value itself, as the API takes it.
    Plain(Value),
}

/// A kind of secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Made {
    /// A password for the console.
    Password,
}

/// A part of the reply to a call of the plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reply {
    /// The step that made the call.
    pub step: String,
    /// The members that lead to it.
    pub path: Vec<String>,
}

/// A call that takes a step back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Inverse {
    /// The service.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// Its parameters.
    pub input: Input,
}

/// A question to AWS, and what its answer must be.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// The service.
    pub service: String,
    /// The operation, one that reads.
    pub operation: String,
    /// Its parameters.
    pub input: Input,
    /// The way into the answer.
    pub path: Vec<Part>,
    /// What must be there.
    pub expected: Expected,
}

/// A step into an answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Part {
    /// Into a member.
    Member(String),
    /// To the first item of a list whose members have these values, which may be a part of a reply as in
    /// parameters.
    Where(BTreeMap<String, Value>),
}

/// What must be at a place of an answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// This value.
    Equals(Argument),
    /// Any value but this.
    Differs(Argument),
    /// This policy document, whether the answer has it as text or as JSON.
    Document(Value),
    /// Something.
    Present,
    /// Nothing: the place is empty, or AWS says that there is no such thing.
    Absent,
}

/// An answer to keep from before a call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Capture {
    /// The service.
    pub service: String,
    /// The operation, one that reads.
    pub operation: String,
    /// Its parameters.
    pub input: Input,
}

/// One permission.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Permission {
    /// The action, such as `iam:UpdateAccessKey`.
    pub action: String,
    /// The resource's ARN, or `*` where the action takes none.
    pub resource: String,
}

impl Plan {
    /// Steps that no summary of the preview names, in a plan that somebody wrote by hand.
    pub(crate) fn untold(&self) -> impl Iterator<Item = &Step> {
        let told = |id: &String| self.preview.remedies.iter().any(|it| it.steps.contains(id));
        self.steps.iter().filter(move |step| !told(&step.id))
    }

    /// Whether an earlier step makes something: where its call is refused since there is no such thing, that may
    /// only not show everywhere yet ("Changes that I make are not always immediately visible", IAM User
    /// Guide).
    #[must_use]
    pub fn follows_maker(&self, step: &Step) -> bool {
        let mut earlier = self.steps.iter().take_while(|other| other.id != step.id);
        earlier.any(|other| other.operation.starts_with("Create"))
    }

    /// Whether some step cannot be taken back.
    #[must_use]
    pub fn is_irreversible(&self) -> bool {
        self.steps.iter().any(|step| step.inverse.is_none())
    }
}

impl Argument {
    /// What a plan's JSON writes so.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        serde_json::from_value(value.clone()).unwrap_or_else(|_| Self::Plain(value.clone()))
    }

    /// The text that it is, when it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Plain(value) => value.as_str(),
            Self::Made { .. } | Self::Result { .. } => None,
        }
    }

    /// The value that it is, when it is known.
    #[must_use]
    pub fn as_plain(&self) -> Option<&Value> {
        match self {
            Self::Plain(value) => Some(value),
            Self::Made { .. } | Self::Result { .. } => None,
        }
    }
}

impl<T: Into<Value>> From<T> for Argument {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

/// The JSON Schema of a plan.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Plan)
}
