//! Our sentences on the page: what stands in a pair of backticks is code.

use crate::formats::effect::visible;

/// A sentence in pieces; askama escapes each.
pub(super) struct Prose(pub(super) Vec<Piece>);

/// A piece of a sentence.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_code: bool,
}

impl Prose {
    /// A text whose backticks do not pair stays as it is.
    pub(super) fn of(text: &str) -> Self {
        let text = arrows(&visible(text));
        let parts: Vec<&str> = text.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return Self(vec![Piece { text, is_code: false }]);
        }
        let pieces = parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty());
        let piece =
            |(at, part): (usize, &str)| Piece { text: part.to_owned(), is_code: at % 2 == 1 };
        Self(pieces.map(piece).collect())
    }
}

/// Arrows as a page has them, which no line break tears apart.
pub(super) fn arrows(text: &str) -> String {
    text.replace(" -> ", "\u{a0}\u{2192} ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_in_pairs_are_code() {
        let pieces = |text| -> Vec<(String, bool)> {
            Prose::of(text).0.into_iter().map(|piece| (piece.text, piece.is_code)).collect()
        };
        let code = ("lake".to_owned(), true);
        assert_eq!(pieces("read `lake`"), [("read ".to_owned(), false), code]);
        assert_eq!(pieces("read `lake"), [("read `lake".to_owned(), false)]);
        assert_eq!(pieces("(read -> admin)"), [("(read\u{a0}\u{2192} admin)".to_owned(), false)]);
    }
}
