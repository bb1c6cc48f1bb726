//! Messages for the person at the terminal, on standard error.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use trailwarden_model::escape;

use super::Colour;

/// Prints an error with its causes, each on a line of its own.
pub(crate) fn error(error: &anyhow::Error) {
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    let mut text = format!("{red}error{red:#}: {}\n", printable(&error.to_string()));
    for cause in error.chain().skip(1) {
        text.push_str(&format!("  because {}\n", printable(&cause.to_string())));
    }
    say(&text);
}

/// Prints a warning.
pub(crate) fn warn(message: &str) {
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into())).bold();
    say(&format!("{yellow}warning{yellow:#}: {}\n", printable(message)));
}

/// Standard error may be closed; there is nobody to tell then.
fn say(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Line by line, so that a message keeps its lines and a stranger's text cannot add terminal codes.
fn printable(message: &str) -> String {
    message.lines().map(escape::visible).collect::<Vec<_>>().join("\n")
}

/// Whether standard output takes colour.
pub(crate) fn stdout_colour(when: Colour) -> bool {
    match when {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// Columns of the terminal; 80 when standard output is none.
pub(crate) fn stdout_width() -> u16 {
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => columns.clamp(60, 140),
        None => 80,
    }
}
