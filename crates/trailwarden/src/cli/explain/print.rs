//! A page at the terminal: wrapped, indented, with headings and code told apart.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use textwrap::{Options, WordSplitter, wrap};

use super::page::Page;
use super::responses::{Form, INVENTED};

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Columns.
    pub(super) width: usize,
    /// Whether there may be colour.
    pub(super) has_colour: bool,
}

/// The longest line that reads well.
const MEASURE: usize = 92;

/// Prints a page.
pub(super) fn page(page: &Page, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut printer = Printer { style, out, lists: Vec::new(), text: String::new(), quiet: false };
    let bold = printer.paint(Paint::new().bold());
    let faint = printer.paint(Paint::new().dimmed());
    writeln!(printer.out, "{bold}{}{bold:#}  {faint}{}{faint:#}", page.name, page.kind)?;
    printer.text = page.title.clone();
    printer.flush("", "")?;
    if !page.facts.is_empty() {
        writeln!(printer.out)?;
    }
    let width = page.facts.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
    for (label, value) in &page.facts {
        let first = format!("{label:<width$}  ");
        let rest = " ".repeat(width + 2);
        printer.text = value.replace('`', "");
        printer.flush(&first, &rest)?;
    }
    for section in &page.sections {
        let head = printer.paint(Paint::new().bold().fg_color(Some(AnsiColor::Cyan.into())));
        writeln!(printer.out, "\n{head}{}{head:#}\n", section.heading)?;
        printer.markdown(&section.markdown)?;
    }
    responses(page, &mut printer)?;
    if let Some(sample) = &page.sample {
        let head = printer.paint(Paint::new().bold().fg_color(Some(AnsiColor::Cyan.into())));
        writeln!(printer.out, "\n{head}A record of it{head:#}\n")?;
        printer.code(&format!("{sample:#}"))?;
    }
    writeln!(printer.out)
}

/// How to respond, in the console, and how to get the other forms.
fn responses(page: &Page, printer: &mut Printer<'_>) -> io::Result<()> {
    for response in &page.responses {
        let head = printer.paint(Paint::new().bold().fg_color(Some(AnsiColor::Cyan.into())));
        let faint = printer.paint(Paint::new().dimmed());
        let (title, id) = (response.title, response.remediation);
        writeln!(printer.out, "\n{head}{title}{head:#}  {faint}{id}{faint:#}\n")?;
        if let Some(by_hand) = &response.by_hand {
            printer.markdown(&format!("There is no plan: {}.", by_hand.why))?;
            writeln!(printer.out)?;
            let steps: Vec<String> = by_hand.steps.iter().map(|step| format!("- {step}")).collect();
            printer.markdown(&steps.join("\n"))?;
        }
        if let Some(example) = &response.example {
            printer.markdown(&format!("{INVENTED}, in the AWS console:"))?;
            writeln!(printer.out)?;
            printer.code(example.form(Form::Console).trim_end())?;
            writeln!(printer.out)?;
            printer.markdown(&page.other_forms(id))?;
        }
    }
    Ok(())
}

struct Printer<'a> {
    style: Style,
    out: &'a mut dyn Write,
    /// The lists that are open: the next number of those with numbers.
    lists: Vec<Option<u64>>,
    /// What was read of the paragraph.
    text: String,
    /// Whether the item's mark was written.
    quiet: bool,
}

impl Printer<'_> {
    fn paint(&self, paint: Paint) -> Paint {
        if self.style.has_colour { paint } else { Paint::new() }
    }

    fn markdown(&mut self, markdown: &str) -> io::Result<()> {
        let mut is_code = false;
        let mut is_first = true;
        for event in Parser::new(markdown) {
            match event {
                Event::Start(Tag::Paragraph) if !is_first && self.lists.is_empty() => {
                    writeln!(self.out)?;
                }
                Event::Start(Tag::CodeBlock(_)) => {
                    if !is_first {
                        writeln!(self.out)?;
                    }
                    is_code = true;
                }
                Event::End(TagEnd::CodeBlock) => is_code = false,
                Event::Start(Tag::List(first)) => {
                    if self.lists.is_empty() && !is_first {
                        writeln!(self.out)?;
                    }
                    self.item_flush()?;
                    self.lists.push(first);
                }
                Event::End(TagEnd::List(_)) => {
                    self.lists.pop();
                }
                Event::Start(Tag::Item) => self.quiet = false,
                Event::End(TagEnd::Item) => {
                    self.item_flush()?;
                    if let Some(Some(number)) = self.lists.last_mut() {
                        *number += 1;
                    }
                }
                Event::End(TagEnd::Paragraph | TagEnd::Heading(HeadingLevel::H3)) => {
                    self.item_flush()?;
                }
                Event::Text(text) if is_code => self.code(&text)?,
                Event::Text(text) => self.text.push_str(&text),
                Event::Code(code) => self.text.push_str(&code),
                Event::SoftBreak | Event::HardBreak => self.text.push(' '),
                Event::Html(text) | Event::InlineHtml(text) => self.text.push_str(&text),
                _ => {}
            }
            is_first = false;
        }
        self.item_flush()
    }

    /// Writes what was read, with the mark of its item.
    fn item_flush(&mut self) -> io::Result<()> {
        if self.text.is_empty() {
            return Ok(());
        }
        let indent = "  ".repeat(self.lists.len());
        let mark = match self.lists.last() {
            None => String::new(),
            Some(None) => "- ".to_owned(),
            Some(Some(number)) => format!("{number}. "),
        };
        let rest = format!("{indent}{}", " ".repeat(mark.len()));
        let first = if self.quiet { rest.clone() } else { format!("{indent}{mark}") };
        self.quiet = !self.lists.is_empty();
        self.flush(&first, &rest)
    }

    fn flush(&mut self, first: &str, rest: &str) -> io::Result<()> {
        let options = Options::new(self.style.width.min(MEASURE))
            .initial_indent(first)
            .subsequent_indent(rest)
            // A name that is torn apart at a hyphen cannot be copied.
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        for line in wrap(&std::mem::take(&mut self.text), options) {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn code(&mut self, text: &str) -> io::Result<()> {
        let faint = self.paint(Paint::new().fg_color(Some(AnsiColor::Green.into())));
        for line in text.lines() {
            writeln!(self.out, "    {faint}{line}{faint:#}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(markdown: &str, has_colour: bool) -> String {
        let mut one = Page::new("event", "iam:Thing", "A thing");
        one.fact("Needs", "`iam:Thing`");
        one.section("What it does", markdown);
        let mut out = Vec::new();
        page(&one, Style { width: 40, has_colour }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_is_wrapped_and_lists_are_indented() {
        let text = printed(
            "One `iam:PutUserPolicy` and some words after it.\n\nTwo.\n\n1. First, which is long enough to be wrapped.\n2. Second\n\n- Point\n\n```text\nas it  is\n```\n",
            false,
        );
        expect_test::expect![[r#"
            iam:Thing  event
            A thing

            Needs  iam:Thing

            What it does

            One iam:PutUserPolicy and some words
            after it.

            Two.

              1. First, which is long enough to be
                 wrapped.
              2. Second

              - Point

                as it  is

        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn a_name_is_not_torn_apart() {
        let text = printed("One of them is `own-permissions-boundary-lifted`.", false);
        assert!(
            text.lines().any(|line| line.contains("own-permissions-boundary-lifted")),
            "{text}"
        );
    }

    #[test]
    fn there_is_colour_only_where_it_may_be() {
        assert!(printed("One.", true).contains('\u{1b}'));
        assert!(!printed("One.", false).contains('\u{1b}'));
    }
}
