//! The texts that two patterns share, written as patterns.

use super::{SHARED_MAX, Token};

/// Lists the ways in which two patterns can walk together; `false` when the budget ends first.
pub(super) fn share(
    a: &[Token],
    b: &[Token],
    path: &mut Vec<Token>,
    out: &mut Vec<Vec<Token>>,
    budget: &mut usize,
) -> bool {
    let Some(left) = budget.checked_sub(1) else {
        return false;
    };
    *budget = left;
    let depth = path.len();
    let mut along = |token: Token, a: &[Token], b: &[Token], budget: &mut usize| {
        path.push(token);
        let done = share(a, b, path, out, budget);
        path.truncate(depth);
        done
    };
    match (a.split_first(), b.split_first()) {
        (None, None) => {
            out.push(path.clone());
            out.len() <= SHARED_MAX * 4
        }
        // Only a `*` can stand where the other has ended.
        (Some((Token::Many, rest)), None) => share(rest, b, path, out, budget),
        (None, Some((Token::Many, rest))) => share(a, rest, path, out, budget),
        (Some(_), None) | (None, Some(_)) => true,
        (Some((Token::Many, rest_a)), Some((Token::Many, rest_b))) => {
            along(Token::Many, rest_a, b, budget) && along(Token::Many, a, rest_b, budget)
        }
        (Some((Token::Many, rest_a)), Some((single, rest_b))) => {
            along(single.clone(), a, rest_b, budget) && share(rest_a, b, path, out, budget)
        }
        (Some((single, rest_a)), Some((Token::Many, rest_b))) => {
            along(single.clone(), rest_a, b, budget) && share(a, rest_b, path, out, budget)
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
