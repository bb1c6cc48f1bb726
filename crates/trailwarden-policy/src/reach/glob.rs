//! Wildcard patterns as sets of texts: `*` is any run of characters, `?` is exactly one.
//!
//! In a resource pattern, a `*` that does not end its segment of an ARN stays within the segment, as
//! [`crate::pattern::resource_matches`] has it; such a pattern is shown as it was written.
//!
//! A pattern may hold policy variables. Their values are not known here, so a variable is one
//! letter of its own that only `*` and the same variable can take. What is concluded with that
//! letter is true for every value the variable may have, and also when it has none and its pattern
//! matches nothing.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Resource" (wildcards), "IAM policy elements:
//! Variables and tags" (values are literal; `${*}`, `${?}`, `${$}`; default values).

mod display;
mod read;
mod share;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use super::automaton::{self, Emptiness};
use super::symbolic;
use read::with_default;
pub use share::Shared;

/// A wildcard pattern in a normal form: runs of `*` are one, `?` stands before the `*` beside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Glob {
    tokens: Arc<[Token]>,
}

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Token {
    /// `*`.
    Many,
    /// `*` that takes no colon.
    Within,
    /// `?`.
    One,
    /// This character.
    Char(char),
    /// A policy variable, by its text between the braces, the name in lower case.
    Variable(String),
}

impl Glob {
    /// An action pattern; case does not count in actions, so all is lowered.
    pub fn action(text: &str) -> Self {
        Self::plain(&text.to_ascii_lowercase())
    }

    /// A text that holds no wildcards, whatever it looks like.
    pub fn literal(text: &str) -> Self {
        Self { tokens: text.chars().map(Token::Char).collect() }
    }

    /// `*`.
    pub fn any() -> Self {
        Self { tokens: Arc::new([Token::Many]) }
    }

    fn normal(tokens: impl Iterator<Item = Token>) -> Self {
        let mut out: Vec<Token> = Vec::new();
        for token in tokens {
            match (&token, out.last()) {
                (Token::Many | Token::Within, Some(Token::Many))
                | (Token::Within, Some(Token::Within)) => {}
                (Token::Many, Some(Token::Within)) => {
                    out.pop();
                    out.push(Token::Many);
                }
                (Token::One, Some(Token::Many)) => {
                    out.pop();
                    out.extend([Token::One, Token::Many]);
                }
                _ => out.push(token),
            }
        }
        Self { tokens: out.into() }
    }

    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Whether this is `*`.
    pub fn is_any(&self) -> bool {
        matches!(*self.tokens, [Token::Many])
    }

    /// The text, when there is only one and it depends on nothing.
    pub fn as_literal(&self) -> Option<String> {
        literal(&self.tokens)
    }

    /// Whether policy variables stand in it.
    pub fn has_variables(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Variable(_)))
    }

    /// The variables that have no default: without a value the pattern fits nothing.
    pub(crate) fn needed_variables(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Variable(inner) if with_default(inner).is_none() => Some(inner.as_str()),
            _ => None,
        })
    }

    /// Whether a text is in the set, whatever the variables hold.
    pub fn matches(&self, text: &str) -> bool {
        self.holds(&Self::literal(text))
    }

    /// The same for a text with variables in it, each a letter of its own.
    pub(crate) fn holds(&self, text: &Glob) -> bool {
        if self.tokens.contains(&Token::Within) {
            automaton::accepts(self, &text.tokens)
        } else {
            symbolic::covers(&self.tokens, &text.tokens)
        }
    }

    /// The characters before the first wildcard or variable.
    pub(crate) fn start(&self) -> String {
        let chars = self.tokens.iter().map_while(|token| match token {
            Token::Char(c) => Some(*c),
            _ => None,
        });
        chars.collect()
    }

    /// Whether every text of `other` is in the set, for all values of variables. `false` also says
    /// "not known".
    pub fn covers(&self, other: &Glob) -> bool {
        if self.is_any() || self == other {
            return true;
        }
        if symbolic::covers(&self.tokens, &other.tokens) {
            return true;
        }
        if symbolic::is_decided_by_covers(&self.tokens)
            || !self.may_share_prefix(other)
            || !self.holds(&other.sample())
        {
            return false;
        }
        let emptiness =
            automaton::emptiness(std::slice::from_ref(other), std::slice::from_ref(self));
        matches!(emptiness, Emptiness::Empty)
    }

    /// A quick "yes" to [`Glob::covers`]; a "no" says nothing.
    pub(crate) fn covers_plainly(&self, other: &Glob) -> bool {
        symbolic::covers(&self.tokens, &other.tokens)
    }

    /// Whether some text may be in both. `false` is certain.
    pub fn intersects(&self, other: &Glob) -> bool {
        if self.is_any() || other.is_any() || self == other {
            return true;
        }
        self.may_share_prefix(other) && symbolic::intersect(&self.tokens, &other.tokens)
    }

    /// The same with every variable widened to `*`.
    pub(crate) fn widened(&self) -> Self {
        Self::normal(self.tokens.iter().map(|token| match token {
            Token::Variable(_) => Token::Many,
            other => other.clone(),
        }))
    }

    /// The characters before the first wildcard or variable differ only where the sets are apart.
    pub(crate) fn may_share_prefix(&self, other: &Glob) -> bool {
        self.tokens
            .iter()
            .zip(other.tokens.iter())
            .map_while(|(a, b)| match (a, b) {
                (Token::Char(a), Token::Char(b)) => Some(a == b),
                _ => None,
            })
            .all(|same| same)
    }

    /// The part of an ARN between the colons that are written, counted from zero; the resource (5)
    /// keeps its colons. `None` where fewer are written. What a `*` takes in across a colon counts as
    /// of the part in which it stands.
    pub(crate) fn arn_part(&self, wanted: usize) -> Option<Glob> {
        let tokens = self.arn_parts()?.into_iter().nth(wanted)?;
        Some(Self { tokens: tokens.into() })
    }

    /// The service that an ARN's pattern writes out, where it and what stands before it are written
    /// out, or are `*`.
    pub(crate) fn arn_service(&self) -> Option<String> {
        let [prefix, partition, service, ..] = self.arn_parts()?;
        let is_char = |token: &Token| matches!(token, Token::Char(_));
        let is_plain = |part: &[Token]| part.iter().all(is_char) || matches!(part, [Token::Many]);
        let is_written = is_plain(prefix) && is_plain(partition);
        is_written.then(|| literal(service)).flatten()
    }

    fn arn_parts(&self) -> Option<[&[Token]; 6]> {
        let parts: Vec<&[Token]> =
            self.tokens.splitn(6, |token| *token == Token::Char(':')).collect();
        parts.try_into().ok()
    }
}

/// The text of tokens that are all characters.
fn literal(tokens: &[Token]) -> Option<String> {
    let chars = tokens.iter().map(|token| match token {
        Token::Char(c) => Some(*c),
        _ => None,
    });
    chars.collect()
}
