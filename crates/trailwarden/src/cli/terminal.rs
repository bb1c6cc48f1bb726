//! Messages for the person at the terminal, on standard error.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use trailwarden_model::escape;
use trailwarden_runtime::config::ConfigError;

use super::Colour;

/// Prints an error with its causes, each on a line of its own.
pub(crate) fn error(error: &anyhow::Error) {
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    let mut text = format!("{red}error{red:#}: {}\n", of_error(error.as_ref()));
    for cause in error.chain().skip(1) {
        text.push_str(&format!("  because {}\n", of_error(cause)));
    }
    say(&text);
}

/// Prints a warning. It stays on its line, whatever names are in it.
pub(crate) fn warn(message: &str) {
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into())).bold();
    say(&format!("{yellow}warning{yellow:#}: {}\n", escape::visible(message)));
}

/// Prints what a reader may want to know before it begins.
pub(crate) fn note(message: &str) {
    say(&format!("{}\n", escape::visible(message)));
}

/// Standard error may be closed; there is nobody to tell then. On a terminal a progress bar may stand on
/// the line, which gives way and is drawn again below.
fn say(text: &str) {
    let clear = if io::stderr().is_terminal() { "\r\u{1b}[2K" } else { "" };
    let text = format!("{clear}{text}");
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// A stranger's text must neither add terminal codes nor lines that look like ours. Only of the
/// reader's own configuration a few lines are shown as they stand.
fn of_error(error: &(dyn std::error::Error + 'static)) -> String {
    let text = error.to_string();
    match error.downcast_ref() {
        Some(ConfigError::Parse { .. }) => {
            text.lines().map(escape::visible).collect::<Vec<_>>().join("\n")
        }
        _ => escape::visible(text.trim_end()).into_owned(),
    }
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

/// Columns of the terminal of standard error; none when it is none.
pub(crate) fn stderr_width() -> Option<u16> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(columns.clamp(60, 140))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_error_adds_no_line_and_no_code() {
        let error =
            anyhow::anyhow!("no principal `x` is known; known are user/a\nerror: b\u{1b}[2J");
        assert_eq!(
            of_error(error.as_ref()),
            "no principal `x` is known; known are user/a\\u{a}error: b\\u{1b}[2J"
        );
        let cause = "line 1\n  |\u{1b}".to_owned();
        let own = anyhow::Error::from(ConfigError::Parse { path: "a".into(), cause });
        assert_eq!(of_error(own.as_ref()), "the configuration `a` is wrong:\nline 1\n  |\\u{1b}");
    }
}
