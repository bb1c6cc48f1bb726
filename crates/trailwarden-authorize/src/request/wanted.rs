//! Which facts the policies speak of: making the others costs more than evaluating policies does.

use std::collections::HashSet;

/// The words of all policies.
///
/// It may hold too many and never too few. An attribute's name stands in a policy as a word or in a
/// string, where only a backslash can hide it.
pub(crate) enum Wanted {
    /// Every fact.
    Everything,
    /// Those among these words.
    Words(HashSet<String>),
}

impl Wanted {
    /// What policies with these texts can ask for.
    pub(crate) fn of(texts: impl IntoIterator<Item = String>) -> Self {
        let mut words = HashSet::new();
        for text in texts {
            if text.contains('\\') {
                return Self::Everything;
            }
            let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            let found = text.split(|letter| !is_word(letter)).filter(|word| !word.is_empty());
            words.extend(found.map(str::to_owned));
        }
        Self::Words(words)
    }

    /// Whether some policy may ask for an attribute of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Words(words) => words.contains(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for text in ["context.mfa", "context has mfa", "context[\"mfa\"]", "context[\"\\u{6d}fa\"]"]
        {
            assert!(Wanted::of([text.to_owned(), "x".to_owned()]).has("mfa"), "{text}");
        }
        let other = Wanted::of(["context.mfa_age > 1 && context.amfa".to_owned()]);
        assert!(!other.has("mfa"));
    }
}
