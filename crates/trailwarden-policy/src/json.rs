//! JSON as written: members in order, doubled names kept, and where everything stands.
//!
//! A map would keep one of two members with the same name, and a reader that keeps the other one
//! would see a different policy. Numbers and Booleans are held as the text a policy compares with.
//!
//! # Why a walk of our own
//! `serde_json` decides what is JSON, reads the strings and finds the faults; it knows no places of
//! values. The walk here runs only over text that it has accepted, so it has nothing to decide. The
//! parsers that keep places (we looked at `jsonc-parser`) take raw line breaks in strings and
//! exotic white space for good, and a linter that accepts what AWS refuses is wrong.
//!
//! # Invariants
//! - Total, and bounded in depth ([`DEPTH_MAX`]): no text overflows the stack (`json/tests.rs`).
//! - The text at a node's span is that node's JSON, and nothing else (`json/tests.rs`).

mod fault;
#[cfg(test)]
mod tests;

use serde::de::IgnoredAny;

use crate::span::Span;
pub use fault::{JsonError, JsonFault};

/// How deeply values may be nested.
pub const DEPTH_MAX: usize = 128;

/// One JSON value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands, with its quotes or brackets.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// A number or Boolean in its JSON spelling.
    Literal(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object.
    Members(Vec<Member>),
}

/// A name and a value of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name, unescaped.
    pub name: String,
    /// Where the name stands, with its quotes.
    pub name_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Members(members) => members,
            Value::Null | Value::Literal(_) | Value::Text(_) | Value::List(_) => &[],
        }
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Literal(_) | Value::Text(_) | Value::Members(_) => &[],
        }
    }

    /// The value of the last member of this name, which is the one most readers take.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let member = self.members().iter().rev().find(|member| member.name == name);
        member.map(|member| &member.value)
    }

    /// A string's text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Literal(_) | Value::List(_) | Value::Members(_) => None,
        }
    }
}

impl Node {
    /// Moves all places, as when the text is found to have something before it.
    pub(crate) fn move_by(&mut self, offset: usize) {
        self.span = self.span.moved_by(offset);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.move_by(offset)),
            Value::Members(members) => {
                for member in members {
                    member.name_span = member.name_span.moved_by(offset);
                    member.value.move_by(offset);
                }
            }
            Value::Null | Value::Literal(_) | Value::Text(_) => {}
        }
    }
}

/// Reads a JSON text. White space around the value is allowed, anything else is not.
pub fn parse(text: &str) -> Result<Node, JsonError> {
    parse_within(text, Span::new(0, text.len()))
}

/// Reads the JSON at a place in a text; all places are those of the whole text.
pub(crate) fn parse_within(text: &str, body: Span) -> Result<Node, JsonError> {
    // Reads without recursion and builds nothing, so depth costs it nothing.
    if let Err(error) = serde_json::from_str::<IgnoredAny>(body.of(text)) {
        let found = fault::diagnose(body.of(text), &error);
        return Err(JsonError::new(text, found.span.moved_by(body.start), found.fault));
    }
    Walk { text, at: body.start }.value(0)
}

/// A walk over text that is known to be JSON.
struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl Walk<'_> {
    fn value(&mut self, depth: usize) -> Result<Node, JsonError> {
        let start = self.next_token();
        if depth >= DEPTH_MAX {
            return Err(self.error(Span::new(start, start + 1), JsonFault::TooDeep));
        }
        let value = match self.peek() {
            Some(b'{') => Value::Members(self.members(depth)?),
            Some(b'[') => Value::List(self.items(depth)?),
            Some(b'"') => Value::Text(self.string()?),
            _ => self.literal(),
        };
        Ok(Node { span: Span::new(start, self.at), value })
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Member>, JsonError> {
        let mut members = Vec::new();
        self.at += 1;
        loop {
            let start = self.next_token();
            match self.peek() {
                Some(b'"') => {
                    let name = self.string()?;
                    let name_span = Span::new(start, self.at);
                    self.next_token();
                    // Over the colon.
                    self.at += 1;
                    members.push(Member { name, name_span, value: self.value(depth + 1)? });
                }
                Some(b',') => self.at += 1,
                // The closing brace; an end of text cannot be, and must not loop.
                _ => {
                    self.at += 1;
                    return Ok(members);
                }
            }
        }
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, JsonError> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.next_token();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') | None => {
                    self.at += 1;
                    return Ok(items);
                }
                Some(_) => items.push(self.value(depth + 1)?),
            }
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let start = self.at;
        let inside = self.text.get(start + 1..).unwrap_or_default().as_bytes();
        let mut length = 0;
        let mut is_plain = true;
        while let Some(byte) = inside.get(length) {
            match byte {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    length += 2;
                }
                _ => length += 1,
            }
        }
        self.at = (start + length + 2).min(self.text.len());
        let span = Span::new(start, self.at);
        if is_plain {
            return Ok(Span::new(start + 1, start + 1 + length).of(self.text).to_owned());
        }
        serde_json::from_str(span.of(self.text)).map_err(|_| self.error(span, JsonFault::Surrogate))
    }

    fn literal(&mut self) -> Value {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let ends = |c: char| matches!(c, ',' | ']' | '}' | ' ' | '\t' | '\r' | '\n');
        let text = rest.split(ends).next().unwrap_or_default();
        // At least one byte, so that the walk ends on any text.
        self.at += text.len().max(1);
        match text {
            "null" => Value::Null,
            _ => Value::Literal(text.to_owned()),
        }
    }

    /// Skips white space; returns where the next token begins.
    fn next_token(&mut self) -> usize {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn error(&self, span: Span, fault: JsonFault) -> JsonError {
        JsonError::new(self.text, span, fault)
    }
}
