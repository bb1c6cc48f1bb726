//! Text of strangers, made safe to stand on one line.

use std::fmt;

/// The text with control and direction-changing characters written as escapes.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

pub(crate) fn write_char(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    if is_hidden(c) { write!(f, "{}", c.escape_unicode()) } else { write!(f, "{c}") }
}

/// Controls, line separators, and the marks that reorder or hide text on a screen.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
