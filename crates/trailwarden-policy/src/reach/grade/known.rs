//! Gradings of what was graded before: the same few policies come and go with the roles that hold
//! them.
//!
//! They lie beside the stack, as the fuel does: a grading follows from the grants alone, so who
//! remembers it is no matter. Only where no limit of work is outside is it remembered, and only of
//! what is small; once there is no room, all is forgotten.

use std::cell::RefCell;

use foldhash::HashMap;

use super::{Grading, Grant};
use crate::fuel;

/// How many gradings are remembered.
const KNOWN_MAX: usize = 512;
/// Of how many patterns and conditions, at most.
const SIZE_MAX: usize = 32;

thread_local! {
    static KNOWN: RefCell<HashMap<Vec<Grant>, Grading>> = RefCell::default();
}

/// The grading of some grants, worked out unless it is remembered.
pub(super) fn or_worked_out(grants: &[Grant], work: impl FnOnce() -> Grading) -> Grading {
    let is_small = grants.iter().map(Grant::size).sum::<usize>() <= SIZE_MAX;
    if grants.is_empty() || !is_small || fuel::left() != u64::MAX {
        return work();
    }
    let known = KNOWN.with_borrow(|known| known.get(grants).cloned());
    known.unwrap_or_else(|| {
        let grading = work();
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KNOWN_MAX {
                known.clear();
            }
            known.insert(grants.to_vec(), grading.clone());
        });
        grading
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::reach::{Grade, Reach, grade};

    #[test]
    fn what_is_remembered_is_what_was_worked_out() {
        let reach = |number: usize| {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/{number}"}}]}}"#
            );
            Reach::of([&Document::parse(&text).unwrap()])
        };
        for number in (0..KNOWN_MAX + 10).chain(0..10) {
            let grading = grade(reach(number).grants());
            assert_eq!((grading.grade, grading.unconditional), (Grade::Write, Grade::Write));
        }
        assert!(KNOWN.with_borrow(HashMap::len) <= KNOWN_MAX);
        let unlike = or_worked_out(reach(0).grants(), || unreachable!("it is remembered"));
        assert_eq!(unlike, grade(reach(0).grants()));
    }
}
