//! Patterns as policies write them, with policy variables or without.

use super::{Glob, Token};

impl Glob {
    /// A pattern without variables: `${` is plain text, as before version 2012-10-17.
    pub fn plain(text: &str) -> Self {
        Self::normal(text.chars().map(wildcard_or_char))
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
pub(super) fn with_default(inner: &str) -> Option<(&str, &str)> {
    let (name, quoted) = inner.split_once(", ")?;
    Some((name, quoted.strip_prefix('\'')?.strip_suffix('\'')?))
}
