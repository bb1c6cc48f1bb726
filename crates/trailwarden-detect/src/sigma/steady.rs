//! What ordinary traffic repeats of its records: who calls, with what, what kind of event.
//!
//! # Soundness
//! A dotted path leads into an object through a member whose key is the path, or a beginning of it
//! that ends before a dot (module `field`), and through all elements of an array. So an excerpt that
//! holds, in the same order, every member whose key up to its first dot is the path's first part
//! lets the path find what it finds in the record. The value of such a member may be cut the same
//! way by the rest of the path, if it is an object and the key has no dot; else it is copied as it
//! stands. A key in escapes may be any key, and is copied too. A member too many changes nothing,
//! because no path leads through it.
//!
//! At the top of a record the walk ends early, once it has met a member for each first part and the
//! bytes that follow hold neither a quote and such a part nor `\u`: a further key that counts would
//! have to be written with one or the other.

use memchr::memmem::Finder;
use trailwarden_record::scan::{self, Key, Members, Stop, UNKNOWN};
use trailwarden_record::skim::{Outline, keys};

use super::FeedPlan;
use super::record::Field;

/// Paths that have few different values, or that many records in a row share, and that stand in
/// every record before the parts of unbounded length.
const EARLY: &[&str] = &[
    "awsRegion",
    "eventVersion",
    "userAgent",
    "userIdentity.accountId",
    "userIdentity.arn",
    "userIdentity.invokedBy",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "userIdentity.sessionContext.sessionIssuer.accountId",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.type",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.type",
    "userIdentity.userName",
];

/// The others. Names of calls are not among them: they would make as many excerpts as there are
/// calls. Keys and times of sessions are not either.
const LATE: &[&str] = &[
    "errorCode",
    "eventCategory",
    "eventType",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
];

/// Those of them that differ from caller to caller. A rule that asks for one is better left to its
/// literals, if it has any: excerpts with them are seldom met again.
const VARIED: &[&str] = &[
    "userIdentity.arn",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.userName",
];

/// Steady paths that some rules ask for, as a tree of their parts.
#[derive(Debug)]
pub(super) struct Steady {
    /// The paths that may be taken.
    kinds: &'static [&'static [&'static str]],
    /// Those that are.
    taken: Vec<&'static str>,
    tree: Tree,
    /// For each first part, the bytes that a key which begins with it begins with; and `\u`.
    needles: Vec<Finder<'static>>,
}

/// Paths by their first parts.
#[derive(Debug)]
struct Tree {
    parts: Vec<Part>,
    /// Keys that are expected, in order.
    expected: &'static [Key],
    /// A bit for each of them that is one of the parts.
    wanted: u32,
}

/// A part of paths, and what follows it in them; nothing where a path ends here.
#[derive(Debug)]
struct Part {
    name: &'static str,
    /// The same as it stands in a record, colon included.
    key: String,
    /// Its place among the keys that are expected.
    place: Option<usize>,
    rest: Option<Tree>,
}

impl Steady {
    /// To take the early paths alone.
    pub(super) fn early() -> Self {
        Self {
            kinds: &[EARLY],
            taken: Vec::new(),
            tree: Tree::new(keys::RECORD),
            needles: Vec::new(),
        }
    }

    /// To take all of them.
    pub(super) fn all() -> Self {
        Self { kinds: &[EARLY, LATE], ..Self::early() }
    }

    /// Whether the path is one of those to take.
    pub(super) fn covers(&self, field: &Field) -> bool {
        self.taken.contains(&field.path())
    }

    /// Whether the path may be one of those to take.
    pub(super) fn may_cover(&self, field: &Field) -> bool {
        self.kinds.iter().any(|paths| paths.contains(&field.path()))
    }

    /// Whether they hold all that correlations want of a match.
    pub(super) fn covers_all(&self, feeds: &[FeedPlan]) -> bool {
        feeds.iter().flat_map(|plan| &plan.fields).all(|field| self.covers(field))
    }

    /// One more field that a rule asks for; no effect where it is not to be taken.
    pub(super) fn add(&mut self, field: &Field) {
        let mut paths = self.kinds.iter().copied().flatten();
        if let Some(path) = paths.find(|path| **path == field.path()) {
            self.tree.add(path);
            self.taken.push(path);
            let needle = |part: &Part| format!("\"{}", part.name);
            let needles = self.tree.parts.iter().map(needle).chain([r"\u".to_owned()]);
            self.needles =
                needles.map(|needle| Finder::new(needle.as_bytes()).into_owned()).collect();
        }
    }

