//! Text that a stranger wrote, made safe to show.
//!
//! Names, user agents and policy text come from whoever made the call. A terminal runs control
//! codes; bidirectional overrides reorder what a person reads. Both are spelled out instead.

use std::borrow::Cow;

/// Replaces control, format and bidirectional characters by `\u{..}`; keeps everything else.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Shortens to at most `chars_max` characters, the last one an ellipsis when something was cut.
pub fn shorten(text: &str, chars_max: usize) -> Cow<'_, str> {
    if text.chars().count() <= chars_max {
        return Cow::Borrowed(text);
    }
    let mut out: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    out.push('…');
    Cow::Owned(out)
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_codes_and_overrides_are_spelled_out() {
        assert_eq!(visible("al\u{1b}[31mice"), "al\\u{1b}[31mice");
        assert_eq!(visible("evil\u{202e}nimda"), "evil\\u{202e}nimda");
        assert_eq!(visible("a\nb"), "a\\u{a}b");
        assert!(matches!(visible("Zoë/naïve"), Cow::Borrowed(_)));
    }

    #[test]
    fn shortening_counts_characters() {
        assert_eq!(shorten("naïveté", 4), "naï…");
        assert_eq!(shorten("four", 4), "four");
    }
}
