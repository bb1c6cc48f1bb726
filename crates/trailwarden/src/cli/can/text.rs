//! An answer for a person.

use std::io;

use anstyle::AnsiColor;
use trailwarden_model::escape;

use super::answer::{Answer, Verdict};
use super::lines::Lines;
use crate::cli::Colour;
use crate::cli::policy::page::{BOLD, DIM, Page};

/// Writes it.
pub(super) fn write(
    answer: &Answer,
    lines: &Lines,
    sources: &str,
    out: &mut dyn io::Write,
    colour: Colour,
) -> io::Result<()> {
    let mut page = Page::new(out, colour);
    let paint = match answer.verdict {
        Verdict::Allowed => AnsiColor::Green.on_default().bold(),
        Verdict::Denied => AnsiColor::Red.on_default().bold(),
        Verdict::Unknown => AnsiColor::Yellow.on_default().bold(),
    };
    page.hanging(paint, "", 4, &escape::visible(&lines.headline))?;
    let width = lines.lines.iter().map(|line| line.label.len()).max().unwrap_or_default();
    for line in &lines.lines {
        let head = format!("  {:<width$}  ", line.label);
        page.labelled(BOLD, &head, &escape::visible(&line.text))?;
        if let Some(quote) = &line.quote {
            page.hanging(DIM, "      ", 6, &escape::visible(quote))?;
        }
    }
    page.hanging(DIM, "  ", 2, &escape::visible(sources))
}
