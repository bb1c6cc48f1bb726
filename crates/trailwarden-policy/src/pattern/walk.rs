//! Compiled patterns, and how a text is held against one.
//!
//! # Invariants
//! - Time is linear in the text but for patterns with a `?` before a star that stays within its
//!   segment, and bounded for those.

/// One step of a compiled pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// This byte.
    Byte(u8),
    /// `?`: one character.
    One,
    /// `*`: any run of characters.
    Star,
    /// `*`: any run of characters without a colon.
    StarWithin,
}

/// Makes each `*` that does not end its segment stay within it, up to the fifth colon.
pub(crate) fn bound_stars(tokens: &mut [Token]) {
    let mut colons = 0;
    for at in 0..tokens.len() {
        let next = tokens.get(at + 1).copied();
        let Some(token) = tokens.get_mut(at) else { return };
        match token {
            Token::Byte(b':') => colons += 1,
            Token::Star => {
                let ends_segment = matches!(next, None | Some(Token::Byte(b':')));
                if colons < 5 && !ends_segment {
                    *token = Token::StarWithin;
                }
            }
            _ => {}
        }
        if colons == 5 {
            return;
        }
    }
}

/// Whether a compiled pattern covers a text.
pub(crate) fn matches_tokens(tokens: &[Token], text: &str) -> bool {
    walk(|at| tokens.get(at).copied(), text)
}

/// Goes through pattern and text once, resuming after the last `*` when the rest does not fit.
///
/// Only the last star of each sort is resumed: an earlier one could take no text that the last
/// cannot. A star that stays within its segment gives way to the last that crosses, which is always
/// followed by a colon, so each segment is walked at most five times.
///
/// That holds no longer where a `?` stands before a star that stays within: the `?` may take the
/// colon that the star cannot. Then all ways are tried ([`walk_all_ways`]).
pub(super) fn walk(token: impl Fn(usize) -> Option<Token>, text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at_pattern, mut at_text) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    let mut within: Option<(usize, usize)> = None;
    let (mut met_one, mut one_before_within) = (false, false);
    while let Some(&byte) = bytes.get(at_text) {
        match token(at_pattern) {
            Some(Token::Star) => {
                at_pattern += 1;
                star = Some((at_pattern, at_text));
                within = None;
                continue;
            }
            Some(Token::StarWithin) => {
                at_pattern += 1;
                within = Some((at_pattern, at_text));
                one_before_within |= met_one;
                continue;
            }
            Some(Token::One) => {
                met_one = true;
                at_pattern += 1;
                at_text += character_len(byte);
                continue;
            }
            Some(Token::Byte(wanted)) if wanted == byte => {
                at_pattern += 1;
                at_text += 1;
                continue;
            }
            _ => {}
        }
        // A star takes whole characters, or `?` could be met by half of one.
        let longer = |(after, from): (usize, usize)| {
            let skipped = *bytes.get(from)?;
            Some((skipped, (after, from + character_len(skipped))))
        };
        match (within.and_then(longer), star.and_then(longer)) {
            (Some((skipped, resume)), _) if skipped != b':' => {
                within = Some(resume);
                (at_pattern, at_text) = resume;
            }
            (_, Some((_, resume))) => {
                star = Some(resume);
                within = None;
                (at_pattern, at_text) = resume;
            }
            _ => return one_before_within && walk_all_ways(token, text),
        }
    }
    let mut rest = at_pattern;
    while let Some(Token::Star | Token::StarWithin) = token(rest) {
        rest += 1;
    }
    token(rest).is_none() || one_before_within && walk_all_ways(token, text)
}

/// Steps that [`walk_all_ways`] takes at most; the longest policy and ARN of AWS need 20 million.
const STEPS_MAX: usize = 32 << 20;

/// Goes through the text once with all places of the pattern that its beginning can lead to. What
/// would take too long is no match.
fn walk_all_ways(token: impl Fn(usize) -> Option<Token>, text: &str) -> bool {
    let tokens: Vec<Token> = (0..).map_while(token).collect();
    if tokens.len().saturating_mul(text.len()) > STEPS_MAX {
        return false;
    }
    let mut here = vec![false; tokens.len() + 1];
    if let Some(start) = here.first_mut() {
        *start = true;
    }
    pass_stars(&tokens, &mut here);
    for character in text.chars() {
        let mut next = vec![false; here.len()];
        let mut reach = |place: usize| {
            if let Some(slot) = next.get_mut(place) {
                *slot = true;
            }
        };
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        for (place, _) in here.iter().enumerate().filter(|(_, is_here)| **is_here) {
            match tokens.get(place) {
                Some(Token::One) => reach(place + 1),
                Some(Token::Star) => reach(place),
                Some(Token::StarWithin) if character != ':' => reach(place),
                Some(Token::Byte(_)) => {
                    let literal = tokens.get(place..place + bytes.len());
                    let is_this = |(token, byte): (&Token, &u8)| *token == Token::Byte(*byte);
                    if literal.is_some_and(|literal| literal.iter().zip(bytes).all(is_this)) {
                        reach(place + bytes.len());
                    }
                }
                Some(Token::StarWithin) | None => {}
            }
        }
        here = next;
        pass_stars(&tokens, &mut here);
    }
    here.last().copied().unwrap_or_default()
}

/// A star may take nothing.
fn pass_stars(tokens: &[Token], here: &mut [bool]) {
    for (place, token) in tokens.iter().enumerate() {
        let is_star = matches!(token, Token::Star | Token::StarWithin);
        if is_star
            && here.get(place) == Some(&true)
            && let Some(next) = here.get_mut(place + 1)
        {
            *next = true;
        }
    }
}

/// The bytes of the character that begins with this byte.
fn character_len(first: u8) -> usize {
    match first {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0.. => 4,
        _ => 1,
    }
}
