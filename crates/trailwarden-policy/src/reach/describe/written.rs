//! Patterns as the policy has them: `${x}` in a policy without variables stays `${x}`.
//!
//! [`Glob`] itself shows that as `${$}{x}`, which is exact but nobody's text. Here it is said in
//! words, so that the two never look the same.

use super::super::area::Area;
use super::super::glob::{Glob, Token};
use super::super::text::visible;

/// The patterns of an area, of exclusions at most `most`.
pub(super) fn area(area: &Area, most: usize) -> String {
    let within: Vec<String> = area.within().iter().map(quoted).collect();
    let within = within.join(" within ");
    let except: Vec<String> = area.except().iter().take(most).map(quoted).collect();
    if except.is_empty() {
        return within;
    }
    let more = match area.except().len() - except.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{within} except {}{more}", except.join(", "))
}

/// A pattern in backticks.
pub(super) fn quoted(glob: &Glob) -> String {
    quote(glob.tokens())
}

/// A piece of a pattern in backticks.
pub(super) fn quote(tokens: &[Token]) -> String {
    let note = if looks_like_variable(tokens) { " (plain text, no variable)" } else { "" };
    let text: String = tokens.iter().map(token).collect();
    format!("`{text}`{note}")
}

fn token(token: &Token) -> String {
    match token {
        Token::Many | Token::Within => "*".to_owned(),
        Token::One => "?".to_owned(),
        Token::Char(c @ ('*' | '?')) => format!("${{{c}}}"),
        Token::Char(c) => visible(c.encode_utf8(&mut [0; 4])),
        Token::Variable(name) => format!("${{{}}}", visible(name)),
    }
}

/// Whether characters stand there that spell a variable.
fn looks_like_variable(tokens: &[Token]) -> bool {
    let opens = [Token::Char('$'), Token::Char('{')];
    let at = tokens.windows(opens.len()).position(|pair| pair == opens);
    at.is_some_and(|at| tokens.iter().skip(at).any(|token| *token == Token::Char('}')))
}
