//! Two patterns against each other, token by token: quick, and exact where it says so.
//!
//! # Why walking over tokens is enough
//! Replace each wildcard and variable of a pattern `b` by a letter that stands in no pattern. The
//! text belongs to `b`; another pattern without `?` can take such a letter only with a `*`. So if
//! the text belongs to that pattern, then `*` takes every wildcard of `b`, and all of `b` belongs to
//! it. The same text shows that several such patterns cover `b` together only if one of them does.

use super::glob::Token;
use crate::fuel;

/// Whether `a` takes every token of `b` as it stands, `*` any of them and `?` only what is one
/// character. If so, `a` covers `b`; a "no" says nothing when there is no fuel.
pub(super) fn covers(a: &[Token], b: &[Token]) -> bool {
    let same = |(a, b): &(&Token, &Token)| matches!(a, Token::Char(_)) && a == b;
    let shared = a.iter().zip(b).take_while(same).count();
    let (a, b) = (a.get(shared..).unwrap_or_default(), b.get(shared..).unwrap_or_default());
    // Where they begin alike is quickly read, and most patterns differ there.
    let mut steps = 1 + shared / CHARACTERS_AT_ONCE;
    let differ = matches!((a.first(), b.first()), (Some(Token::Char(_)), Some(Token::Char(_))));
    let found = !differ && covers_within(a, b, &mut steps);
    fuel::spend(steps) && found
}

/// Plain characters that are compared in one step.
const CHARACTERS_AT_ONCE: usize = 8;

fn covers_within(a: &[Token], b: &[Token], steps: &mut usize) -> bool {
    let steps_max = fuel::left();
    let (mut at_a, mut at_b) = (0, 0);
    // Where to resume after the last `*`, which could take one token more.
    let mut star: Option<(usize, usize)> = None;
    while let Some(token) = b.get(at_b) {
        *steps += 1;
        if *steps as u64 >= steps_max {
            return false;
        }
        match a.get(at_a) {
            Some(Token::Many) => {
                at_a += 1;
                star = Some((at_a, at_b));
            }
            Some(mine) if takes(mine, token) => {
                at_a += 1;
                at_b += 1;
            }
            _ => match star {
                Some((after, from)) => {
                    star = Some((after, from + 1));
                    (at_a, at_b) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    a.get(at_a..).is_some_and(|rest| rest.iter().all(|token| *token == Token::Many))
}

fn takes(mine: &Token, token: &Token) -> bool {
    match (mine, token) {
        (Token::One, Token::One | Token::Char(_)) => true,
        (Token::Within, Token::Within) => true,
        _ => mine == token,
    }
}

/// Whether a "no" of [`covers`] is certain too, for this pattern as the covering one.
pub(super) fn is_decided_by_covers(a: &[Token]) -> bool {
    !a.iter().any(|token| matches!(token, Token::One | Token::Within))
}

/// Whether both may share a text. Variables may hold anything; without them, and with fuel, it is
/// exact.
pub(super) fn intersect(a: &[Token], b: &[Token]) -> bool {
    let Some((a, b)) = without_common_ends(a, b) else {
        return false;
    };
    // What ends with a star and then what begins with one, in a row, is in both.
    let opens = |a: &[Token], b: &[Token]| {
        a.first() == Some(&Token::Many) && b.last() == Some(&Token::Many)
    };
    if opens(a, b) || opens(b, a) {
        return true;
    }
    if !fuel::spend((a.len() + 1).saturating_mul(b.len() + 1)) {
        return true;
    }
    let is_star = |token: &Token| matches!(token, Token::Many | Token::Variable(_) | Token::Within);
    // Whether the rest of `a` and the first tokens of `b` can be read together; one row for each
    // place in `a`.
    let mut row = vec![false; b.len() + 1];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    for (at, token) in b.iter().enumerate() {
        let before = row.get(at).copied().unwrap_or_default();
        if let Some(cell) = row.get_mut(at + 1) {
            *cell = before && is_star(token);
        }
    }
    let mut next = vec![false; b.len() + 1];
    for mine in a {
        let above = row.first().copied().unwrap_or_default();
        if let Some(first) = next.first_mut() {
            *first = above && is_star(mine);
        }
        for (at, token) in b.iter().enumerate() {
            let diagonal = row.get(at).copied().unwrap_or_default();
            let up = row.get(at + 1).copied().unwrap_or_default();
            let left = next.get(at).copied().unwrap_or_default();
            let reachable = (is_star(mine) && up)
                || (is_star(token) && left)
                || (is_star(mine) && left && may_take(mine, token))
                || (is_star(token) && up && may_take(token, mine))
                || (diagonal && meet(mine, token));
            if let Some(cell) = next.get_mut(at + 1) {
                *cell = reachable;
            }
        }
        std::mem::swap(&mut row, &mut next);
    }
    row.last().copied().unwrap_or_default()
}

/// Both without the characters that they share at either end; `None` when they differ there.
fn without_common_ends<'t>(
    mut a: &'t [Token],
    mut b: &'t [Token],
) -> Option<(&'t [Token], &'t [Token])> {
    while let ([Token::Char(x), rest_a @ ..], [Token::Char(y), rest_b @ ..]) = (a, b) {
        if x != y {
            return None;
        }
        (a, b) = (rest_a, rest_b);
    }
    while let ([rest_a @ .., Token::Char(x)], [rest_b @ .., Token::Char(y)]) = (a, b) {
        if x != y {
            return None;
        }
        (a, b) = (rest_a, rest_b);
    }
    Some((a, b))
}

/// Whether a star can take one more token.
fn may_take(star: &Token, token: &Token) -> bool {
    *star != Token::Within || *token != Token::Char(':')
}

fn meet(a: &Token, b: &Token) -> bool {
    match (a, b) {
        (Token::Char(a), Token::Char(b)) => a == b,
        (Token::One, Token::One | Token::Char(_)) | (Token::Char(_), Token::One) => true,
        _ => false,
    }
}
