//! What changes are made on: a kind of thing, and the longest path or name that the targets share.

use std::collections::BTreeMap;

use super::entry::is_plain;
use crate::{Asked, Target};

/// Shorter beginnings of names mean nothing.
const PREFIX_MIN: usize = 3;
/// More beginnings than these are no naming scheme.
const PREFIXES_MAX: usize = 4;

/// What a permit is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct On {
    /// The word of the kind: `role`, `policy`, ...
    pub kind: String,
    /// Which of them.
    pub place: Place,
}

/// Which things of a kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// Those below this path, which begins and ends with a slash.
    Below(String),
    /// The one of this name.
    Named(String),
    /// Those whose names begin so.
    Beginning(String),
    /// All of them: their paths and names share nothing.
    Anywhere,
}

impl On {
    /// Whether a target is one of these.
    #[must_use]
    pub fn holds(&self, target: &Target) -> bool {
        let begins = |text: &Option<String>, with: &str| {
            text.as_ref().is_some_and(|text| text.starts_with(with))
        };
        target.kind.as_deref() == Some(&self.kind)
            && match &self.place {
                Place::Below(path) => begins(&target.path, path),
                Place::Named(name) => target.name.as_ref() == Some(name),
                Place::Beginning(prefix) => begins(&target.name, prefix),
                Place::Anywhere => true,
            }
    }
}

/// Parts changes on one kind of thing by where these are.
pub(super) fn parted<'a>(changes: &[&'a Asked], least: usize) -> BTreeMap<Place, Vec<&'a Asked>> {
    let mut found = BTreeMap::new();
    let mut by_root: BTreeMap<Option<&str>, Vec<&Asked>> = BTreeMap::new();
    for change in changes {
        let root = change.target.path.as_deref().filter(|path| is_plain(path)).map(root_of);
        by_root.entry(root.filter(|root| *root != "/")).or_default().push(change);
    }
    for (root, members) in by_root {
        if root.is_some() {
            let paths = members.iter().filter_map(|one| one.target.path.as_deref());
            found.insert(Place::Below(common(paths, |c| c == '/')), members);
        } else {
            by_name(members, least, &mut found);
        }
    }
    found
}

/// `/app/` of `/app/web/`.
fn root_of(path: &str) -> &str {
    let behind = path.strip_prefix('/').and_then(|rest| rest.find('/'));
    behind.and_then(|at| path.get(..at + 2)).unwrap_or("/")
}

fn by_name<'a>(members: Vec<&'a Asked>, least: usize, found: &mut BTreeMap<Place, Vec<&'a Asked>>) {
    let is_mark = |c: char| matches!(c, '-' | '_' | '.');
    let mut by_word: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
    for member in &members {
        let name = member.target.name.as_deref().filter(|name| is_plain(name));
        let word = name.and_then(|name| name.split(is_mark).next()).unwrap_or_default();
        by_word.entry(word).or_default().push(member);
    }
    let is_scheme = by_word.len() <= PREFIXES_MAX
        && by_word.iter().all(|(word, of)| word.len() >= PREFIX_MIN && of.len() >= least);
    if !is_scheme {
        found.insert(Place::Anywhere, members);
        return;
    }
    for of in by_word.into_values() {
        let names = || of.iter().filter_map(|one| one.target.name.as_deref());
        let first = names().next().unwrap_or_default();
        let place = if names().all(|name| name == first) {
            Place::Named(first.to_owned())
        } else {
            let prefix = common(names(), is_mark);
            match prefix.len() > PREFIX_MIN {
                true => Place::Beginning(prefix),
                false => Place::Anywhere,
            }
        };
        found.entry(place).or_default().extend(of);
    }
}

/// The longest beginning that all share and that ends with such a mark.
fn common<'a>(mut texts: impl Iterator<Item = &'a str>, is_mark: impl Fn(char) -> bool) -> String {
    let mut shared = texts.next().unwrap_or_default();
    for text in texts {
        let same = shared.char_indices().zip(text.chars()).find(|((_, a), b)| a != b);
        let end = same.map_or(shared.len().min(text.len()), |((at, _), _)| at);
        shared = shared.get(..end).unwrap_or_default();
    }
    shared.rfind(is_mark).and_then(|at| shared.get(..=at)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_ends_where_a_word_does() {
        let paths = |list: &[&'static str]| common(list.iter().copied(), |c| c == '/');
        assert_eq!(paths(&["/app/orders/", "/app/orders-old/"]), "/app/");
        assert_eq!(paths(&["/app/", "/app/"]), "/app/");
        assert_eq!(paths(&["/app/", "/application/"]), "/");
        assert_eq!(paths(&[]), "");
        assert_eq!(root_of("/app/web/"), "/app/");
        assert_eq!(root_of("/"), "/");
        assert_eq!(root_of(""), "/");
    }
}
