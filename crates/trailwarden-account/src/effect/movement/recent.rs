//! The last comparisons: automation gives and takes the same few permissions again and again.
//!
//! They lie beside the stack, as what documents allow does: a difference follows from the two sides
//! alone. Only small sides are remembered; once there is no room, all is forgotten.

use std::cell::RefCell;

use foldhash::HashMap;
use trailwarden_policy::reach::{Reach, apart};

use super::Compared;

/// How many sides of before are remembered, and for each how many of after.
const BEFORE_MAX: usize = 128;
const AFTER_MAX: usize = 16;
/// With how many grants, at most.
const GRANTS_MAX: usize = 32;

thread_local! {
    static RECENT: RefCell<HashMap<Reach, HashMap<Reach, Compared>>> = RefCell::default();
}

/// The difference of two reaches, worked out unless it is remembered.
pub(super) fn or_worked_out(old: &Reach, new: &Reach, work: impl FnOnce() -> Compared) -> Compared {
    if old.grants().len() + new.grants().len() > GRANTS_MAX {
        return work();
    }
    let known = RECENT.with_borrow(|recent| recent.get(old)?.get(new).cloned());
    known.unwrap_or_else(|| {
        let compared = apart(work);
        RECENT.with_borrow_mut(|recent| {
            if recent.len() >= BEFORE_MAX {
                recent.clear();
            }
            let after = recent.entry(old.clone()).or_default();
            if after.len() >= AFTER_MAX {
                after.clear();
            }
            after.insert(new.clone(), compared.clone());
        });
        compared
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::movement::Comparing;
    use trailwarden_policy::Document;
    use trailwarden_policy::reach::compare;

    #[test]
    fn what_is_remembered_is_what_was_compared() {
        let reach = |number: usize| {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/{number}"}}]}}"#
            );
            Reach::of([&Document::parse(&text).unwrap()])
        };
        let (mut comparing, nothing) = (Comparing::default(), Reach::nothing());
        for number in (0..BEFORE_MAX + 10).chain(0..10) {
            let one = reach(number);
            for (old, new) in [(&one, &nothing), (&nothing, &one), (&one, &one)] {
                let change = comparing.compare(old, new).change;
                assert_eq!(change, compare(old, new));
            }
        }
        let unlike = or_worked_out(&reach(0), &nothing, || unreachable!("it is remembered"));
        assert_eq!(unlike.change, compare(&reach(0), &nothing));
        RECENT.with_borrow(|recent| {
            assert!(recent.len() <= BEFORE_MAX);
            assert!(recent.values().all(|after| after.len() <= AFTER_MAX));
        });
    }
}
