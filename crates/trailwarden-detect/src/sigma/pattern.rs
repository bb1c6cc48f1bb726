//! Text against Sigma patterns: literals with `*` and `?`, ignoring case unless told otherwise.
//!
//! # Invariants
//! - [`fold`] works letter by letter, so folding a text and then cutting it equals cutting it and
//!   then folding.
//! - [`fold`] never turns a letter outside ASCII into one inside (the Kelvin sign stays itself), so
//!   an ASCII pattern can be sought in the bytes of any text, and the literal index may rely on it.

use std::borrow::Cow;

use rsigma_parser::value::{SigmaString, SpecialChar, StringPart};

/// A piece of a pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    /// Text to find as it stands.
    Literal(String),
    /// `*`: any text, none included.
    Many,
    /// `?`: exactly one character.
    One,
}

/// The pieces of a value as a rule writes it, escapes resolved.
pub(crate) fn tokens(text: &SigmaString) -> Vec<Token> {
    let piece = |part: &StringPart| match part {
        StringPart::Plain(text) => Token::Literal(text.clone()),
        StringPart::Special(SpecialChar::WildcardMulti) => Token::Many,
        StringPart::Special(SpecialChar::WildcardSingle) => Token::One,
    };
    text.parts.iter().map(piece).collect()
}

/// A compiled pattern that covers a text from its first to its last character.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pattern {
    shape: Shape,
    cased: bool,
    /// Whether every literal is ASCII, so that texts need no folding.
    ascii: bool,
    /// Whether the pattern asks for a character that JSON text escapes.
    escapable: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Shape {
    Anything,
    Exact(String),
    Prefix(String),
    Suffix(String),
    Contains(String),
    Glob(Vec<Glob>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Glob {
    Char(char),
    Many,
    One,
}

impl Pattern {
    /// Compiles the pieces; literals are folded here unless `cased`.
    pub(crate) fn new(tokens: &[Token], cased: bool) -> Self {
        let tokens = normalized(tokens, cased);
        let literals = || {
            tokens.iter().filter_map(|token| match token {
                Token::Literal(text) => Some(text.as_str()),
                Token::Many | Token::One => None,
            })
        };
        let ascii = literals().all(str::is_ascii);
        let escapable =
            literals().any(|text| text.contains(|c: char| c == '"' || c == '\\' || c.is_control()));
        let shape = match tokens.as_slice() {
            [] => Shape::Exact(String::new()),
            [Token::Many] => Shape::Anything,
            [Token::Literal(text)] => Shape::Exact(text.clone()),
            [Token::Literal(text), Token::Many] => Shape::Prefix(text.clone()),
            [Token::Many, Token::Literal(text)] => Shape::Suffix(text.clone()),
            [Token::Many, Token::Literal(text), Token::Many] => Shape::Contains(text.clone()),
            tokens => Shape::Glob(tokens.iter().flat_map(globs).collect()),
        };
        Self { shape, cased, ascii, escapable }
    }

    /// Whether the whole text fits.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        if let Shape::Anything = self.shape {
            return true;
        }
        if self.cased {
            return self.shape.fits(text);
        }
        match &self.shape {
            Shape::Exact(literal) if self.ascii => text.eq_ignore_ascii_case(literal),
            Shape::Prefix(literal) if self.ascii => (text.as_bytes().get(..literal.len()))
                .is_some_and(|head| head.eq_ignore_ascii_case(literal.as_bytes())),
            Shape::Suffix(literal) if self.ascii => (text.len().checked_sub(literal.len()))
                .and_then(|start| text.as_bytes().get(start..))
                .is_some_and(|tail| tail.eq_ignore_ascii_case(literal.as_bytes())),
            Shape::Contains(literal) if self.ascii => {
                contains_ignore_ascii_case(text.as_bytes(), literal.as_bytes())
            }
            shape => shape.fits(&fold(text)),
        }
    }

    /// The one text it asks for, folded, when it asks for one.
    pub(crate) fn exact(&self) -> Option<Cow<'_, str>> {
        match &self.shape {
            Shape::Exact(text) if self.cased => Some(fold(text)),
            Shape::Exact(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    /// Text that every match holds somewhere; may be several pieces.
    pub(crate) fn literals(&self) -> Vec<String> {
        match &self.shape {
            Shape::Anything => Vec::new(),
            Shape::Exact(text)
            | Shape::Prefix(text)
            | Shape::Suffix(text)
            | Shape::Contains(text) => vec![text.clone()],
            Shape::Glob(globs) => globs
                .split(|glob| !matches!(glob, Glob::Char(_)))
                .map(|run| {
                    run.iter()
                        .filter_map(|glob| if let Glob::Char(c) = glob { Some(*c) } else { None })
                        .collect()
                })
                .collect(),
        }
    }

    /// Whether reading JSON text with its escapes undone could change the answer.
    pub(crate) fn is_escapable(&self) -> bool {
        self.escapable || matches!(self.shape, Shape::Glob(_))
    }
}

impl Shape {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Exact(literal) => text == literal,
            Self::Prefix(literal) => text.starts_with(literal.as_str()),
            Self::Suffix(literal) => text.ends_with(literal.as_str()),
            Self::Contains(literal) => {
                memchr::memmem::find(text.as_bytes(), literal.as_bytes()).is_some()
            }
            Self::Glob(globs) => glob_fits(globs, text),
        }
    }
}

