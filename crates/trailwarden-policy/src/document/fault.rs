//! What can be wrong with a document, or with a part of it.

use super::Element;
use crate::span::Span;

/// Something in a document that AWS would refuse, or that this reader does not know.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Position among the statements as written, from zero; `None` for the document itself.
    pub statement: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
    /// Where it stands in the decoded text.
    pub span: Span,
}

/// Problems are equal when they say the same of the same statement, wherever that is written.
impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        self.statement == other.statement && self.fault == other.fault
    }
}

impl Eq for Problem {}

impl Problem {
    /// What to do about it.
    pub fn help(&self) -> String {
        self.fault.help()
    }
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
    /// No `Effect`.
    #[error("a statement needs `Effect`")]
    NoEffect,
    /// An `Effect` that is neither Allow nor Deny.
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
    /// A name twice in one object; both were read, of `Effect`, `Sid`, `Version` and `Id` the last.
    /// See [`Fault::leaves_doubt`].
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
    /// Whether the statement was left out of [`super::Document::statements`].
    pub fn costs_the_statement(&self) -> bool {
        match self {
            Fault::EffectCase(_) | Fault::Twice(_) | Fault::UnknownElement(_) => false,
            Fault::Form(element) => !matches!(*element, "Sid" | "Version" | "Id"),
            Fault::NoStatement
            | Fault::NotAStatement
            | Fault::NoEffect
            | Fault::Effect
            | Fault::Both(_)
            | Fault::NoAction
            | Fault::UnknownPrincipalKind(_) => true,
        }
    }

    /// Whether what it is in may mean two things: a name stands twice, and AWS does not tell which
    /// of the two counts. `Sid` and `Id` decide nothing.
    pub fn leaves_doubt(&self) -> bool {
        let decides = |name: &str| !["Sid", "Id"].iter().any(|id| id.eq_ignore_ascii_case(name));
        matches!(self, Fault::Twice(name) if decides(name))
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Fault::NoStatement => "add `\"Statement\": [...]` with at least one statement".to_owned(),
            Fault::NotAStatement => {
                "write `{\"Effect\": ..., \"Action\": ..., \"Resource\": ...}`".to_owned()
            }
            Fault::NoEffect => "add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`".to_owned(),
            Fault::Effect => "write `Allow` or `Deny`".to_owned(),
            Fault::EffectCase(text) if text.eq_ignore_ascii_case("Allow") => {
                "write `Allow`".to_owned()
            }
            Fault::EffectCase(_) => "write `Deny`".to_owned(),
            Fault::Form("Condition") => {
                "write `{\"StringEquals\": {\"aws:PrincipalTag/team\": \"ops\"}}`: operator, key, text or list of texts".to_owned()
            }
            Fault::Form(element @ ("Principal" | "NotPrincipal")) => format!(
                "write `\"{element}\": \"*\"`, or an object such as `{{\"AWS\": \"arn:aws:iam::111122223333:root\"}}`"
            ),
            Fault::Form(element @ ("Sid" | "Version" | "Id")) => {
                format!("write `{element}` as one text in double quotes")
            }
            Fault::Form(element) => {
                format!("write `{element}` as a text or a list of texts in double quotes")
            }
            Fault::Both(element) => {
                format!("keep one of `{element}` and `Not{element}`, or write two statements")
            }
            Fault::NoAction => "add `\"Action\"` with the actions that are meant".to_owned(),
            Fault::Twice(name) if ["Effect", "Version", "Sid", "Id", "Principal", "NotPrincipal"].contains(&name.as_str()) => {
                format!("keep the `{name}` that is meant and remove the other; readers of JSON keep only one of them")
            }
            Fault::Twice(name) => {
                format!("merge the values under one `{name}`; readers of JSON keep only one of them")
            }
            Fault::UnknownElement(name) => {
                let known = Element::OF_STATEMENT.iter().chain(Element::OF_DOCUMENT);
                match crate::nearest::nearest(name, known.map(|element| element.name())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "remove it; a policy has no place for other members".to_owned(),
                }
            }
            Fault::UnknownPrincipalKind(name) => {
                let known = ["AWS", "Service", "Federated", "CanonicalUser"];
                match crate::nearest::nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `AWS`, `Service`, `Federated` or `CanonicalUser`".to_owned(),
                }
            }
        }
    }
}
