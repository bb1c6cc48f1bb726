//! What lint said of the last short documents, so that one that comes again is not checked again:
//! automation writes the same few into many roles.
//!
//! It lies beside the stack: lint sees the text and nothing else, so who remembers its words is no
//! matter. Long texts are not kept, and once there is no room, all are let go.

use std::cell::RefCell;
use std::rc::Rc;

use foldhash::HashMap;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::lint::LintFinding;

/// How many documents are remembered.
const TEXTS_MAX: usize = 512;
/// How long they are, at most.
const BYTES_MAX: usize = 2_048;

/// By kind, then by text.
type Told = HashMap<PolicyKind, HashMap<Box<str>, Rc<[LintFinding]>>>;

thread_local! {
    static RECENT: RefCell<Told> = RefCell::default();
}

/// What lint says of a text that is worth a finding.
pub(super) fn told(text: &str, kind: PolicyKind) -> Rc<[LintFinding]> {
    let work = || -> Rc<[LintFinding]> { super::told(text, kind).collect() };
    if text.len() > BYTES_MAX {
        return work();
    }
    let known = RECENT.with_borrow(|recent| recent.get(&kind)?.get(text).cloned());
    known.unwrap_or_else(|| {
        let told = work();
        RECENT.with_borrow_mut(|recent| {
            let recent = recent.entry(kind).or_default();
            if recent.len() >= TEXTS_MAX {
                recent.clear();
            }
            recent.insert(text.into(), told.clone());
        });
        told
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_lint_says() {
        let text = |number: usize| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:Gett{number}","Resource":"*"}}]}}"#
            )
        };
        for number in (0..TEXTS_MAX + 5).chain(0..5) {
            let told = told(&text(number), PolicyKind::Identity);
            let anew: Vec<LintFinding> =
                super::super::told(&text(number), PolicyKind::Identity).collect();
            assert_eq!(*told, *anew);
            assert!(!told.is_empty());
        }
        let held = RECENT.with_borrow(|recent| recent[&PolicyKind::Identity].len());
        assert!(held <= TEXTS_MAX);
    }
}
