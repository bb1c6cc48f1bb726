//! A policy document as data.
//!
//! AWS stores only documents that it accepts, but logs also carry attempts that it refused, and the
//! language grows. So reading is tolerant: element names match in any case, one or many are the
//! same, and a statement that cannot be understood is left out and *listed*, without costing its
//! neighbours. A caller who must not miss anything looks at [`Document::problems`].
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy element
//! reference". There, the values of `Effect` are case-sensitive; a statement with `allow` is read
//! as `Allow` here, and listed.
//!
//! # Invariants
//! - Total: every text gives a document or an [`Error`].
//! - A statement is whole or absent: no condition is ever dropped from a kept statement.
//! - Every value of a document, kept or not, has its place ([`Places`]).

mod fault;
mod places;
mod read;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;

use crate::condition::Condition;
use crate::json::{self, JsonError, Node, Value};
use crate::span::Span;
pub use fault::{Fault, Problem};
pub use places::{ConditionPlaces, Element, ElementPlaces, Places, StatementPlaces, ValuePlace};

/// The longest text that is read: IAM takes 131,072 characters, white space included (IAM API
/// Reference, `PolicyDocument`), and URL encoding can triple them.
pub const BYTES_MAX: usize = 1 << 19;

/// A policy document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// `2012-10-17`, `2008-10-17`, or absent, which means the older one.
    pub version: Option<String>,
    /// The `Id` element.
    pub id: Option<String>,
    /// The statements that could be read, in order.
    pub statements: Vec<Statement>,
    /// What could not be read, or was read although AWS would refuse it.
    pub problems: Vec<Problem>,
    /// Where everything stands in the decoded text ([`Document::decode`]).
    pub places: Places,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The `Sid` element.
    pub sid: Option<String>,
    /// Allow or Deny.
    pub effect: Effect,
    /// `Principal`; an empty list when there is none, as in identity policies and SCPs.
    pub principals: Principals,
    /// `NotPrincipal`, when present.
    pub not_principals: Option<Principals>,
    /// `Action`; empty when absent.
    pub actions: Vec<String>,
    /// `NotAction`, when present: everything but these.
    pub not_actions: Option<Vec<String>>,
    /// `Resource`; empty when absent, as in trust policies.
    pub resources: Vec<String>,
    /// `NotResource`, when present: everything but these.
    pub not_resources: Option<Vec<String>>,
    /// All must hold; one per operator and key.
    pub conditions: Vec<Condition>,
}

/// What a statement does with a request that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

/// The principals of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// `"Principal": "*"`. (`{"AWS": "*"}` means the same and is kept as written.)
    Any,
    /// The listed ones.
    List(Vec<Principal>),
}

/// One principal as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal {
    /// The key it stood under.
    pub kind: PrincipalKind,
    /// ARN, account id, unique id, service name, provider...
    pub value: String,
}

/// The keys of a `Principal` element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// `AWS`: accounts, users, roles, sessions.
    Aws,
    /// `Service`.
    Service,
    /// `Federated`: identity providers.
    Federated,
    /// `CanonicalUser`: S3's account form.
    CanonicalUser,
}

/// A text that is no policy document at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Longer than [`BYTES_MAX`].
    #[error("the policy text has {bytes} bytes, more than the {BYTES_MAX} that are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Percent-encoded bytes that are not UTF-8.
    #[error("the URL-encoded policy text is not UTF-8")]
    Encoding(#[source] std::str::Utf8Error),
    /// Not JSON, or nested too deeply. The place is one in the decoded text ([`Document::decode`]).
    #[error("the policy text is not valid JSON: {0}")]
    Json(JsonError),
    /// JSON, but not an object.
    #[error("a policy document must be a JSON object")]
    NotAnObject,
}

impl Error {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Error::TooLong { .. } => {
                "check that this is a policy; IAM takes at most 131,072 characters".to_owned()
            }
            Error::Encoding(_) => {
                "decode the text with the tool that encoded it, then give the JSON".to_owned()
            }
            Error::Json(error) => error.help(),
            Error::NotAnObject => {
                r#"write `{"Version": "2012-10-17", "Statement": [...]}`"#.to_owned()
            }
        }
    }

    /// Where the fault stands in the decoded text; `None` when it is the whole text.
    pub fn span(&self) -> Option<Span> {
        match self {
            Error::Json(error) => Some(error.span),
            Error::TooLong { .. } | Error::Encoding(_) | Error::NotAnObject => None,
        }
    }
}

