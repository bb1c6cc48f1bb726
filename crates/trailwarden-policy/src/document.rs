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

mod node;
mod read;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::condition::Condition;
use node::Node;

/// The longest text that is read: IAM takes 131,072 characters, white space included (IAM API
/// Reference, `PolicyDocument`), and URL encoding can triple them.
pub const BYTES_MAX: usize = 1 << 19;

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// `2012-10-17`, `2008-10-17`, or absent, which means the older one.
    pub version: Option<String>,
    /// The `Id` element.
    pub id: Option<String>,
    /// The statements that could be read, in order.
    pub statements: Vec<Statement>,
    /// What could not be read, or was read although AWS would refuse it.
    pub problems: Vec<Problem>,
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

/// Something in a document that AWS would refuse, or that this reader does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Position among the statements as written, from zero; `None` for the document itself.
    pub statement: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a part of a document. See [`Fault::costs_the_statement`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No `Statement` element.
    #[error("the document has no `Statement`")]
    NoStatement,
    /// A statement that is not an object.
    #[error("a statement must be an object")]
    NotAStatement,
    /// No `Effect`, or one that is neither Allow nor Deny.
    #[error("`Effect` must be `Allow` or `Deny`")]
    Effect,
    /// `allow` or `DENY`: read by its meaning, although AWS is strict about case here.
    #[error("`{0}` is spelled `Allow` or `Deny`")]
    EffectCase(String),
    /// An element whose value has the wrong form.
    #[error("`{0}` has a value of the wrong form")]
    Form(&'static str),
    /// An element and its opposite, `Action` and `NotAction`.
    #[error("`{0}` and its `Not` form cannot stand together")]
    Both(&'static str),
    /// Neither `Action` nor `NotAction`.
    #[error("a statement needs `Action` or `NotAction`")]
    NoAction,
    /// An element twice; both were read, the last `Effect`, `Sid`, `Version` and `Id` counts.
    #[error("`{0}` stands twice")]
    Twice(String),
    /// An element that is not part of the language as known here; it was passed over.
    #[error("`{0}` is not a policy element")]
    UnknownElement(String),
    /// A key under `Principal` that is not known; the statement was left out.
    #[error("`{0}` is not a kind of principal")]
    UnknownPrincipalKind(String),
}

impl Fault {
    /// Whether the statement was left out of [`Document::statements`].
    pub fn costs_the_statement(&self) -> bool {
        match self {
            Fault::EffectCase(_) | Fault::Twice(_) | Fault::UnknownElement(_) => false,
            Fault::Form(element) => !matches!(*element, "Sid" | "Version" | "Id"),
            Fault::NoStatement
            | Fault::NotAStatement
            | Fault::Effect
            | Fault::Both(_)
            | Fault::NoAction
            | Fault::UnknownPrincipalKind(_) => true,
        }
    }
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
    /// Not JSON, or nested too deeply.
    #[error("the policy text is not valid JSON")]
    Json(#[source] serde_json::Error),
    /// JSON, but not an object.
    #[error("a policy document must be a JSON object")]
    NotAnObject,
}

impl Document {
    /// Reads JSON text, URL-encoded JSON (as IAM's `Get*` calls reply) or a JSON string holding
    /// either.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > BYTES_MAX {
            return Err(Error::TooLong { bytes: text.len() });
        }
        let node = match parse_node(text)? {
            // A policy that a caller lifted out of another document with its quotes on.
            Node::Text(inner) => parse_node(&inner)?,
            node => node,
        };
        match node {
            Node::Members(members) => Ok(read::document(members)),
            Node::Null | Node::Text(_) | Node::List(_) => Err(Error::NotAnObject),
        }
    }

    /// Whether every statement of the text is in [`Document::statements`].
    pub fn is_complete(&self) -> bool {
        !self.problems.iter().any(|p| p.fault.costs_the_statement())
    }
}

impl Statement {
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

fn parse_node(text: &str) -> Result<Node, Error> {
    let text = text.trim_start_matches('\u{feff}').trim();
    // JSON never begins with `%`, and encoded JSON always does: `%7B` or encoded white space.
    let json = if text.starts_with('%') {
        percent_encoding::percent_decode_str(text).decode_utf8().map_err(Error::Encoding)?
    } else {
        Cow::Borrowed(text)
    };
    serde_json::from_str(&json).map_err(Error::Json)
}
