//! Cuts a file into its policies, and refuses what is too big or too deep before Cedar reads it.
//!
//! A policy ends with `;`, which stands nowhere else but in strings and comments. Cutting first gives
//! every policy its place, and lets one that does not parse cost none of the others.
//!
//! Cedar's parser and its trees recurse, so nesting and chains of operators are limited here
//! (`tests/policies/hostile.rs` reads policies at the limits on a small stack).

/// Bytes of one file.
pub(crate) const FILE_BYTES_MAX: usize = 1 << 20;
/// Bytes of one policy.
pub(crate) const POLICY_BYTES_MAX: usize = 64 << 10;
/// Policies in all files.
pub(crate) const POLICIES_MAX: usize = 1000;
/// How deep brackets may nest, and `if` inside `if`.
pub(crate) const DEPTH_MAX: usize = 32;
/// Operators of one policy: whatever can make its tree deeper by one, an index in brackets too.
pub(crate) const OPERATORS_MAX: usize = 400;

/// One policy of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    /// Where it begins, after blanks and comments.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// The deepest nesting of brackets and `if`.
    pub(crate) depth: usize,
    /// How many operators it has.
    pub(crate) operators: usize,
}

impl Piece {
    /// Which limit it goes beyond, when it does.
    pub(crate) fn too_big(self) -> Option<String> {
        if self.end - self.start > POLICY_BYTES_MAX {
            Some(format!("the policy has more than {POLICY_BYTES_MAX} bytes"))
        } else if self.depth > DEPTH_MAX {
            Some(format!("the policy is nested more than {DEPTH_MAX} deep"))
        } else if self.operators > OPERATORS_MAX {
            Some(format!("the policy has more than {OPERATORS_MAX} operators"))
        } else {
            None
        }
    }
}

/// The policies of a file, in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut open: Option<Piece> = None;
    let mut depth = 0_usize;
    let mut ifs = 0_usize;
    // Some editors begin a file with a mark of its byte order.
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for token in (Tokens { text, at }) {
        let piece = open.get_or_insert(Piece {
            start: token.start,
            end: token.start,
            depth: 0,
            operators: 0,
        });
        piece.end = token.end;
        match token.kind {
            Kind::End => {
                found.extend(open.take());
                (depth, ifs) = (0, 0);
                continue;
            }
            Kind::Open => depth += 1,
            Kind::OpenSquare => {
                depth += 1;
                // `a["b"]` is `a.b`.
                piece.operators += 1;
            }
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::If => ifs += 1,
            Kind::Operator => piece.operators += 1,
            Kind::Other => {}
        }
        piece.depth = piece.depth.max(depth + ifs);
    }
    found.extend(open);
    found
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    End,
    Open,
    OpenSquare,
    Close,
    If,
    Operator,
    Other,
}

struct Token {
    start: usize,
    end: usize,
    kind: Kind,
}

/// Tokens as far as they matter here; blanks and comments are left out.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at)? {
                b'/' if bytes.get(self.at + 1) == Some(&b'/') => {
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    // As Cedar has it: what stands after a carriage return is read.
                    let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.at += length.unwrap_or(rest.len());
                }
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => break,
            }
        }
        let start = self.at;
        let kind = match bytes.get(start)? {
            b';' => Kind::End,
            b'[' => Kind::OpenSquare,
            b'(' | b'{' => Kind::Open,
            b')' | b']' | b'}' => Kind::Close,
            b'"' => {
                self.at = end_of_string(bytes, start);
                return Some(Token { start, end: self.at, kind: Kind::Other });
            }
            byte @ (b'&' | b'|' | b'=' | b'!' | b'<' | b'>') => {
                let is_double = match bytes.get(start + 1) {
                    Some(b'=') => !matches!(byte, b'&' | b'|'),
                    second => matches!(byte, b'&' | b'|') && second == Some(byte),
                };
                self.at = start + 1 + usize::from(is_double);
                return Some(Token { start, end: self.at, kind: Kind::Operator });
            }
            b'+' | b'-' | b'*' | b'.' => Kind::Operator,
            byte if is_word(*byte) => {
                let rest = bytes.get(start..).unwrap_or_default();
                let length = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
                self.at = start + length;
                let kind = match self.text.get(start..self.at) {
                    Some("if") => Kind::If,
                    Some("in" | "is" | "has" | "like") => Kind::Operator,
                    _ => Kind::Other,
                };
                return Some(Token { start, end: self.at, kind });
            }
            _ => Kind::Other,
        };
        self.at += 1;
        Some(Token { start, end: self.at, kind })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The end of the string that opens at `start`, or of the text when it never closes.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        pieces(text).iter().map(|piece| &text[piece.start..piece.end]).collect()
    }

    #[test]
    fn a_semicolon_in_a_string_or_comment_ends_nothing() {
        let text =
            "// a; b\npermit(principal) when { \"x;\\\";\" == 1 }; // c;\n @id(\"é;\")\nforbid();";
        assert_eq!(
            texts(text),
            ["permit(principal) when { \"x;\\\";\" == 1 };", "@id(\"é;\")\nforbid();"]
        );
        assert_eq!(texts(" // nothing\n"), Vec::<&str>::new());
        // Cedar's comments end at either end of line; what follows is a policy.
        assert_eq!(texts("// x\rforbid();// y\r\npermit();"), ["forbid();", "permit();"]);
        assert_eq!(texts("\u{feff}permit();"), ["permit();"]);
        assert_eq!(texts("permit("), ["permit("]);
        assert_eq!(texts("\"open \\"), ["\"open \\"]);
    }

    #[test]
    fn nesting_and_operators_are_counted() {
        let piece = pieces("a when { ((if [1] then 2 else 3)) && !b.c };")[0];
        assert_eq!((piece.depth, piece.operators), (5, 4));
        let operators = |text: &str| pieces(text)[0].operators;
        assert_eq!(operators("a && b || !c == d != e <= f >= g < h > i"), 9);
        assert_eq!(operators("a[\"b\"][\"c\"].d + 1 - -2"), 6);
        let hidden = pieces("a // \r ((b\n;")[0];
        assert_eq!(hidden.depth, 2);
        assert_eq!(pieces("permit(principal, action, resource);")[0].depth, 1);
    }
}
