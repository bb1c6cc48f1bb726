//! Literals that every record which a rule matches must hold, and where; see the soundness of the module
//! `index`.

use std::collections::BTreeSet;

use regex_syntax::hir::{Hir, HirKind};

use super::expression::{Expression, Item, Matcher, Wanted};
use super::index::joined;

/// A shorter literal is in nearly every record, and too short for the search.
const LITERAL_MIN: usize = 4;

/// Whether there are literals of which every matching record holds one.
pub(super) fn has_literals(expression: &Expression) -> bool {
    literals_of(expression).is_some()
}

/// Literals of which every matching record holds one, and the first parts of the fields that it holds
/// them in; an empty part for any field.
#[derive(Default)]
pub(super) struct Sought {
    pub(super) texts: BTreeSet<String>,
    pub(super) roots: BTreeSet<String>,
}

impl Sought {
    pub(super) fn and(mut self, other: Self) -> Self {
        self.texts.extend(other.texts);
        self.roots.extend(other.roots);
        self
    }
}

/// What every matching record holds; None when there is no such set.
pub(super) fn literals_of(expression: &Expression) -> Option<Sought> {
    match expression {
        Expression::All(parts) => {
            parts.iter().filter_map(literals_of).max_by_key(|Sought { texts, .. }| {
                // The part whose shortest literal is longest; of equals the one with fewer literals.
                (texts.iter().map(String::len).min().unwrap_or(0), usize::MAX - texts.len())
            })
        }
        Expression::AtLeast(0, _) | Expression::Not(_) => None,
        Expression::Any(parts) | Expression::AtLeast(_, parts) => {
            let each = parts.iter().map(literals_of);
            each.reduce(|one, other| Some(one?.and(other?))).flatten()
        }
        Expression::Item(Item { field, wanted }) => {
            let texts = match wanted {
                Wanted::AnyOf(matchers) => joined(matchers.iter().map(literal)),
                Wanted::AllOf(values) => {
                    values.iter().find_map(|forms| joined(forms.iter().map(literal)))
                }
                Wanted::Exists(_) | Wanted::Differs(_) => None,
            };
            let path = field.as_ref().map_or("", |field| field.path());
            let root = path.split('.').next().unwrap_or_default().to_owned();
            texts.map(|texts| Sought { texts, roots: BTreeSet::from([root]) })
        }
    }
}

fn literal(matcher: &Matcher) -> Option<BTreeSet<String>> {
    match matcher {
        Matcher::Text(pattern) => longest(pattern.literals()),
        Matcher::Regex(regex) => of_regex(&regex_syntax::parse(regex.as_str()).ok()?),
        _ => None,
    }
}

/// Literals that a match of the regular expression holds. Where it ignores case, which it says in
/// its text, it has classes here instead of literals.
fn of_regex(regex: &Hir) -> Option<BTreeSet<String>> {
    match regex.kind() {
        HirKind::Literal(literal) => {
            longest(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()])
        }
        HirKind::Capture(capture) => of_regex(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_regex(&repetition.sub),
        HirKind::Concat(parts) => {
            parts.iter().filter_map(of_regex).max_by_key(|set| set.iter().map(String::len).min())
        }
        HirKind::Alternation(parts) => joined(parts.iter().map(of_regex)),
        _ => None,
    }
}

/// The longest run that can be sought.
fn longest(texts: Vec<String>) -> Option<BTreeSet<String>> {
    let unsafe_char = |c: char| {
        !(c.is_ascii_graphic() || c == ' ') || matches!(c, '"' | '\\' | ',' | '[' | ']' | '{' | '}')
    };
    let longest = texts
        .iter()
        .flat_map(|text| text.split(unsafe_char))
        .map(|run| run.trim_start_matches(':'))
        .filter(|run| run.chars().any(|c| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')))
        .max_by_key(|run| run.len())?;
    (longest.len() >= LITERAL_MIN).then(|| BTreeSet::from([longest.to_owned()]))
}

/// Whether the record writes a character in a roundabout way.
pub(super) fn has_escape(raw: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', raw).any(|at| matches!(raw.get(at + 1), Some(b'u' | b'/')))
}
