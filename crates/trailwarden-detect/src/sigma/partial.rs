//! What a rule's logic tells of a record of which only the steady members are known.
//!
//! # Soundness
//! Three-valued logic: an answer is given only where it is the same whatever the other
//! members hold, so a yes or a no here is [`Expression::is_match`] of the whole record (`tests/sigma`
//! compares the two on every record it has).

use super::expression::{Expression, Item, Matcher, Wanted};
use super::record::{Field, Record};
use super::steady;

impl Expression {
    /// The answer where the fields in steady members settle it.
    pub(super) fn settled(&self, record: &Record<'_>) -> Option<bool> {
        let count = |parts: &[Self], wanted: usize| {
            let (mut met, mut open) = (0, 0);
            for part in parts {
                match part.settled(record) {
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
            Self::Not(part) => part.settled(record).map(|answer| !answer),
            Self::Item(_) => self.is_steady().then(|| self.is_match(record)),
        }
    }

    /// Whether it asks for fields in steady members alone.
    pub(super) fn is_steady(&self) -> bool {
        let mut is_steady = true;
        self.fields(&mut |field| is_steady &= field.is_some_and(steady::covers));
        is_steady
    }

    /// Visits every field it asks for; None stands for the whole record.
    pub(super) fn fields(&self, visit: &mut dyn FnMut(Option<&Field>)) {
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
    fn fields(&self, visit: &mut dyn FnMut(Option<&Field>)) {
        visit(self.field.as_ref());
        self.wanted.references(visit);
    }
}

impl Wanted {
    fn references(&self, visit: &mut dyn FnMut(Option<&Field>)) {
        let mut each = |matchers: &[Matcher]| {
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
