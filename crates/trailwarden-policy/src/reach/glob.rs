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

mod share;
#[cfg(test)]
mod tests;

use std::fmt;

use super::automaton::{self, Emptiness};
use super::symbolic;
use share::share;

/// A wildcard pattern in a normal form: runs of `*` are one, `?` stands before the `*` beside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Glob {
    tokens: Vec<Token>,
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

/// The texts that two patterns share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Together they cover what is shared.
    pub globs: Vec<Glob>,
    /// Whether they cover nothing else.
    pub is_exact: bool,
}

/// More pieces than this are not worth having: the caller keeps both patterns instead.
const SHARED_MAX: usize = 16;

impl Glob {
    /// A pattern without variables: `${` is plain text, as before version 2012-10-17.
    pub fn plain(text: &str) -> Self {
        Self::normal(text.chars().map(wildcard_or_char))
    }

    /// An action pattern; case does not count in actions, so all is lowered.
    pub fn action(text: &str) -> Self {
        Self::plain(&text.to_ascii_lowercase())
    }

    /// A text that holds no wildcards, whatever it looks like.
    pub fn literal(text: &str) -> Self {
        Self { tokens: text.chars().map(Token::Char).collect() }
    }

    /// A pattern of `Resource` or `NotResource`; `None` when no resource can fit it. `variables`
    /// tells whether the policy's version has them.
    ///
    /// A variable has no meaning before the fifth colon (IAM User Guide, "IAM policy elements:
    /// Variables and tags").
    pub fn resource(text: &str, variables: bool) -> Option<Self> {
        let mut tokens = match variables {
            true => Self::with_variables_raw(text),
            false => text.chars().map(wildcard_or_char).collect(),
        };
        let colon = Token::Char(':');
        let fifth = tokens.iter().enumerate().filter(|(_, token)| **token == colon).nth(4);
        let head = fifth.map_or(tokens.len(), |(at, _)| at);
        if tokens.iter().take(head).any(|token| matches!(token, Token::Variable(_))) {
            return None;
        }
        for at in 0..head {
            let ends_segment = tokens.get(at + 1).is_none_or(|next| *next == colon);
            if let Some(token @ Token::Many) = tokens.get_mut(at)
                && !ends_segment
            {
                *token = Token::Within;
            }
        }
        Some(Self::normal(tokens.into_iter()))
    }

    /// A pattern with policy variables, as in version 2012-10-17, whose `*` crosses everything.
    pub fn with_variables(text: &str) -> Self {
        Self::normal(Self::with_variables_raw(text).into_iter())
    }

