//! A page for a person at a terminal: wrapped paragraphs, and source lines with carets.
//!
//! Text is escaped by whoever puts it on the page, except for source lines, which are escaped here
//! because carets must follow.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use trailwarden_model::{Severity, escape};
use trailwarden_policy::Span;

use crate::cli::{Colour, terminal};

/// Longer lines are hard to read, however wide the terminal.
const WIDTH_MAX: u16 = 110;
/// Characters shown before the place that is meant, on a line too long to be shown whole.
const LEAD_CHARS: usize = 16;
/// So many times as many characters as there is room for are looked at on each side of that place;
/// some take no room.
const NEAR_ROOMS: usize = 4;

pub(crate) const PLAIN: Paint = Paint::new();
pub(crate) const BOLD: Paint = Paint::new().bold();
pub(crate) const DIM: Paint = Paint::new().dimmed();

/// Where a person reads.
pub(crate) struct Page<'a> {
    pub(crate) out: &'a mut dyn Write,
    colour: bool,
    width: usize,
}

impl<'a> Page<'a> {
    /// A page as wide as the terminal, coloured when it is one.
    pub(crate) fn new(out: &'a mut dyn Write, when: Colour) -> Self {
        let width = usize::from(terminal::stdout_width().min(WIDTH_MAX));
        Self { out, colour: terminal::stdout_colour(when), width }
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Wrapped text behind a head; later lines are indented by `indent` blanks.
    pub(crate) fn hanging(
        &mut self,
        paint: Paint,
        head: &str,
        indent: usize,
        text: &str,
    ) -> io::Result<()> {
        let rest = " ".repeat(indent);
        for line in self.wrap(head, &rest, text) {
            let line = self.painted(paint, &line);
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// Wrapped text behind a head in another paint; later lines are indented as far as the head is
    /// wide.
    pub(crate) fn labelled(&mut self, paint: Paint, head: &str, text: &str) -> io::Result<()> {
        let rest = " ".repeat(display_width(head));
        let mut shown = self.painted(paint, head);
        for line in self.wrap(&rest, &rest, text) {
            let line = line.get(rest.len()..).unwrap_or_default();
            writeln!(self.out, "{shown}{line}")?;
            shown.clone_from(&rest);
        }
        Ok(())
    }

    /// The line of a text on which a span begins, with carets below the span.
    pub(crate) fn snippet(
        &mut self,
        paint: Paint,
        text: &str,
        span: Span,
        line: usize,
    ) -> io::Result<()> {
        let gutter = format!("{line:>3} | ");
        let room = self.width.saturating_sub(gutter.len()).max(20);
        let (source, before, under) = excerpt(text, span, room);
        if source.trim().is_empty() {
            return Ok(());
        }
        let number = self.painted(DIM, &gutter);
        writeln!(self.out, "{number}{source}")?;
        let bar = format!("{}| ", " ".repeat(gutter.len().saturating_sub(2)));
        let bar = self.painted(DIM, &bar);
        let carets = self.painted(paint, &"^".repeat(under.max(1)));
        writeln!(self.out, "{bar}{}{carets}", " ".repeat(before))
    }

    /// Text in a paint, where there is colour.
    pub(crate) fn painted(&self, paint: Paint, text: &str) -> String {
        if self.colour { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    fn wrap(&self, first: &str, rest: &str, text: &str) -> Vec<String> {
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(true)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
    }
}

/// The colour of a severity, the same in every table.
pub(crate) fn paint_of(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold().invert(),
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => DIM,
    }
}

/// A line cut to `room` columns around the start of a span, the columns before the span, and how
/// many it takes of this line.
fn excerpt(text: &str, span: Span, room: usize) -> (String, usize, usize) {
    let start = floor(text, span.start);
    let end = floor(text, span.end).max(start);
    let (head, tail) = text.split_at(start);
    // A line may be as long as its file, and every finding of a file may be about that line.
    let near = room.saturating_mul(NEAR_ROOMS).max(LEAD_CHARS + 1);
    let behind = head.char_indices().rev().take(near).take_while(|(_, c)| *c != '\n');
    let line_start = behind.last().map_or(start, |(at, _)| at);
    let lead = head.get(line_start..).unwrap_or_default().trim_start_matches('\u{feff}');
    let ahead = tail.char_indices().take(near).take_while(|(_, c)| !['\n', '\r'].contains(c));
    let line_end = ahead.last().map_or(start, |(at, c)| start + at + c.len_utf8());
    let meant = text.get(start..end.min(line_end)).unwrap_or_default();
    let follow = text.get(end.min(line_end)..line_end).unwrap_or_default();

    let lead_chars = lead.chars().count();
    let lead_room =
        if display_width(lead) + display_width(meant) <= room { lead_chars } else { LEAD_CHARS };
    let mut shown = String::new();
    if lead_chars > lead_room {
        shown.push('…');
    }
    shown.extend(lead.chars().skip(lead_chars.saturating_sub(lead_room)).map(printable));
    let before = display_width(&shown);
    let left = room.saturating_sub(before);
    let (meant, was_cut) = cut(meant, left);
    let under = display_width(&meant);
    shown.push_str(&meant);
    if !was_cut {
        shown.push_str(&cut(follow, left.saturating_sub(under)).0);
    }
    (shown.trim_end().to_owned(), before, under)
}

/// As much of a text as fits, and whether something is missing.
fn cut(text: &str, room: usize) -> (String, bool) {
    let mut out = String::new();
    let mut width = 0;
    for c in text.chars() {
        let piece = printable(c);
        let wide = display_width(&piece);
        if width + wide > room {
            // The ellipsis takes the place of the last character.
            out.pop();
            out.push('…');
            return (out, true);
        }
        width += wide;
        out.push_str(&piece);
    }
    (out, false)
}

/// A character as a terminal may have it; a tab is one column, as in positions.
fn printable(c: char) -> String {
    match c {
        '\t' => " ".to_owned(),
        '\u{fffc}' => "…".to_owned(),
        c => escape::visible(c.encode_utf8(&mut [0; 4])).into_owned(),
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, meant: &str, room: usize) -> String {
        let start = text.find(meant).unwrap();
        let (line, before, under) = excerpt(text, Span::new(start, start + meant.len()), room);
        format!("{line}\n{}{}", " ".repeat(before), "^".repeat(under))
    }

    #[test]
    fn carets_stand_below_what_is_meant() {
        assert_eq!(shown("{\n  \"a\": 1,\r\n}", "\"a\"", 40), "  \"a\": 1,\n  ^^^");
        assert_eq!(shown("\t\u{1b}x: bad", "bad", 40), " \\u{1b}x: bad\n          ^^^");
    }

    #[test]
    fn long_lines_are_cut_around_it() {
        let text = format!("{}needle{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&text, "needle", 40);
        let (line, carets) = shown.split_once('\n').unwrap();
        assert_eq!(line, "…aaaaaaaaaaaaaaaaneedlebbbbbbbbbbbbbbbb…");
        assert_eq!(carets, format!("{}^^^^^^", " ".repeat(17)));
        let long = excerpt(&text, Span::new(0, text.len()), 20);
        assert_eq!(long, ("aaaaaaaaaaaaaaaaaaa…".to_owned(), 0, 20));
    }

    #[test]
    fn a_span_over_several_lines_is_marked_on_the_first() {
        let text = "a {\n  b\n}";
        assert_eq!(excerpt(text, Span::new(2, text.len()), 40), ("a {".to_owned(), 2, 1));
        assert_eq!(excerpt("", Span::new(0, 0), 40), (String::new(), 0, 0));
    }
}
