//! The texts that two patterns share, written as patterns.

use super::{Glob, Token};
use crate::fuel;
use crate::reach::symbolic;

/// The texts that two patterns share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Together they cover what is shared.
    pub globs: Vec<Glob>,
    /// Whether they cover nothing else.
    pub is_exact: bool,
}

/// More pieces than this are not worth having: the caller keeps both patterns instead.
const SHARED_MAX: usize = 16;

impl Glob {
    /// The texts that are in both.
    pub fn intersection(&self, other: &Glob) -> Shared {
        if self.covers(other) {
            return Shared { globs: vec![other.clone()], is_exact: true };
        }
        if other.covers(self) {
            return Shared { globs: vec![self.clone()], is_exact: true };
        }
        if !self.intersects(other) {
            return Shared { globs: Vec::new(), is_exact: true };
        }
        let (mut globs, enumerated) = self.pieces_shared(other, SHARED_MAX * 4);
        globs.sort();
        globs.dedup();
        let all = globs.clone();
        globs.retain(|glob| !all.iter().any(|wider| wider != glob && wider.covers(glob)));
        if enumerated && globs.len() <= SHARED_MAX {
            Shared { globs, is_exact: true }
        } else {
            // Either one covers what is shared; the longer one is likely the narrower.
            let narrower = if self.tokens.len() >= other.tokens.len() { self } else { other };
            Shared { globs: vec![narrower.clone()], is_exact: false }
        }
    }

    /// At most so many patterns for texts that both take, and whether these are all.
    pub(crate) fn pieces_shared(&self, other: &Glob, count_max: usize) -> (Vec<Glob>, bool) {
        let mut globs = Vec::new();
        let is_all = self.share_with(other, &mut |piece| {
            globs.push(Self::normal(piece.iter().cloned()));
            globs.len() < count_max
        });
        (globs, is_all)
    }

    /// The one pattern for all that both take, when there is one that is easily found.
    pub(crate) fn merged(&self, other: &Glob) -> Option<Self> {
        let mut widest: Option<Vec<Token>> = None;
        let is_all = self.share_with(other, &mut |piece| match &widest {
            Some(widest) => symbolic::covers(widest, piece),
            None => {
                widest = Some(piece.to_vec());
                true
            }
        });
        widest.filter(|_| is_all).map(|tokens| Self::normal(tokens.into_iter()))
    }

    fn share_with(&self, other: &Glob, found: &mut impl FnMut(&[Token]) -> bool) -> bool {
        if self.has_variables() || other.has_variables() || fuel::is_spent() {
            return false;
        }
        let mut budget = SHARED_MAX * 64;
        let mut taken = 0;
        let mut found = |piece: &[Token]| {
            taken += piece.len();
            found(piece)
        };
        let is_all = share(&self.tokens, &other.tokens, &mut Vec::new(), &mut found, &mut budget);
        fuel::spend(SHARED_MAX * 64 - budget + taken) && is_all
    }
}

/// Tells each way in which two patterns without variables can walk together; `false` when these are
/// not all: the budget ended first, nobody wants more, or no pattern says what is shared.
fn share(
    a: &[Token],
    b: &[Token],
    path: &mut Vec<Token>,
    found: &mut impl FnMut(&[Token]) -> bool,
    budget: &mut usize,
) -> bool {
    let Some(left) = budget.checked_sub(1) else {
        return false;
    };
    *budget = left;
    let depth = path.len();
    let mut along = |token: Token, a: &[Token], b: &[Token], budget: &mut usize| {
        path.push(token);
        let done = share(a, b, path, found, budget);
        path.truncate(depth);
        done
    };
    match (a.split_first(), b.split_first()) {
        (None, None) => found(path),
        // Only a star can stand where the other has ended.
        (Some((Token::Many | Token::Within, rest)), None) => share(rest, b, path, found, budget),
        (None, Some((Token::Many | Token::Within, rest))) => share(a, rest, path, found, budget),
        (Some(_), None) | (None, Some(_)) => true,
        // The star that ends first is within the other.
        (
            Some((x @ (Token::Many | Token::Within), rest_a)),
            Some((y @ (Token::Many | Token::Within), rest_b)),
        ) => {
            let both = if x == y { x.clone() } else { Token::Within };
            along(both.clone(), rest_a, b, budget) && along(both, a, rest_b, budget)
        }
        (Some((star @ (Token::Many | Token::Within), rest_a)), Some((single, rest_b))) => {
            let taken = take(star, single);
            taken != Taken::Partly
                && (taken == Taken::No || along(single.clone(), a, rest_b, budget))
                && share(rest_a, b, path, found, budget)
        }
        (Some((single, rest_a)), Some((star @ (Token::Many | Token::Within), rest_b))) => {
            let taken = take(star, single);
            taken != Taken::Partly
                && (taken == Taken::No || along(single.clone(), rest_a, b, budget))
                && share(a, rest_b, path, found, budget)
        }
        (Some((Token::One, rest_a)), Some((single, rest_b)))
        | (Some((single, rest_a)), Some((Token::One, rest_b))) => {
            along(single.clone(), rest_a, rest_b, budget)
        }
        (Some((x, rest_a)), Some((y, rest_b))) => {
            x != y || along(x.clone(), rest_a, rest_b, budget)
        }
    }
}

#[derive(PartialEq, Eq)]
enum Taken {
    No,
    /// Of any one character, all but a colon.
    Partly,
    Yes,
}

/// Whether a star can take one more token.
fn take(star: &Token, single: &Token) -> Taken {
    match (star, single) {
        (Token::Within, Token::One) => Taken::Partly,
        (Token::Within, Token::Char(':')) => Taken::No,
        _ => Taken::Yes,
    }
}
