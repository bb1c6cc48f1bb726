//! Text of a policy that is matched against text of a request: wildcards and policy variables.
//!
//! Read once; variables are filled in for each request. What a variable stands for is literal: a
//! user named `*` gains nothing by it.
//!
//! Sources: IAM User Guide, "IAM policy elements: Variables and tags" (version, default values,
//! special characters, variables without a value) and "IAM JSON policy elements: Condition
//! operators".

use super::context::{Context, Found};
use super::truth::Truth;
use crate::pattern::{Token, matches_tokens};

/// One text of a policy, ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Template {
    /// Fits everything.
    Any,
    /// Fits itself.
    Exact(Box<str>),
    /// Fits what begins so.
    Prefix(Box<str>),
    /// Has wildcards.
    Glob(Box<[Token]>),
    /// Has variables.
    Variable(Box<[Piece]>),
}

/// A part of a text with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Token(Token),
    Variable {
        /// In lower case.
        key: Box<str>,
        default: Option<Box<str>>,
    },
}

/// What special text means in the place where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Syntax {
    /// `*` and `?` are wildcards.
    pub(super) wildcards: bool,
    /// `${...}` is a variable: only with version 2012-10-17.
    pub(super) variables: bool,
}

/// How a text of a request fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    /// A variable has no value, so the text stands for nothing.
    Unset,
    /// A variable has a value that is not known.
    Unknown,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Fit::Yes } else { Fit::No }
    }
}

/// Takes a text apart.
pub(super) fn pieces(text: &str, syntax: Syntax) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if syntax.variables
            && let Some(inner) = rest.strip_prefix("${")
            && let Some((name, after)) = inner.split_once('}')
        {
            pieces.push(variable(name));
            rest = after;
            continue;
        }
        match first {
            '*' if syntax.wildcards => pieces.push(Piece::Token(Token::Star)),
            '?' if syntax.wildcards => pieces.push(Piece::Token(Token::One)),
            _ => {
                let mut buffer = [0; 4];
                let bytes = first.encode_utf8(&mut buffer).bytes();
                pieces.extend(bytes.map(|byte| Piece::Token(Token::Byte(byte))));
            }
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    pieces
}

fn variable(name: &str) -> Piece {
    match name {
        "*" | "?" | "$" => {
            return Piece::Token(Token::Byte(name.bytes().next().unwrap_or_default()));
        }
        _ => {}
    }
    // The separator is a comma and one space, the default stands in single quotes; anything else
    // makes the whole a name that no key has.
    let with_default = name.split_once(", ").and_then(|(key, value)| {
        let value = value.strip_prefix('\'')?.strip_suffix('\'')?;
        Some((key, value))
    });
    let (key, default) = match with_default {
        Some((key, value)) => (key, Some(value.into())),
        None => (name, None),
    };
    Piece::Variable { key: key.trim().to_lowercase().into(), default }
}

impl Template {
    pub(super) fn new(text: &str, syntax: Syntax) -> Self {
        Self::from_pieces(pieces(text, syntax))
    }

