//! What the last documents allowed together: automation gives the same few policies to one role after
//! another, and each change asks for what its bearer had before, which the last one brought.
//!
//! They lie beside the stack, as the texts do: what documents allow follows from them alone. Few
//! documents with few grants are remembered; once there is no room, all is forgotten.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use foldhash::HashMap;
use trailwarden_model::AccountId;
use trailwarden_policy::reach::Reach;

use crate::text::PolicyText;

/// How many reaches are remembered.
const REACHES_MAX: usize = 256;
/// Of how many documents, and with how many grants, at most.
const DOCUMENTS_MAX: usize = 8;
const GRANTS_MAX: usize = 32;

thread_local! {
    static RECENT: RefCell<HashMap<Key, Arc<Reach>>> = RefCell::default();
}

/// Documents that say the same to everybody, in one account.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    texts: Vec<Shared>,
    is_whole: bool,
    account: AccountId,
    partition: Arc<str>,
}

/// A text that is the same one, and not only alike: it is held, so that no other takes its place.
struct Shared(PolicyText);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_shared_with(&other.0)
    }
}

impl Eq for Shared {}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.place().hash(state);
    }
}

/// What the documents allow in the account, worked out unless it is remembered.
pub(super) fn or_worked_out<'t>(
    texts: impl ExactSizeIterator<Item = &'t PolicyText>,
    is_whole: bool,
    (account, partition): (AccountId, &Arc<str>),
    work: impl FnOnce() -> Reach,
) -> Arc<Reach> {
    if texts.len() > DOCUMENTS_MAX {
        return Arc::new(work());
    }
    let texts = texts.cloned().map(Shared).collect();
    let key = Key { texts, is_whole, account, partition: partition.clone() };
    let known = RECENT.with_borrow(|recent| recent.get(&key).cloned());
    known.unwrap_or_else(|| {
        let reach = Arc::new(work());
        if reach.grants().len() <= GRANTS_MAX {
            RECENT.with_borrow_mut(|recent| {
                if recent.len() >= REACHES_MAX {
                    recent.clear();
                }
                recent.insert(key, reach.clone());
            });
        }
        reach
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_is_remembered_for_the_same_texts_in_the_same_account() {
        let account = |id: &str| AccountId::parse(id).unwrap();
        let (home, other) = (account("111122223333"), account("444455556666"));
        let text = PolicyText::new(
            r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
        );
        let nothing = PolicyText::new(r#"{"Statement":[]}"#);
        let found = |texts: &[&PolicyText], is_whole, account| {
            let reach = || Reach::of(texts.iter().filter_map(|text| text.document().ok()));
            let texts = texts.iter().copied();
            let mut is_new = false;
            let found = or_worked_out(texts, is_whole, (account, &"aws".into()), || {
                is_new = true;
                reach()
            });
            assert_eq!(*found, reach());
            is_new
        };
        assert!(found(&[&text], true, home));
        assert!(!found(&[&text], true, home));
        assert!(found(&[&text], false, home));
        assert!(found(&[&text], true, other));
        assert!(found(&[&nothing], true, home));
        assert!(found(&[&text, &nothing], true, home));
        assert!(found(&[], true, home));
        assert!(!found(&[&text, &nothing], true, home));
        for number in 0..REACHES_MAX {
            let text = PolicyText::new(&format!("{{\"Id\":\"{number}\",\"Statement\":[]}}"));
            found(&[&text], true, home);
        }
        assert!(RECENT.with_borrow(HashMap::len) <= REACHES_MAX);
        assert!(found(&[&text], true, home));
        let many = [&nothing; DOCUMENTS_MAX + 1];
        assert!(found(&many, true, home));
        assert!(found(&many, true, home));
    }
}
