//! The header of an entry: what programs ask of it.

use serde::Deserialize;
use trailwarden_model::Severity;

/// The header, TOML between two lines of `+++`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What happened, in a few words: `A user is renamed or moved to another path`.
    pub title: String,
    /// How much of it is written down.
    pub depth: Depth,
    /// What kind of event it is.
    pub kind: Kind,
    /// `eventSource` of its records.
    pub source: String,
    /// The permissions that the call needs.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// What of its parameters matters to a reader of logs.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// What can go wrong, the gravest first.
    #[serde(default)]
    pub risks: Vec<Risk>,
    /// Other events that a reader will want to see, as `service:EventName`.
    #[serde(default)]
    pub related: Vec<String>,
    /// Ids of remediations, beyond those that its detections offer.
    #[serde(default)]
    pub remedies: Vec<String>,
    /// Ids of posture checks that look at what it changes.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Titles of the pages of AWS's documentation on it.
    pub pages: Vec<String>,
}

/// How much of an event is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// All sections.
    Full,
    /// What it does and what can go wrong.
    Short,
}

/// What kind of event it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A call that changes something.
    Write,
    /// A call that only asks.
    Read,
    /// A call that gives out credentials.
    Credentials,
    /// Somebody signs in, or what belongs to it.
    SignIn,
    /// AWS itself reports something; nobody called.
    Service,
    /// A permission without a call of its own, and so without a record.
    NoCall,
}

impl Kind {
    /// How it is said in a line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Write => "a call that changes something",
            Self::Read => "a call that only asks",
            Self::Credentials => "a call that gives out credentials",
            Self::SignIn => "part of signing in",
            Self::Service => "reported by AWS itself",
            Self::NoCall => "a permission without a call of its own",
        }
    }
}

/// A parameter that matters.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name as it stands in `requestParameters`; `response.NAME` for one of `responseElements`, `extra.NAME` for one of `additionalEventData`, and
    /// `event.NAME` for one of the record itself.
    pub name: String,
    /// What it means.
    pub meaning: String,
}

/// Something that can go wrong.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What somebody can do with it.
    pub text: String,
    /// How bad that is.
    pub severity: Severity,
    /// Ids of ATT&CK techniques, of the release that trailwarden uses.
    #[serde(default)]
    pub attack: Vec<String>,
}