/// Documents are equal when they say the same; how and where it is written does not count.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
            && self.id == other.id
            && self.statements == other.statements
            && self.problems == other.problems
    }
}

impl Eq for Document {}

impl Document {
    /// Reads JSON text, URL-encoded JSON (as IAM's `Get*` calls reply) or a JSON string holding
    /// either. Places are those of the decoded text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let decoded = Self::decode(text)?;
        // Byte order mark and white space around a document are common in files, and harmless.
        let body = decoded.trim_start_matches(is_blank);
        let start = decoded.len() - body.len();
        let body = Span::new(start, start + body.trim_end_matches(is_blank).len());
        Self::from_node(&json::parse_within(&decoded, body).map_err(Error::Json)?)
    }

    /// The JSON text inside a URL-encoded or quoted one, to which all places refer; any other text
    /// is given back as it is.
    pub fn decode(text: &str) -> Result<Cow<'_, str>, Error> {
        if text.len() > BYTES_MAX {
            return Err(Error::TooLong { bytes: text.len() });
        }
        let decoded = percent_decoded(text)?;
        // A policy that a caller lifted out of another document with its quotes on.
        let quoted = decoded.trim_matches(is_blank);
        if quoted.starts_with('"')
            && let Ok(inner) = serde_json::from_str::<String>(quoted)
        {
            return Ok(Cow::Owned(percent_decoded(&inner)?.into_owned()));
        }
        Ok(decoded)
    }

    /// Reads a document that is part of a larger JSON text; places are those of that text.
    pub fn from_node(node: &Node) -> Result<Self, Error> {
        match &node.value {
            Value::Members(members) => Ok(read::document(node.span, members)),
            Value::Null | Value::Literal(_) | Value::Text(_) | Value::List(_) => {
                Err(Error::NotAnObject)
            }
        }
    }

    /// Whether every statement of the text is in [`Document::statements`], and says one thing.
    pub fn is_complete(&self) -> bool {
        !self.problems.iter().any(|p| p.fault.costs_the_statement() || p.fault.leaves_doubt())
    }

    /// Whether a statement, by its position in [`Document::statements`], says one thing: see
    /// [`Fault::leaves_doubt`].
    pub fn is_definite(&self, statement: usize) -> bool {
        let written = self.places.written.get(statement);
        !self.problems.iter().any(|problem| {
            let is_here = problem.statement.is_none() || problem.statement.as_ref() == written;
            problem.fault.leaves_doubt() && is_here
        })
    }
}

impl Statement {
    /// The statement that allows every action on every resource, without conditions.
    pub fn allowing_everything() -> Self {
        Self {
            sid: None,
            effect: Effect::Allow,
            principals: Principals::List(Vec::new()),
            not_principals: None,
            actions: vec!["*".to_owned()],
            not_actions: None,
            resources: vec!["*".to_owned()],
            not_resources: None,
            conditions: Vec::new(),
        }
    }

    /// Whether `Action` or `NotAction` covers this action; resources and conditions are not asked.
    pub fn covers_action(&self, action: &str) -> bool {
        let hit = |patterns: &[String]| {
            patterns.iter().any(|pattern| crate::pattern::action_matches(pattern, action))
        };
        match &self.not_actions {
            Some(excluded) => !hit(excluded),
            None => hit(&self.actions),
        }
    }
}

impl Principals {
    /// The listed principals; none for [`Principals::Any`].
    pub fn listed(&self) -> &[Principal] {
        match self {
            Principals::Any => &[],
            Principals::List(list) => list,
        }
    }

    /// Whether everyone is meant: `"*"` or `{"AWS": "*"}`.
    ///
    /// Source: IAM User Guide, "AWS JSON policy elements: Principal", all principals.
    pub fn is_everyone(&self) -> bool {
        match self {
            Principals::Any => true,
            Principals::List(list) => {
                list.iter().any(|p| p.kind == PrincipalKind::Aws && p.value == "*")
            }
        }
    }
}

fn percent_decoded(text: &str) -> Result<Cow<'_, str>, Error> {
    // JSON never begins with `%`, and encoded JSON always does: `%7B` or encoded white space.
    let encoded = text.trim_matches(is_blank);
    if !encoded.starts_with('%') {
        return Ok(Cow::Borrowed(text));
    }
    percent_encoding::percent_decode_str(encoded).decode_utf8().map_err(Error::Encoding)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}