    fn with_variables_raw(text: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((inner, tail)) = after.split_once('}') else {
                break;
            };
            tokens.extend(before.chars().map(wildcard_or_char));
            tokens.push(match inner {
                "*" | "?" | "$" => Token::Char(inner.chars().next().unwrap_or('$')),
                _ => Token::Variable(variable(inner)),
            });
            rest = tail;
        }
        tokens.extend(rest.chars().map(wildcard_or_char));
        tokens
    }

    /// `*`.
    pub fn any() -> Self {
        Self { tokens: vec![Token::Many] }
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
        Self { tokens: out }
    }

    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Whether this is `*`.
    pub fn is_any(&self) -> bool {
        matches!(self.tokens.as_slice(), [Token::Many])
    }

    /// The text, when there is only one and it depends on nothing.
    pub fn as_literal(&self) -> Option<String> {
        self.tokens
            .iter()
            .map(|token| match token {
                Token::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    }

    /// Whether policy variables stand in it.
    pub fn has_variables(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Variable(_)))
    }

    /// Without variables, and every `*` crosses everything.
    fn is_simple(&self) -> bool {
        !self.tokens.iter().any(|token| matches!(token, Token::Variable(_) | Token::Within))
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
        automaton::accepts(self, text)
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
        if symbolic::is_decided_by_covers(&self.tokens) || !self.may_share_prefix(other) {
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

    /// Whether this pattern covers another only token by token, see [`symbolic`].
    pub(crate) fn is_decided_plainly(&self) -> bool {
        symbolic::is_decided_by_covers(&self.tokens)
    }

    /// Whether some text may be in both. `false` is certain.
    pub fn intersects(&self, other: &Glob) -> bool {
        if self.is_any() || other.is_any() || self == other {
            return true;
        }
        self.may_share_prefix(other) && symbolic::intersect(&self.tokens, &other.tokens)
    }

    /// The texts that are in both.
    pub fn intersection(&self, other: &Glob) -> Shared {
        if self.covers(other) {
            return Shared { globs: vec![other.clone()], is_exact: true };
        }
        if other.covers(self) {
            return Shared { globs: vec![self.clone()], is_exact: true };
        }
        if !self.intersects(other) {
            return Shared { globs: Vec::new(), is_exact: true };
        }
        let mut pieces = Vec::new();
        let mut budget = SHARED_MAX * 64;
        let enumerated = self.is_simple()
            && other.is_simple()
            && share(&self.tokens, &other.tokens, &mut Vec::new(), &mut pieces, &mut budget);
        let mut globs: Vec<Glob> =
            pieces.into_iter().map(|tokens| Self::normal(tokens.into_iter())).collect();
        globs.sort();
        globs.dedup();
        let all = globs.clone();
        globs.retain(|glob| !all.iter().any(|wider| wider != glob && wider.covers(glob)));
        if enumerated && globs.len() <= SHARED_MAX {
            Shared { globs, is_exact: true }
        } else {
            // Either one covers what is shared; the longer one is likely the narrower.
            let narrower = if self.tokens.len() >= other.tokens.len() { self } else { other };
            Shared { globs: vec![narrower.clone()], is_exact: false }
        }
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
            .zip(&other.tokens)
            .map_while(|(a, b)| match (a, b) {
                (Token::Char(a), Token::Char(b)) => Some(a == b),
                _ => None,
            })
            .all(|same| same)
    }

    /// The part of an ARN between colons, counted from zero; the resource (5) keeps its colons.
    /// `None` when a wildcard could reach across a colon before that part.
    pub(crate) fn arn_part(&self, wanted: usize) -> Option<Glob> {
        let mut parts = self.arn_parts_raw();
        (parts.len() == 6 && wanted < 6).then(|| Glob { tokens: parts.swap_remove(wanted) })
    }

    fn arn_parts_raw(&self) -> Vec<Vec<Token>> {
        let mut parts = vec![Vec::new()];
        for token in &self.tokens {
            let count = parts.len();
            if *token == Token::Char(':') && count < 6 {
                parts.push(Vec::new());
            } else if let Some(last) = parts.last_mut() {
                last.push(token.clone());
            }
        }
        parts
    }
}

fn wildcard_or_char(c: char) -> Token {
    match c {
        '*' => Token::Many,
        '?' => Token::One,
        c => Token::Char(c),
    }
}

/// The name without case; a default value keeps its own.
fn variable(inner: &str) -> String {
    match with_default(inner) {
        Some((name, default)) => format!("{}, '{default}'", name.trim().to_lowercase()),
        None => inner.trim().to_lowercase(),
    }
}

/// `name, 'default'`: a comma and one space, single quotes.
fn with_default(inner: &str) -> Option<(&str, &str)> {
    let (name, quoted) = inner.split_once(", ")?;
    Some((name, quoted.strip_prefix('\'')?.strip_suffix('\'')?))
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl fmt::Display for Glob {
    /// As a policy of version 2012-10-17 would write it, control characters escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut next = self.tokens.iter().skip(1);
        for token in &self.tokens {
            let next = next.next();
            match token {
                Token::Many | Token::Within => f.write_str("*")?,
                Token::Char('$') if next == Some(&Token::Char('{')) => f.write_str("${$}")?,
                Token::One => f.write_str("?")?,
                Token::Char(c @ ('*' | '?')) => write!(f, "${{{c}}}")?,
                Token::Char(c) => super::text::write_char(f, *c)?,
                Token::Variable(name) => write!(f, "${{{}}}", super::text::visible(name))?,
            }
        }
        Ok(())
    }
}
