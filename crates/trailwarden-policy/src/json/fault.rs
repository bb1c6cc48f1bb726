//! What is wrong with a text that is not JSON, said so that its writer can mend it.

use serde_json::error::Category;

use crate::span::{Position, Span, line_column};

/// A text that is not JSON: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {fault}", position.line, position.column)]
pub struct JsonError {
    /// Where the fault stands.
    pub span: Span,
    /// The line and column of its start.
    pub position: Position,
    /// What is wrong.
    pub fault: JsonFault,
}

impl JsonError {
    pub(crate) fn new(text: &str, span: Span, fault: JsonFault) -> Self {
        Self { span, position: line_column(text, span.start), fault }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        self.fault.help()
    }
}

/// The ways in which a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// Nothing but white space.
    #[error("there is no text")]
    Empty,
    /// A comma before a closing bracket.
    #[error("a comma before the closing bracket")]
    TrailingComma,
    /// A comma where a value or a name belongs.
    #[error("a comma where a value belongs")]
    ExtraComma,
    /// Two values or members without a comma.
    #[error("a comma is missing")]
    MissingComma,
    /// A name without a colon.
    #[error("a colon is missing after the name")]
    MissingColon,
    /// `'text'`.
    #[error("text in single quotes")]
    SingleQuotes,
    /// Typographic quotes.
    #[error("text in typographic quotes")]
    CurlyQuotes,
    /// A name without quotes.
    #[error("a name without quotes")]
    BareName,
    /// A word that is not `true`, `false` or `null`.
    #[error("`{0}` is not a JSON value")]
    BareWord(String),
    /// `//`, `/*` or `#`.
    #[error("a comment")]
    Comment,
    /// A bracket that was opened and never closed.
    #[error("the `{bracket}` of line {}, column {} is not closed", opened.line, opened.column)]
    NotClosed {
        /// The bracket.
        bracket: char,
        /// Where it was opened.
        opened: Position,
    },
    /// A closing bracket of the wrong sort, or without an opening one.
    #[error("`{0}` closes nothing here")]
    WrongBracket(char),
    /// A string without its closing quote.
    #[error("the text is not closed")]
    UnclosedText,
    /// A line break or another control character inside a string.
    #[error("a line break or control character inside a text")]
    ControlCharacter,
    /// `\d` and the like.
    #[error("an escape that JSON does not have")]
    Escape,
    /// Half a surrogate pair.
    #[error("an escape that is half a character")]
    Surrogate,
    /// `01`, `1.`, `+1`.
    #[error("a number that JSON does not have")]
    Number,
    /// More after the value.
    #[error("more text after the end of the document")]
    AfterEnd,
    /// Nested too deeply.
    #[error("values are nested more than {} deep", super::DEPTH_MAX)]
    TooDeep,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl JsonFault {
    fn help(&self) -> String {
        let text = match self {
            JsonFault::Empty => "give a policy document, which begins with `{`",
            JsonFault::TrailingComma | JsonFault::ExtraComma => "remove the comma",
            JsonFault::MissingComma => "write `,` between the two",
            JsonFault::MissingColon => "write `:` between the name and its value",
            JsonFault::SingleQuotes | JsonFault::CurlyQuotes => {
                "write straight double quotes, `\"`, around names and texts"
            }
            JsonFault::BareName => "write double quotes around the name",
            JsonFault::BareWord(_) => {
                "write double quotes around a text; the words of JSON are `true`, `false` and `null`"
            }
            JsonFault::Comment => "remove the comment; JSON has none",
            JsonFault::NotClosed { bracket: '[', .. } => "close it with `]`",
            JsonFault::NotClosed { .. } => "close it with `}`",
            JsonFault::WrongBracket(_) => "remove it, or open and close brackets in pairs",
            JsonFault::UnclosedText => "close the text with `\"`",
            JsonFault::ControlCharacter => {
                "close the text on its own line, or write a line break as `\\n` and a tab as `\\t`"
            }
            JsonFault::Escape => {
                "write a backslash as `\\\\`; the escapes are `\\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` `\\u0000`"
            }
            JsonFault::Surrogate => {
                "write the whole pair of `\\u` escapes, or the character itself"
            }
            JsonFault::Number => "write the number in plain digits, or as a text in double quotes",
            JsonFault::AfterEnd => "remove what follows, or put both statements into one document",
            JsonFault::TooDeep => "a policy needs no such depth; flatten the lists",
            JsonFault::Other(_) => "compare the text with the JSON grammar of policies",
        };
        text.to_owned()
    }
}