    /// Writes what the paths can find of a record as an object of its own. The outline must be the
    /// record's; a simple one tells without a walk where the members are.
    pub(super) fn excerpt(
        &self,
        record: &[u8],
        outline: Option<&Outline>,
        out: &mut Vec<u8>,
    ) -> Result<(), Stop> {
        out.clear();
        if self.tree.parts.is_empty() {
            out.extend_from_slice(b"{}");
            return Ok(());
        }
        if let Some(outline) = outline.filter(|outline| outline.is_simple()) {
            return self.tree.gather(record, outline, out);
        }
        let rest = |at: usize| {
            let rest = record.get(at..).unwrap_or_default();
            self.needles.iter().all(|needle| needle.find(rest).is_none())
        };
        self.tree.cut(record, 0, &rest, false, out).map(|_| ())
    }
}

/// Whether a path differs from caller to caller.
pub(super) fn is_varied(field: &Field) -> bool {
    VARIED.contains(&field.path())
}

impl Tree {
    fn new(expected: &'static [Key]) -> Self {
        Self { parts: Vec::new(), expected, wanted: 0 }
    }

    fn add(&mut self, path: &'static str) {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        if !self.parts.iter().any(|part| part.name == name) {
            let place = self.expected.iter().position(|key| key.name() == name);
            let rest = rest.map(|_| Self::new(keys_of(name)));
            self.parts.push(Part { name, key: format!("\"{name}\":"), place, rest });
            self.wanted |= place.map_or(0, |place| 1 << place);
        }
        let Some(part) = self.parts.iter_mut().find(|part| part.name == name) else { return };
        match (&mut part.rest, rest) {
            (Some(below), Some(rest)) => below.add(rest),
            // A path ends here, so the value is wanted as it stands.
            _ => part.rest = None,
        }
    }

    /// Writes what the paths can find of a record whose members stand where the outline says.
    fn gather(&self, record: &[u8], outline: &Outline, out: &mut Vec<u8>) -> Result<(), Stop> {
        let mut opening = b'{';
        for part in &self.parts {
            let bounds = part.place.and_then(|place| outline.member(place));
            let Some(bounds) = bounds else { continue };
            out.push(opening);
            out.extend_from_slice(part.key.as_bytes());
            opening = b',';
            match &part.rest {
                Some(rest) if record.get(bounds.start) == Some(&b'{') => {
                    // What is usual holds no key twice.
                    let is_once = part.name == "userIdentity" && outline.has_usual_caller();
                    rest.cut(record, bounds.start, &|_| is_once, is_once, out)?;
                }
                _ => out.extend_from_slice(record.get(bounds).unwrap_or_default()),
            }
        }
        if opening == b'{' {
            out.push(opening);
        }
        out.push(b'}');
        Ok(())
    }

    /// Writes what the paths can find of the object whose brace is at `at`; where it ends, or `None`
    /// where the walk ended because nothing more can follow. `is_once` says that no object within
    /// holds a key twice.
    fn cut(
        &self,
        record: &[u8],
        at: usize,
        is_last: &dyn Fn(usize) -> bool,
        is_once: bool,
        out: &mut Vec<u8>,
    ) -> Result<Option<usize>, Stop> {
        let mut opening = b'{';
        let (mut met, all) = (0_u32, (1_u32 << self.parts.len()) - 1);
        let mut is_whole = true;
        let mut members = Members::enter(record, at)?.expecting(self.expected);
        while let Some(member) = members.next()? {
            if member.index != UNKNOWN && self.wanted >> member.index & 1 == 0 {
                members.resume(skip(record, member.value)?);
                continue;
            }
            let key = member.key;
            let place = self.parts.iter().position(|part| begins(key.raw, part.name));
            if place.is_none() && !key.escaped {
                members.resume(skip(record, member.value)?);
                continue;
            }
            out.extend_from_slice(&[opening, b'"']);
            out.extend_from_slice(key.raw);
            out.extend_from_slice(b"\":");
            opening = b',';
            let part = place.and_then(|place| self.parts.get(place));
            let inner = part.filter(|part| part.name.len() == key.raw.len() && !key.escaped);
            let end = match inner.and_then(|part| part.rest.as_ref()) {
                Some(rest) if record.get(member.value) == Some(&b'{') => {
                    rest.cut(record, member.value, &|_| is_once, is_once, out)?
                }
                _ => {
                    let end = skip(record, member.value)?;
                    out.extend_from_slice(record.get(member.value..end).unwrap_or_default());
                    Some(end)
                }
            };
            met |= place.map_or(0, |place| 1 << place);
            if met == all && is_last(end.unwrap_or(member.value)) {
                is_whole = false;
                break;
            }
            members.resume(end.map_or_else(|| skip(record, member.value), Ok)?);
        }
        if opening == b'{' {
            out.push(opening);
        }
        out.push(b'}');
        Ok(is_whole.then(|| members.end()))
    }
}

