//! Elements that a template leaves open, at least in part, so that what is missing from them may
//! still come.

use super::{Input, StatementView};
use crate::document::Element;

/// Whether a value of the element is known only when the template is used.
pub(super) fn is_left_open(input: &Input<'_>, view: &StatementView<'_>, element: Element) -> bool {
    let places = view.places.elements.iter().filter(|place| place.element == element);
    places.map(|place| place.value).any(|whole| {
        let unknown = &input.document.places.unknown;
        let first = unknown.partition_point(|open| open.start < whole.start);
        unknown.get(first).is_some_and(|open| open.end <= whole.end)
    })
}
