//! What a rule's logic tells of a record of which only the steady fields are known.
//!
//! # Soundness
//! Three-valued logic: an answer is given only where it is the same whatever the other fields hold,
//! so a yes or a no here is [`Expression::is_match`] of the whole record (`tests/sigma` compares the
//! two on every record it has).

use super::expression::{Expression, Item, Matcher, Wanted};
use super::record::{Field, Record};
use super::steady::Steady;

impl Expression {
    /// The answer where the steady fields, which the record holds, settle it.
    pub(super) fn settled(&self, record: &Record<'_>, steady: &Steady) -> Option<bool> {
        let count = |parts: &[Self], wanted: usize| {
            let (mut met, mut open) = (0, 0);
            for part in parts {
                match part.settled(record, steady) {
                    Some(true) => met += 1,
                    Some(false) => {}
                    None => open += 1,
                }
            }
            let might = met + open >= wanted;
            (met >= wanted || !might).then_some(might)
        };
        match self {
            Self::All(parts) => count(parts, parts.len()),
            Self::Any(parts) => count(parts, 1),
            Self::AtLeast(wanted, parts) => {
                count(parts, usize::try_from(*wanted).unwrap_or(usize::MAX))
            }
            Self::Not(part) => part.settled(record, steady).map(|answer| !answer),
            Self::Item(_) => {
                self.asks_only(|field| steady.covers(field)).then(|| self.is_match(record))
            }
        }
    }

    /// Whether it asks for such fields alone.
    pub(super) fn asks_only(&self, such: impl Fn(&Field) -> bool) -> bool {
        let mut is_so = true;
        self.fields(&mut |field| is_so &= field.is_some_and(&such));
        is_so
    }

    /// Visits every field it asks for; None stands for the whole record.
    pub(super) fn fields<'e>(&'e self, visit: &mut dyn FnMut(Option<&'e Field>)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().for_each(|part| part.fields(visit));
            }
            Self::Not(part) => part.fields(visit),
            Self::Item(item) => item.fields(visit),
        }
    }
}

impl Item {
    fn fields<'e>(&'e self, visit: &mut dyn FnMut(Option<&'e Field>)) {
        visit(self.field.as_ref());
        self.wanted.references(visit);
    }
}

impl Wanted {
    fn references<'e>(&'e self, visit: &mut dyn FnMut(Option<&'e Field>)) {
        let mut each = |matchers: &'e [Matcher]| {
            for matcher in matchers {
                if let Matcher::Reference { field, .. } = matcher {
                    visit(Some(field));
                }
            }
        };
        match self {
            Self::Exists(_) => {}
            Self::AnyOf(matchers) => each(matchers),
            Self::AllOf(values) => values.iter().for_each(|forms| each(forms)),
            Self::Differs(wanted) => wanted.references(visit),
        }
    }
}