/// Merges neighbours, drops what is empty, and folds.
fn normalized(tokens: &[Token], cased: bool) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match (out.last_mut(), token) {
            (_, Token::Literal(text)) if text.is_empty() => {}
            (Some(Token::Many), Token::Many) => {}
            (last, Token::Literal(text)) => {
                let text = if cased { Cow::Borrowed(text.as_str()) } else { fold(text) };
                match last {
                    Some(Token::Literal(before)) => before.push_str(&text),
                    _ => out.push(Token::Literal(text.into_owned())),
                }
            }
            (_, other) => out.push(other.clone()),
        }
    }
    out
}

fn globs(token: &Token) -> Vec<Glob> {
    match token {
        Token::Literal(text) => text.chars().map(Glob::Char).collect(),
        Token::Many => vec![Glob::Many],
        Token::One => vec![Glob::One],
    }
}

/// The usual two-finger walk: on a mismatch let the last `*` eat one more character. Never worse
/// than pattern length times text length.
fn glob_fits(globs: &[Glob], text: &str) -> bool {
    let (mut at, mut rest) = (0, text.chars());
    let mut star: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let mut ahead = rest.clone();
        let next = ahead.next();
        match (globs.get(at), next) {
            (None, None) => return true,
            (Some(Glob::Many), _) => {
                at += 1;
                star = Some((at, rest.clone()));
                continue;
            }
            (Some(Glob::Char(want)), Some(got)) if *want == got => {
                (at, rest) = (at + 1, ahead);
                continue;
            }
            (Some(Glob::One), Some(_)) => {
                (at, rest) = (at + 1, ahead);
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = &mut star else { return false };
        if from.next().is_none() {
            return false;
        }
        (at, rest) = (*after, from.clone());
    }
}

/// The text without regard to case, letter by letter.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let lower = c.to_lowercase();
        if !c.is_ascii() && lower.clone().any(|c| c.is_ascii()) {
            out.push(c);
        } else {
            out.extend(lower);
        }
    }
    Cow::Owned(out)
}

/// Whether `needle`, ASCII in lower case, occurs in the bytes, ignoring ASCII case.
pub(crate) fn contains_ignore_ascii_case(haystack: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else { return true };
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), haystack).any(|at| {
        (haystack.get(at + 1..))
            .and_then(|tail| tail.get(..rest.len()))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(&tokens(&SigmaString::new(text)), false)
    }

    #[test]
    fn wildcards_and_escapes() {
        for (rule, text, fits) in [
            ("a*c", "abbbC", true),
            ("a*c", "abbb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a?c", "aéc", true),
            (r"a\*c", "a*c", true),
            (r"a\*c", "abc", false),
            (r"a\\*", r"a\bc", true),
            (r"C:\Windows\x", r"c:\windows\X", true),
            ("*a*b*c*", "xxaxxbxxcxx", true),
            ("*a*b*c*", "xxaxxcxxbxx", false),
            ("**", "", true),
            ("?*", "", false),
            ("", "", true),
            ("", "a", false),
            ("*ab", "aab", true),
        ] {
            assert_eq!(pattern(rule).is_match(text), fits, "{rule} on {text}");
        }
    }

    #[test]
    fn case_folds_letter_by_letter_and_never_into_ascii() {
        assert!(pattern("STRASSE*É").is_match("strasse é"));
        assert!(pattern("ΟΔΟΣ").is_match("οδοσ"));
        assert!(!pattern("k").is_match("\u{212a}"));
        assert!(pattern("\u{212a}").is_match("\u{212a}"));
        assert!(!pattern("*i*").is_match("\u{130}"));
    }

    #[test]
    fn cased_patterns_mind_the_case() {
        let pattern = Pattern::new(&tokens(&SigmaString::new("Ab*")), true);
        assert!(pattern.is_match("Abc"));
        assert!(!pattern.is_match("abc"));
    }
}
