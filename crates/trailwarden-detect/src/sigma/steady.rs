//! The members of a record that ordinary traffic repeats: who calls, with what, what kind of event.
//!
//! # Soundness
//! A dotted path leads into a record through a member whose key is the path, or a beginning of it
//! that ends before a dot (module `field`). So with every member whose key, up to its first dot, is
//! the path's first part, a path finds in the excerpt what it finds in the record, in the same
//! order. A key in escapes may be any key, and is taken too; a member too many changes nothing,
//! because no path leads through it. Values are copied as they stand.

use trailwarden_record::scan::{self, Key, Member, Members, Stop, UNKNOWN};

use super::FeedPlan;
use super::record::Field;

/// Keys in the order in which CloudTrail writes them, which is a guess that saves comparisons.
const KEYS: &[Key] = &[
    Key::new(b"\"eventVersion\":"),
    Key::new(b"\"userIdentity\":"),
    Key::new(b"\"eventTime\":"),
    Key::new(b"\"eventSource\":"),
    Key::new(b"\"eventName\":"),
    Key::new(b"\"awsRegion\":"),
    Key::new(b"\"sourceIPAddress\":"),
    Key::new(b"\"userAgent\":"),
    Key::new(b"\"errorCode\":"),
    Key::new(b"\"errorMessage\":"),
    Key::new(b"\"requestParameters\":"),
    Key::new(b"\"responseElements\":"),
    Key::new(b"\"additionalEventData\":"),
    Key::new(b"\"requestID\":"),
    Key::new(b"\"eventID\":"),
    Key::new(b"\"readOnly\":"),
    Key::new(b"\"resources\":"),
    Key::new(b"\"eventType\":"),
    Key::new(b"\"managementEvent\":"),
    Key::new(b"\"recipientAccountId\":"),
    Key::new(b"\"eventCategory\":"),
    Key::new(b"\"tlsDetails\":"),
];

/// The steady members, with their places in [`KEYS`]. Names of calls are not among them: they would
/// make as many excerpts as there are calls.
const STEADY: &[(&str, usize)] = &[
    ("eventVersion", 0),
    ("userIdentity", 1),
    ("awsRegion", 5),
    ("userAgent", 7),
    ("errorCode", 8),
    ("readOnly", 15),
    ("eventType", 17),
    ("managementEvent", 18),
    ("recipientAccountId", 19),
    ("eventCategory", 20),
];

/// Whether the field lies in a steady member.
pub(super) fn covers(field: &Field) -> bool {
    let first = first_part(field.path().as_bytes());
    STEADY.iter().any(|(name, _)| name.as_bytes() == first)
}

/// Whether the steady members hold all that correlations want of a match.
pub(super) fn all(feeds: &[FeedPlan]) -> bool {
    feeds.iter().flat_map(|plan| &plan.fields).all(covers)
}

/// The steady members that some rules ask for.
#[derive(Debug, Default)]
pub(super) struct Steady {
    names: Vec<&'static str>,
    /// By place in [`KEYS`].
    wanted: u32,
}

impl Steady {
    /// One more field to cover; no effect where it is not steady.
    pub(super) fn cover(&mut self, field: &Field) {
        let first = first_part(field.path().as_bytes());
        for (name, place) in STEADY.iter().filter(|(name, _)| name.as_bytes() == first) {
            self.wanted |= 1 << place;
            if !self.names.contains(name) {
                self.names.push(name);
            }
        }
    }

    /// Writes the covered members of a record as an object of their own.
    pub(super) fn excerpt(&self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Stop> {
        out.clear();
        out.push(b'{');
        let mut members = Members::enter(record, 0)?.expecting(KEYS);
        while let Some(member) = members.next()? {
            // Whoever found the record's end has counted its depth.
            let end = scan::skip_value(record, member.value, usize::MAX)?;
            if self.covers(&member) {
                if out.len() > 1 {
                    out.push(b',');
                }
                out.push(b'"');
                out.extend_from_slice(member.key.raw);
                out.extend_from_slice(b"\":");
                out.extend_from_slice(record.get(member.value..end).unwrap_or_default());
            }
            members.resume(end);
        }
        out.push(b'}');
        Ok(())
    }

    fn covers(&self, member: &Member<'_>) -> bool {
        if member.index != UNKNOWN {
            return self.wanted >> member.index & 1 == 1;
        }
        let first = first_part(member.key.raw);
        member.key.escaped || self.names.iter().any(|name| name.as_bytes() == first)
    }
}

fn first_part(path: &[u8]) -> &[u8] {
    path.split(|byte| *byte == b'.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(paths: &[&str], record: &str) -> String {
        let mut steady = Steady::default();
        paths.iter().for_each(|path| steady.cover(&Field::new(*path)));
        let mut out = Vec::new();
        steady.excerpt(record.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn steady_members_stand_at_their_places() {
        for (name, place) in STEADY {
            let record = format!("{{\"{name}\":0}}");
            let mut members = Members::enter(record.as_bytes(), 0).unwrap().expecting(KEYS);
            assert_eq!(members.next().unwrap().unwrap().index, *place, "{name}");
        }
    }

    #[test]
    fn the_excerpt_holds_every_member_that_a_path_may_lead_through() {
        let record = r#"{ "userIdentity" : {"type":"Root"}, "eventID":"1","userAgent":"a",
            "userIdentity.type":"x","userIdentityX":2,"\u0065ventID":3,"userIdentity":null}"#;
        assert_eq!(
            excerpt(&["userIdentity.type", "eventID"], record),
            r#"{"userIdentity":{"type":"Root"},"userIdentity.type":"x","\u0065ventID":3,"userIdentity":null}"#
        );
        assert_eq!(excerpt(&["userAgent"], r#"{"eventName":"X"}"#), "{}");
    }
}
