//! A limit on the work of symbolic questions, counted in steps where the work is done.
//!
//! A policy of a few kilobytes can be made so that what it allows has millions of pieces. So what
//! multiplies is paid for: [`spend`] takes steps, some nanoseconds each, from what the outermost
//! [`limited`] gave. Steps are counted and never measured, so the same policies give the same answer
//! on every machine.
//!
//! The count lies beside the stack and is not an argument, because the dear questions (does this
//! pattern cover that one?) are asked from closures in half a dozen types, of which one that forgets
//! to hand it on would be without a limit.
//!
//! # Invariants
//! - Outside of [`limited`] there is no limit.
//! - Once spent, always spent: whatever asks further is refused, and answers with doubt.
//! - Within a limit, another one can only be narrower.
//! - What was under way when the fuel ended is half done, and nobody takes it over ([`finished`]).
//! - What outlives a limit is made without one ([`apart`], [`Lasting`]): it does not hang on who asked
//!   first.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::OnceLock;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
    /// What was granted, and one for each refusal: to show that nobody goes on for long.
    #[cfg(test)]
    static DONE: Cell<u64> = const { Cell::new(0) };
}

/// What a limited piece of work came to.
pub(crate) struct Limited<T> {
    pub(crate) value: T,
    /// Whether the steps were not enough, so that the value is of doubt.
    pub(crate) is_spent: bool,
    /// The steps that were taken.
    pub(crate) used: u64,
}

/// Does some work with so many steps at most, or with what is left where that is less.
pub(crate) fn limited<T>(steps: u64, work: impl FnOnce() -> T) -> Limited<T> {
    /// Gives back what was not used, also when the work panics.
    struct Restore {
        outside: u64,
        given: u64,
    }
    impl Drop for Restore {
        fn drop(&mut self) {
            let used = self.given.saturating_sub(LEFT.get());
            LEFT.set(if self.outside == u64::MAX { u64::MAX } else { self.outside - used });
        }
    }
    let outside = LEFT.get();
    let given = steps.min(outside);
    let _restore = Restore { outside, given };
    LEFT.set(given);
    let value = work();
    Limited { value, is_spent: is_spent(), used: given - LEFT.get() }
}

/// Does some work as if no limit were outside of it, and takes nothing of that limit.
pub(crate) fn apart<T>(work: impl FnOnce() -> T) -> T {
    struct Restore(u64);
    impl Drop for Restore {
        fn drop(&mut self) {
            LEFT.set(self.0);
        }
    }
    let _restore = Restore(LEFT.replace(u64::MAX));
    work()
}

/// What some work came to, unless the fuel ended before it did: then it is more or less than it
/// should be, or nothing at all that could not be told to be nothing.
pub(crate) fn finished<T>(work: impl FnOnce() -> T) -> Option<T> {
    let value = work();
    (!is_spent()).then_some(value)
}

/// A static value that is made when it is first asked for, [`apart`]: a lazy one that spends steps
/// would take them from whoever asks first, and without fuel would stay incomplete for ever.
pub(crate) struct Lasting<T> {
    made: OnceLock<T>,
    make: fn() -> T,
}

impl<T> Lasting<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self { made: OnceLock::new(), make }
    }
}

impl<T> Deref for Lasting<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.made.get_or_init(|| apart(self.make))
    }
}

/// Takes steps; `false` when there are not so many, and then none are left.
pub(crate) fn spend(steps: usize) -> bool {
    let left = LEFT.get();
    // Who takes the last one is refused, so that "spent" is one state and not two.
    let rest = left.checked_sub(steps as u64).filter(|rest| *rest > 0);
    #[cfg(test)]
    DONE.set(DONE.get() + if rest.is_some() { steps as u64 } else { 1 });
    if left != u64::MAX || rest.is_none() {
        LEFT.set(rest.unwrap_or(0));
    }
    rest.is_some()
}

/// Whether nothing is left.
pub(crate) fn is_spent() -> bool {
    LEFT.get() == 0
}

/// How many steps there are at most.
pub(crate) fn left() -> u64 {
    LEFT.get()
}

/// The steps that some work takes, with those it asks for in vain.
#[cfg(test)]
pub(crate) fn counted<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = DONE.get();
    let value = work();
    (value, DONE.get() - before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_stays_spent_until_the_limit_ends() {
        assert!(spend(1 << 40) && !is_spent(), "there is no limit outside");
        let outer = limited(10, || {
            assert!(spend(4));
            let inner = limited(100, || spend(6));
            assert!(!inner.value && inner.is_spent, "a limit within is not wider");
            spend(1)
        });
        assert!(!outer.value && outer.is_spent);
        assert!(!is_spent() && spend(1_000));
    }

    #[test]
    fn a_narrower_limit_leaves_the_rest() {
        let outer = limited(100, || {
            let inner = limited(10, || spend(20));
            assert!(inner.is_spent);
            left()
        });
        assert_eq!((outer.value, outer.is_spent), (90, false));
    }

    #[test]
    fn what_is_done_apart_neither_takes_nor_lacks_steps() {
        let outer = limited(10, || {
            assert!(!spend(20) && is_spent());
            let inner = apart(|| limited(10, || spend(5)));
            (inner.value, inner.is_spent, left())
        });
        assert_eq!((outer.value, outer.is_spent), ((true, false, 0), true));
    }

    #[test]
    fn what_was_under_way_when_the_fuel_ended_is_not_finished() {
        let outer = limited(10, || (finished(|| spend(4)), finished(|| spend(20)), finished(|| 1)));
        assert_eq!(outer.value, (Some(true), None, None));
    }

    #[test]
    fn what_lasts_neither_takes_nor_lacks_steps() {
        static LASTING: Lasting<bool> = Lasting::new(|| spend(20));
        let outer = limited(10, || (*LASTING, left()));
        assert_eq!(outer.value, (true, 10));
    }

    #[test]
    fn a_panic_ends_the_limit_too() {
        let caught = std::panic::catch_unwind(|| limited(5, || -> bool { panic!("{}", spend(9)) }));
        assert!(caught.is_err() && !is_spent());
    }
}
