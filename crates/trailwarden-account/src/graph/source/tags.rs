//! Tags of targets and callers, and the time, as conditions ask for them.

use super::{On, Source};
use crate::access::is_time;

impl Source {
    /// The value of a key that holds the time, or a tag of the target or of the caller: absent, or not
    /// known.
    pub(super) fn tag(&self, key: &str, on: On<'_>) -> Option<Option<String>> {
        let key = key.to_ascii_lowercase();
        if key.starts_with("aws:principaltag/") || is_time(&key) {
            return self.standing.principal.key(&key);
        }
        let tag = key
            .strip_prefix("aws:resourcetag/")
            .or_else(|| key.strip_prefix("iam:resourcetag/"))?;
        let tags = on.tags?;
        match tags.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag)) {
            Some((_, value)) => value.value().map(|value| Some(value.to_string())),
            None => tags.is_complete().then_some(None),
        }
    }
}