    pub(super) fn from_pieces(pieces: Vec<Piece>) -> Self {
        if pieces.iter().any(|piece| matches!(piece, Piece::Variable { .. })) {
            return Template::Variable(pieces.into());
        }
        let tokens: Vec<Token> = pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Token(token) => Some(token),
                Piece::Variable { .. } => None,
            })
            .collect();
        if let Some(exact) = literal_text(&tokens) {
            return Template::Exact(exact.into());
        }
        if let [start @ .., Token::Star] = tokens.as_slice()
            && let Some(start) = literal_text(start)
        {
            return if start.is_empty() { Template::Any } else { Template::Prefix(start.into()) };
        }
        Template::Glob(tokens.into())
    }

    pub(super) fn fit(&self, text: &str, context: &Context) -> Fit {
        match self {
            Template::Any => Fit::Yes,
            Template::Exact(exact) => (**exact == *text).into(),
            Template::Prefix(prefix) => text.starts_with(&**prefix).into(),
            Template::Glob(tokens) => matches_tokens(tokens, text).into(),
            Template::Variable(pieces) => match resolve(pieces, context) {
                Ok(tokens) => matches_tokens(&tokens, text).into(),
                Err(fit) => fit,
            },
        }
    }

    /// Whether it fits what begins so, whatever follows.
    pub(super) fn fit_start(&self, start: &str) -> Truth {
        let one_of_both = |other: &str| match other.starts_with(start) || start.starts_with(other) {
            true => Truth::Unknown,
            false => Truth::False,
        };
        match self {
            Template::Any => Truth::True,
            Template::Exact(exact) if exact.starts_with(start) => Truth::Unknown,
            Template::Exact(_) => Truth::False,
            Template::Prefix(prefix) if start.starts_with(&**prefix) => Truth::True,
            Template::Prefix(prefix) => one_of_both(prefix),
            Template::Glob(_) | Template::Variable(_) => Truth::Unknown,
        }
    }

    /// Like [`Template::fit`] without regard to case. Only for texts without wildcards.
    pub(super) fn fit_ignoring_case(&self, text: &str, context: &Context) -> Fit {
        let same = |exact: &str| {
            exact.eq_ignore_ascii_case(text) || exact.to_lowercase() == text.to_lowercase()
        };
        match self {
            Template::Exact(exact) => same(exact).into(),
            Template::Variable(pieces) => match resolve(pieces, context) {
                Ok(tokens) => literal_text(&tokens).is_some_and(|exact| same(&exact)).into(),
                Err(fit) => fit,
            },
            Template::Any | Template::Prefix(_) | Template::Glob(_) => Fit::No,
        }
    }

    /// The text, when it is plain or all its variables have values.
    pub(super) fn text(&self, context: &Context) -> Result<String, Fit> {
        match self {
            Template::Exact(exact) => Ok(exact.to_string()),
            Template::Variable(pieces) => literal_text(&resolve(pieces, context)?).ok_or(Fit::No),
            Template::Any | Template::Prefix(_) | Template::Glob(_) => Err(Fit::No),
        }
    }

    /// The variables whose values are not known.
    pub(super) fn unknown_keys<'a>(
        &'a self,
        context: &'a Context,
    ) -> impl Iterator<Item = &'a str> + use<'a> {
        let pieces: &[Piece] = match self {
            Template::Variable(pieces) => pieces,
            _ => &[],
        };
        pieces.iter().filter_map(move |piece| match piece {
            Piece::Variable { key, default } => match context.get(key) {
                Found::Unknown | Found::Starts(_) | Found::Between { .. } => Some(&**key),
                Found::Many(_) if default.is_some() => Some(&**key),
                _ => None,
            },
            Piece::Token(_) => None,
        })
    }
}

/// The text that tokens without wildcards stand for.
fn literal_text(tokens: &[Token]) -> Option<String> {
    let bytes: Option<Vec<u8>> = tokens
        .iter()
        .map(|token| match token {
            Token::Byte(byte) => Some(*byte),
            Token::One | Token::Star | Token::StarWithin => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

/// Fills variables in. One without a value decides, even beside one that is not known: the text
/// stands for nothing either way.
fn resolve(pieces: &[Piece], context: &Context) -> Result<Vec<Token>, Fit> {
    let mut tokens = Vec::with_capacity(pieces.len() + 32);
    let mut is_unknown = false;
    for piece in pieces {
        match piece {
            Piece::Token(token) => tokens.push(*token),
            Piece::Variable { key, default } => {
                let value = match (context.get(key), default) {
                    (Found::One(value), _) => value,
                    (Found::Unknown | Found::Starts(_) | Found::Between { .. }, _) => {
                        is_unknown = true;
                        continue;
                    }
                    (Found::Absent, Some(default)) => default,
                    // A multivalued key cannot stand for one text; whether the default then does,
                    // no page tells.
                    (Found::Many(_), Some(_)) => {
                        is_unknown = true;
                        continue;
                    }
                    (Found::Absent | Found::Many(_), None) => return Err(Fit::Unset),
                };
                tokens.extend(value.bytes().map(Token::Byte));
            }
        }
    }
    if is_unknown { Err(Fit::Unknown) } else { Ok(tokens) }
}