/// Whoever found the record's end has counted its depth.
#[inline]
fn skip(record: &[u8], at: usize) -> Result<usize, Stop> {
    scan::skip_value(record, at, usize::MAX)
}

/// Whether the key is the name, or goes on with a dot.
#[inline]
fn begins(key: &[u8], name: &str) -> bool {
    matches!(key.get(name.len()), None | Some(b'.')) && key.starts_with(name.as_bytes())
}

fn keys_of(name: &str) -> &'static [Key] {
    match name {
        "userIdentity" => keys::IDENTITY,
        "sessionContext" => keys::SESSION,
        "sessionIssuer" => keys::ISSUER,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_record::Skim;

    fn excerpt(paths: &[&str], record: &str) -> String {
        let mut steady = Steady::all();
        paths.iter().for_each(|path| steady.add(&Field::new(*path)));
        let (mut out, mut gathered, mut outline) = Default::default();
        steady.excerpt(record.as_bytes(), None, &mut out).unwrap();
        // With an outline the members come in the order of the paths.
        if Skim::default().read_into(record.as_bytes(), 0, 64, Some(&mut outline)).is_ok() {
            steady.excerpt(record.as_bytes(), Some(&outline), &mut gathered).unwrap();
            let tree = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
            assert_eq!(tree(&gathered), tree(&out), "{record}");
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_excerpt_holds_every_member_that_a_path_may_lead_through() {
        let record = r#"{ "userIdentity" : {"arn":"a", "type":"Root"}, "eventID":"1","userAgent":"a",
            "userIdentity.type":"x","userIdentityX":2,"\u0065ventID":3,"userIdentity":null}"#;
        assert_eq!(
            excerpt(&["userIdentity.type", "eventID"], record),
            r#"{"userIdentity":{"type":"Root"},"userIdentity.type":"x","\u0065ventID":3,"userIdentity":null}"#
        );
        assert_eq!(excerpt(&["userAgent"], r#"{"eventName":"X"}"#), "{}");
        for tail in [r#""userAgent.x":1"#, r#""userAgent":2"#, r#""user\u0041gent":3"#] {
            let record = format!(r#"{{"userAgent":"a","eventName":"X",{tail}}}"#);
            assert_eq!(excerpt(&["userAgent"], &record), format!(r#"{{"userAgent":"a",{tail}}}"#));
        }
    }

    #[test]
    fn objects_are_cut_and_everything_else_is_copied() {
        let issuer = "userIdentity.sessionContext.sessionIssuer";
        let paths = [&format!("{issuer}.type"), &format!("{issuer}.arn"), "userIdentity.type"];
        let record = r#"{"userIdentity":{"sessionContext":{"attributes":{"a":1},"sessionIssuer":{"arn":"r","userName":"u","type":"Role"},"sessionIssuer.type":{"b":2}},"accountId":"1"}}"#;
        assert_eq!(
            excerpt(&paths, record),
            r#"{"userIdentity":{"sessionContext":{"sessionIssuer":{"arn":"r","type":"Role"},"sessionIssuer.type":{"b":2}}}}"#
        );
        let record = r#"{"userIdentity":[{"arn":"a"},{"type":"b"}],"eventName":"X"}"#;
        assert_eq!(excerpt(&paths, record), r#"{"userIdentity":[{"arn":"a"},{"type":"b"}]}"#);
    }
}
