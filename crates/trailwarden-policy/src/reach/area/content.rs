//! Whether there is anything in an area, from the cheapest question to the dearest.
//!
//! Most areas are proved not empty by one text, found by putting a letter that no pattern has for
//! each wildcard. The text stays with the area: what is cut off later mostly leaves it in. The
//! automata walk only when no such text is found and tokens do not decide (see
//! [`super::super::symbolic`]).

use super::super::automaton::{self, Emptiness};
use super::super::glob::Glob;
use super::Area;

/// What is known to be in an area that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// This text, variables being letters of their own.
    Text(Glob),
    /// Something, for some values of the variables at least, as far as can be told.
    Some,
    /// Perhaps nothing: the budget ended first.
    Open,
}

impl Content {
    /// That of a pattern by itself.
    pub(super) fn sampled(glob: &Glob) -> Self {
        Self::Text(glob.sample())
    }

    pub(super) fn text(&self) -> Option<&Glob> {
        match self {
            Self::Text(text) => Some(text),
            Self::Some | Self::Open => None,
        }
    }

    /// The one that has a text.
    pub(super) fn or(&self, other: &Self) -> Self {
        if self.text().is_some() { self.clone() } else { other.clone() }
    }
}

/// More patterns than these are not looked at one by one.
const PIECES_MAX: usize = 16;

impl Area {
    /// The area with its content known; `None` when it is certainly empty.
    pub(super) fn settled(mut self) -> Option<Self> {
        self.content = self.find_content()?;
        Some(self)
    }

    fn find_content(&self) -> Option<Content> {
        let found = |text: Glob| match automaton::is_widened(&self.within) {
            true => Content::Some,
            false => Content::Text(text),
        };
        if self.within.iter().any(|glob| self.except.iter().any(|wide| wide.covers_plainly(glob))) {
            return None;
        }
        let widened: Vec<Glob>;
        let within = match automaton::is_widened(&self.within) {
            true => {
                widened = self.within.iter().map(Glob::widened).collect();
                &widened
            }
            false => &self.within,
        };
        // The first piece mostly tells, so the others are not made before it has not.
        let mut is_open = true;
        for count_max in [1, PIECES_MAX] {
            let (pieces, is_all) = pieces(within, count_max);
            is_open = !is_all;
            for piece in &pieces {
                let text = piece.sample();
                if !self.excludes(&text) {
                    return Some(found(text));
                }
                is_open |= !self.except.iter().any(|except| except.covers_plainly(piece));
            }
            if is_all {
                break;
            }
        }
        if !is_open {
            return None;
        }
        match automaton::emptiness(&self.within, &self.except) {
            Emptiness::Empty => None,
            Emptiness::Holds(text) => Some(found(text)),
            Emptiness::Unknown => Some(Content::Open),
        }
    }
}

/// At most so many patterns for texts that `within` asks for, and whether these are all.
fn pieces(within: &[Glob], count_max: usize) -> (Vec<Glob>, bool) {
    let Some((first, others)) = within.split_first() else {
        return (Vec::new(), false);
    };
    let mut pieces = vec![first.clone()];
    let mut is_all = true;
    for other in others {
        let mut next = Vec::new();
        for piece in &pieces {
            if piece.covers(other) {
                next.push(other.clone());
            } else if other.covers(piece) {
                next.push(piece.clone());
            } else if piece.intersects(other) {
                let (shared, all) = piece.pieces_shared(other, count_max.saturating_add(1));
                next.extend(shared);
                is_all &= all;
            }
        }
        if next.len() > count_max {
            next.truncate(count_max);
            is_all = false;
        }
        pieces = next;
    }
    (pieces, is_all)
}
