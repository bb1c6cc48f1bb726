//! What a row does not hold and the ordered pass needs, in a few bytes beside it.

use trailwarden_record::{Row, Skim, hash};

use super::super::query::session_of;

/// What a row does not hold, beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in super::super) struct Mark {
    /// Hash of a session's name; 0 for what is no session.
    pub(in super::super) name: u64,
    /// Whether a temporary key signed the call.
    pub(in super::super) is_temporary: bool,
    /// Whether the caller matches the query.
    pub(in super::super) is_asked_for: bool,
}

impl Mark {
    pub(super) fn of(skim: &Skim<'_>, is_asked_for: bool) -> Self {
        let name = session_of(skim).map_or(0, |(_, session)| hash::of(session));
        let is_temporary = skim.identity.access_key.as_bytes().starts_with(b"ASIA");
        Self { name, is_temporary, is_asked_for }
    }

    /// The session of a row: its role and its name; 0 for what is no session.
    pub(in super::super) fn session(self, row: &Row) -> u64 {
        session(row.actor, self.name)
    }

    pub(super) fn encode(self) -> [u8; 9] {
        let mut bytes = [0; 9];
        let (name, flags) = bytes.split_at_mut(8);
        name.copy_from_slice(&self.name.to_le_bytes());
        flags.fill(u8::from(self.is_temporary) | u8::from(self.is_asked_for) << 1);
        bytes
    }

    /// Of the bytes beside a row.
    pub(in super::super) fn decode(bytes: &[u8]) -> Self {
        let name = bytes.get(..8).and_then(|part| part.try_into().ok()).map(u64::from_le_bytes);
        let flags = bytes.get(8).copied().unwrap_or_default();
        Self {
            name: name.unwrap_or_default(),
            is_temporary: flags & 1 != 0,
            is_asked_for: flags & 2 != 0,
        }
    }
}

/// The hash of a session of a principal; 0 for no session.
pub(in super::super) fn session(actor: u64, name: u64) -> u64 {
    if name == 0 { 0 } else { hash::pair(actor, name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back_as_they_were() {
        for (is_temporary, is_asked_for) in [(true, false), (false, true), (true, true)] {
            let mark = Mark { name: 0x0102_0304_0506_0708, is_temporary, is_asked_for };
            assert_eq!(Mark::decode(&mark.encode()), mark);
        }
    }
}
