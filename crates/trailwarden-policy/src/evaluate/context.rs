//! The condition keys of a request.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition" (key names do not care about
//! case) and "Single-valued vs. multivalued context keys".

/// What is known of the keys of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Sorted by key, keys in lower case.
    entries: Vec<(String, Entry)>,
    complete: bool,
}

/// The value of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A single-valued key.
    One(String),
    /// A multivalued key, with however many values the request holds. An empty list counts as an
    /// absent key.
    Many(Vec<String>),
    /// A single-valued key that is there, and of whose value only the beginning is known.
    Starts(String),
    /// A single-valued key that holds a time between these, in seconds since 1970.
    Between {
        /// It is no earlier.
        from: i64,
        /// It is no later.
        to: i64,
        /// Whether the key may be absent as well.
        may_be_absent: bool,
    },
    /// Whether the key is there, and with what value, is not known.
    Unknown,
}

/// What a look-up finds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'a> {
    Absent,
    Unknown,
    /// There, and begins so.
    Starts(&'a str),
    /// There perhaps, and a time between these.
    Between {
        from: i64,
        to: i64,
        may_be_absent: bool,
    },
    One(&'a str),
    /// Never empty.
    Many(&'a [String]),
}

impl Default for Context {
    fn default() -> Self {
        Self::complete()
    }
}

impl Context {
    /// No keys yet; what is not put in is absent from the request.
    pub fn complete() -> Self {
        Self { entries: Vec::new(), complete: true }
    }

    /// No keys yet; what is not put in is unknown.
    pub fn incomplete() -> Self {
        Self { entries: Vec::new(), complete: false }
    }

    /// Whether a key that was not put in is absent, as opposed to unknown.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Puts a single-valued key in, replacing what was there.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.insert(key, Entry::One(value.to_owned()));
        self
    }

    /// Puts a multivalued key in, replacing what was there.
    #[must_use]
    pub fn with_many<V: Into<String>>(
        mut self,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.insert(key, Entry::Many(values.into_iter().map(Into::into).collect()));
        self
    }

    /// Puts in the beginning of a single-valued key, the rest of which is not known.
    #[must_use]
    pub fn with_start(mut self, key: &str, start: &str) -> Self {
        self.insert(key, Entry::Starts(start.to_owned()));
        self
    }

    /// Marks one key as not known.
    #[must_use]
    pub fn with_unknown(mut self, key: &str) -> Self {
        self.insert(key, Entry::Unknown);
        self
    }

    /// Marks one key as absent, which says something only in an incomplete context.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.insert(key, Entry::Many(Vec::new()));
        self
    }

    /// Puts a key in, replacing what was there.
    pub fn insert(&mut self, key: &str, entry: Entry) {
        let key = key.to_lowercase();
        match self.entries.binary_search_by(|(has, _)| has.as_str().cmp(&key)) {
            Ok(at) => {
                if let Some((_, old)) = self.entries.get_mut(at) {
                    *old = entry;
                }
            }
            Err(at) => self.entries.insert(at, (key, entry)),
        }
    }

    /// Whether a key was put in already, whatever its case.
    pub fn contains(&self, key: &str) -> bool {
        let key = key.to_lowercase();
        self.entries.binary_search_by(|(has, _)| has.as_str().cmp(&key)).is_ok()
    }

    /// Whether it is not known if the key is there, or with what whole value.
    pub fn is_unknown(&self, key: &str) -> bool {
        matches!(
            self.get(&key.to_lowercase()),
            Found::Unknown | Found::Starts(_) | Found::Between { .. }
        )
    }

    /// Looks up a key that is in lower case already.
    pub(crate) fn get(&self, key: &str) -> Found<'_> {
        let found = self.entries.binary_search_by(|(has, _)| has.as_str().cmp(key));
        match found.ok().and_then(|at| self.entries.get(at)) {
            Some((_, Entry::One(value))) => Found::One(value),
            Some((_, Entry::Many(values))) if values.is_empty() => Found::Absent,
            Some((_, Entry::Many(values))) => Found::Many(values),
            Some((_, Entry::Starts(start))) => Found::Starts(start),
            Some((_, Entry::Between { from, to, may_be_absent })) => {
                Found::Between { from: *from, to: *to, may_be_absent: *may_be_absent }
            }
            Some((_, Entry::Unknown)) => Found::Unknown,
            None if self.complete => Found::Absent,
            None => Found::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // IAM User Guide, "IAM JSON policy elements: Condition": key names are not case-sensitive.
    #[test]
    fn keys_are_found_in_any_case() {
        let context = Context::complete().with("AWS:UserName", "bob");
        assert!(matches!(context.get("aws:username"), Found::One("bob")));
        assert!(context.contains("aws:USERNAME"));
    }

    #[test]
    fn what_is_missing_is_absent_or_unknown() {
        assert!(matches!(Context::complete().get("k"), Found::Absent));
        assert!(matches!(Context::incomplete().get("k"), Found::Unknown));
        assert!(matches!(Context::incomplete().without("k").get("k"), Found::Absent));
        assert!(matches!(Context::complete().with_unknown("k").get("k"), Found::Unknown));
        let none: [&str; 0] = [];
        assert!(matches!(Context::complete().with_many("k", none).get("k"), Found::Absent));
    }
}
