//! A page at a terminal: wrapped paragraphs in the width there is, colour only where it is wanted.
//!
//! Text is escaped by whoever puts it on the page.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use trailwarden_model::Severity;

use super::Style;

/// Longer lines are hard to read, however wide the terminal.
const WIDTH_MAX: u16 = 110;
/// Narrower ones leave no room beside the severity.
const WIDTH_MIN: u16 = 40;

/// A blank at which no line breaks.
const TIE: &str = "\u{a0}";

pub(super) const PLAIN: Paint = Paint::new();
pub(super) const BOLD: Paint = Paint::new().bold();
pub(super) const DIM: Paint = Paint::new().dimmed();

/// Where lines go, and how wide they may be.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    colour: bool,
    width: usize,
}

impl<'a> Page<'a> {
    /// A page in the reader's style.
    pub(super) fn new(out: &'a mut dyn Write, style: &Style) -> Self {
        let width = usize::from(style.width.clamp(WIDTH_MIN, WIDTH_MAX));
        Self { out, colour: style.colour, width }
    }

    /// An empty line.
    pub(super) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// One paragraph, wrapped, each line behind the indent.
    pub(super) fn paragraph(&mut self, paint: Paint, indent: &str, text: &str) -> io::Result<()> {
        for line in self.wrap(indent, text) {
            let line = self.painted(paint, &line);
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    /// Short facts in a row; a line breaks between them rather than within one.
    pub(super) fn items(&mut self, paint: Paint, indent: &str, items: &[String]) -> io::Result<()> {
        let tied: Vec<String> = items.iter().map(|item| item.replace(' ', TIE)).collect();
        for line in self.wrap(indent, &tied.join(", ")) {
            let line = self.painted(paint, &line.replace(TIE, " "));
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    /// The severity in the rail, and the title beside it.
    pub(super) fn title(&mut self, severity: Severity, rail: &str, title: &str) -> io::Result<()> {
        let tag = severity.as_str().to_uppercase();
        let blanks = " ".repeat(rail.len().saturating_sub(tag.len()));
        let head = format!("{}{blanks}", self.painted(colour_of(severity), &tag));
        self.headed(BOLD, &head, rail, title)
    }

    /// One paragraph behind a head that is as wide as the indent of its other lines.
    pub(super) fn headed(
        &mut self,
        paint: Paint,
        head: &str,
        indent: &str,
        text: &str,
    ) -> io::Result<()> {
        let mut head = head;
        for line in self.wrap(indent, text) {
            let line = self.painted(paint, &line);
            writeln!(self.out, "{head}{line}")?;
            head = indent;
        }
        Ok(())
    }

    fn wrap(&self, indent: &str, text: &str) -> Vec<String> {
        let options = Options::new(self.width.saturating_sub(indent.len()))
            .break_words(true)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
    }

    /// Text in a paint, where there is colour.
    pub(super) fn painted(&self, paint: Paint, text: &str) -> String {
        if self.colour { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }
}

/// The colour of a severity.
pub(super) fn colour_of(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold().invert(),
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => DIM,
    }
}