/// Finds the fault behind the parser's complaint.
pub(super) fn diagnose(text: &str, error: &serde_json::Error) -> JsonError {
    let new = |span: Span, fault| JsonError::new(text, span, fault);
    if text.trim().is_empty() {
        return new(Span::default(), JsonFault::Empty);
    }
    let is_end = error.classify() == Category::Eof;
    let at = if is_end { text.len() } else { offset(text, error) };
    let before = Before::read(text, at);
    if is_end {
        return match (before.in_text_from, before.open.last()) {
            (Some(start), _) => {
                new(Span::new(start, first_line_end(text, start)), JsonFault::UnclosedText)
            }
            (None, Some((bracket, opened))) => {
                let opened = line_column(text, *opened);
                let end = text.trim_end().len();
                new(Span::new(end, end), JsonFault::NotClosed { bracket: *bracket, opened })
            }
            (None, None) => new(Span::new(at, at), JsonFault::Other(message(error))),
        };
    }
    let found = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    let here = Span::new(at, at + found.len_utf8());
    let message = message(error);
    let fault = if message.contains("control character") {
        JsonFault::ControlCharacter
    } else if message.contains("escape") {
        JsonFault::Escape
    } else {
        return of_token(text, here, found, &before, message);
    };
    let start = before.in_text_from.unwrap_or(at);
    new(Span::new(start, here.end), fault)
}

/// The fault of a token that stands where it does not belong.
fn of_token(text: &str, here: Span, found: char, before: &Before, message: String) -> JsonError {
    let new = |span: Span, fault| JsonError::new(text, span, fault);
    let bare_word = || {
        let word = word_around(text, here.start);
        new(word, JsonFault::BareWord(word.of(text).to_owned()))
    };
    if message.starts_with("expected ident") {
        return bare_word();
    }
    let wants_separator = message.starts_with("expected `,`");
    let fault = match found {
        '\'' => JsonFault::SingleQuotes,
        '“' | '”' | '‘' | '’' | '„' => JsonFault::CurlyQuotes,
        '/' | '#' => JsonFault::Comment,
        '}' | ']' if before.last == Some(',') => {
            return new(Span::new(before.last_at, before.last_at + 1), JsonFault::TrailingComma);
        }
        '}' | ']' if before.last != Some(':') => JsonFault::WrongBracket(found),
        ',' => JsonFault::ExtraComma,
        _ if message.starts_with("trailing characters") => JsonFault::AfterEnd,
        _ if message.starts_with("expected `:`") => JsonFault::MissingColon,
        _ if wants_separator => {
            let end = text.get(..here.start).unwrap_or_default().trim_end().len();
            return new(Span::new(end, here.end), JsonFault::MissingComma);
        }
        _ if message.starts_with("invalid number") || matches!(found, '+' | '.' | '0'..='9') => {
            JsonFault::Number
        }
        _ if message.starts_with("key must be a string") => JsonFault::BareName,
        _ if found.is_alphabetic() => return bare_word(),
        _ => JsonFault::Other(message),
    };
    new(here, fault)
}

/// The parser's words without its place, which counts bytes.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// The byte that the parser complains of. Its column counts bytes up to and with that byte.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = error.line().saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(lines).map(str::len).sum();
    let mut at = (start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn first_line_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.find(['\n', '\r']).unwrap_or(rest.len())
}

fn word_around(text: &str, at: usize) -> Span {
    let is_outside = |c: char| !c.is_alphanumeric() && c != '_';
    let before = text.get(..at).unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    let start = before.trim_end_matches(|c| !is_outside(c)).len();
    let end = at + rest.find(is_outside).unwrap_or(rest.len());
    // A word is for a message; a stranger's line of a megabyte is not.
    let end = end.min(start + 40);
    let end = (start..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(at);
    Span::new(start, end)
}

/// What a text says up to a place.
struct Before {
    /// Brackets that are open, with their offsets.
    open: Vec<(char, usize)>,
    /// The start of the string that the place is in.
    in_text_from: Option<usize>,
    /// The last character that is not white space, outside strings.
    last: Option<char>,
    last_at: usize,
}

impl Before {
    fn read(text: &str, at: usize) -> Self {
        let mut before = Self { open: Vec::new(), in_text_from: None, last: None, last_at: 0 };
        let mut is_escaped = false;
        for (index, c) in text.get(..at).unwrap_or_default().char_indices() {
            if before.in_text_from.is_some() {
                if c == '"' && !is_escaped {
                    before.in_text_from = None;
                }
                is_escaped = c == '\\' && !is_escaped;
                continue;
            }
            match c {
                '"' => before.in_text_from = Some(index),
                '{' | '[' => before.open.push((c, index)),
                '}' | ']' => drop(before.open.pop()),
                _ => {}
            }
            if !c.is_whitespace() {
                before.last = Some(c);
                before.last_at = index;
            }
        }
        before
    }
}
