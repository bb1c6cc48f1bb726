//! How a row of the list is written.

use super::{Pages, Part, Place, Read, Service};

/// A read whose permission has the operation's name.
pub(super) const fn read(
    api: &'static str,
    service: &'static Service,
    pages: Option<&'static Pages>,
    part: Part,
    why: &'static str,
) -> Read {
    Read { api, action: Some(api), service, place: Place::Name, pages, absent: &[], part, why }
}

impl Read {
    pub(super) const fn needs(self, action: Option<&'static str>) -> Self {
        Self { action, ..self }
    }

    /// The errors with which AWS says that there is no such thing: a code, or `CODE: WORDS` where the code has
    /// other meanings and words of the message tell.
    pub(super) const fn absent(self, absent: &'static [&'static str]) -> Self {
        Self { absent, ..self }
    }

    pub(super) const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }
}
