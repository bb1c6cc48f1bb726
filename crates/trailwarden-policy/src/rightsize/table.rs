//! Lists of names by service, as the texts of this folder have them.

use std::collections::BTreeMap;

/// A name with a colon begins a service; the words after it are its own.
pub(super) fn read(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut prefix = "";
    for word in text.split_ascii_whitespace() {
        if let Some(next) = word.strip_suffix(':') {
            prefix = next;
            all.entry(prefix).or_default();
        } else {
            all.entry(prefix).or_default().push(word);
        }
    }
    all
}
