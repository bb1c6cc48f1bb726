//! Texts as patterns without wildcards: a variable in one is a letter of its own.

use super::{Glob, Token};

/// A character for private use, which no policy of good sense has. Where one has it, answers stay
/// right, and only some quick ones are missed.
pub(super) const FRESH: char = '\u{f8f0}';

impl Glob {
    /// A text of these letters: characters and variables.
    pub(crate) fn of_letters(letters: Vec<Token>) -> Self {
        Self { tokens: letters.into() }
    }

    /// A text of the set in which [`FRESH`] stands for every wildcard.
    pub(crate) fn sample(&self) -> Self {
        let letters = self.tokens.iter().map(|token| match token {
            Token::Many | Token::Within | Token::One => Token::Char(FRESH),
            letter => letter.clone(),
        });
        Self { tokens: letters.collect() }
    }

    /// The letters as they are: unlike what [`fmt::Display`] writes, no pattern.
    pub(crate) fn spelled(&self) -> String {
        let mut text = String::new();
        for token in self.tokens.iter() {
            match token {
                Token::Char(c) => text.push(*c),
                Token::Variable(name) => text.extend(["${", name, "}"]),
                Token::Many | Token::Within => text.push('*'),
                Token::One => text.push('?'),
            }
        }
        text
    }
}
