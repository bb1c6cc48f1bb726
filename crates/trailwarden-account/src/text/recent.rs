//! The last short texts, so that one that comes again is not read again.
//!
//! They lie beside the stack: a text means the same whoever holds it, so who shares it is no matter.
//! Long texts are not kept, and once there is no room, all are let go.

use std::borrow::Borrow;
use std::cell::RefCell;

use foldhash::HashSet;

use super::PolicyText;

/// How many texts are kept.
const TEXTS_MAX: usize = 512;
/// How long they are, at most.
const BYTES_MAX: usize = 2_048;

thread_local! {
    static RECENT: RefCell<HashSet<PolicyText>> = RefCell::default();
}

/// The text that is kept, if it is; else a new one, which is kept.
pub(super) fn or_new(text: &str, new: impl FnOnce() -> PolicyText) -> PolicyText {
    if text.len() > BYTES_MAX {
        return new();
    }
    RECENT.with_borrow_mut(|recent| {
        if let Some(known) = recent.get(text) {
            return known.clone();
        }
        if recent.len() >= TEXTS_MAX {
            recent.clear();
        }
        let new = new();
        recent.insert(new.clone());
        new
    })
}

/// They compare and hash by their characters.
impl Borrow<str> for PolicyText {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_shared_and_their_number_is_bounded() {
        let one = PolicyText::new(r#"{"Statement":[]}"#);
        assert!(PolicyText::new(r#" {"Statement":[]} "#).is_shared_with(&one));
        for number in 0..TEXTS_MAX {
            let other = PolicyText::new(&format!("[{number}]"));
            assert!(!other.is_shared_with(&one));
        }
        assert!(RECENT.with_borrow(HashSet::len) <= TEXTS_MAX);
        let again = PolicyText::new(r#"{"Statement":[]}"#);
        assert!(!again.is_shared_with(&one));
        assert_eq!(again, one);
        let long = "x".repeat(BYTES_MAX + 1);
        assert!(!PolicyText::new(&long).is_shared_with(&PolicyText::new(&long)));
    }
}
