//! Places in a text: where something stands, and the line and column that a person counts to.

use std::fmt;

/// A piece of a text, as byte offsets: from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// From `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text at this place; empty when the span is not of this text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The same place in a text that has `offset` bytes before this one.
    pub fn moved_by(self, offset: usize) -> Self {
        Self { start: self.start.saturating_add(offset), end: self.end.saturating_add(offset) }
    }
}

/// A line and a column, both from 1; the column counts characters, a tab being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The line and column of a byte offset. An offset inside a character counts as that character's
/// start, one behind the end as the end, and a byte order mark as nothing, as in editors.
pub fn line_column(text: &str, offset: usize) -> Position {
    let (text, offset) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, offset.saturating_sub(text.len() - rest.len())),
        None => (text, offset),
    };
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text.get(..offset).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    Position { line, column }
}

/// Lines and columns of one text, for many places: [`line_column`] without reading it each time.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// The offset at which every line begins.
    starts: Vec<usize>,
    /// How many bytes before every block are no start of a character.
    continued: Vec<usize>,
}

/// Long enough to keep few counts, short enough to count quickly.
const BLOCK_BYTES: usize = 1024;

impl<'t> Lines<'t> {
    /// Reads a text once.
    pub fn new(text: &'t str) -> Self {
        let line_ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = [0].into_iter().chain(line_ends.map(|(at, _)| at + 1)).collect();
        let mut total = 0;
        let mut continued = Vec::with_capacity(text.len() / BLOCK_BYTES + 1);
        for block in text.as_bytes().chunks(BLOCK_BYTES) {
            continued.push(total);
            total += continuations(block);
        }
        Self { text, starts, continued }
    }

    /// The same as [`line_column`].
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0);
        let characters = self.characters_before(offset) - self.characters_before(start);
        let has_mark = line == 1 && self.text.starts_with('\u{feff}') && offset > 0;
        Position { line, column: characters + 1 - usize::from(has_mark) }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK_BYTES;
        let known = self.continued.get(block).or(self.continued.last()).copied().unwrap_or(0);
        let from = block.min(self.continued.len().saturating_sub(1)) * BLOCK_BYTES;
        let rest = self.text.as_bytes().get(from..offset).unwrap_or_default();
        offset - known - continuations(rest)
    }
}

/// How many bytes are no start of a character in UTF-8.
fn continuations(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 == 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_count_characters_and_a_tab_is_one() {
        let text = "é\t{\r\n  \"ß\": 1\n";
        let at = |offset| line_column(text, offset).to_string();
        assert_eq!(at(0), "1:1");
        assert_eq!(at(1), "1:1", "inside the first character");
        assert_eq!(at(text.find('{').unwrap()), "1:3");
        assert_eq!(at(text.find('1').unwrap()), "2:8");
        assert_eq!(at(text.len()), "3:1");
        assert_eq!(at(usize::MAX), "3:1");
        assert_eq!(line_column("", 7).to_string(), "1:1");
        assert_eq!(line_column("\u{feff}ab", 4).to_string(), "1:2");
    }

    #[test]
    fn a_span_of_another_text_is_empty() {
        assert_eq!(Span::new(1, 3).of("abcd"), "bc");
        assert_eq!(Span::new(1, 9).of("abcd"), "");
        assert_eq!(Span::new(0, 1).of("é"), "");
        assert_eq!(Span::new(1, 2).moved_by(3), Span::new(4, 5));
    }

    proptest! {
        /// Counting once for all gives what counting each time gives.
        #[test]
        fn lines_agree_with_counting(
            text in "\u{feff}?[a-é\n\t😀]{0,40}", repeats in 1_usize..60, at in any::<prop::sample::Index>(),
        ) {
            let text = text.repeat(repeats);
            let offset = at.index(text.len() + 2);
            prop_assert_eq!(Lines::new(&text).position(offset), line_column(&text, offset));
        }

        /// The position leads back to the offset.
        #[test]
        fn a_position_names_one_place(text in "[a-é\n\t]{0,40}", at in any::<prop::sample::Index>()) {
            let starts: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let offset = starts[at.index(starts.len())];
            let position = line_column(&text, offset);
            let line: usize = text.split_inclusive('\n').take(position.line - 1).map(str::len).sum();
            let inside: usize = text[line..].chars().take(position.column - 1).map(char::len_utf8).sum();
            prop_assert_eq!(line + inside, offset);
        }
    }
}
