//! Which window is asked for next, and what becomes of one that failed.
//!
//! # Invariants
//! - Each span that is wanted ends up given or lost.
//! - A region is left alone once it says that it will not answer, or after three windows in a row that
//!   came to nothing. What it says holds for it alone, also of credentials: AWS IAM User Guide, "Managing
//!   AWS STS in an AWS Region" (session tokens of the global endpoint do not hold in regions that are
//!   switched on by hand).

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use trailwarden_aws::lookup::{Failure, Reason};
use trailwarden_model::time::HOUR;

use super::lost::Lost;
use super::{Course, Span};

/// Windows of one region that are asked for at once: a reply takes longer than half a second, so one
/// chain of pages does not get what AWS grants.
pub(super) const ABREAST: usize = 3;
/// What is no longer, in seconds, is not halved so that more windows are asked for.
pub(super) const HALVES_MIN: i64 = HOUR;
/// A window that fails without a page is tried so often.
const TRIES_MAX: u32 = 2;
/// After so many windows in a row that came to nothing, a region is left alone.
const GIVEN_UP_MAX: u32 = 3;

/// A window to ask for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) lane: usize,
    pub(super) span: Span,
    /// Whether no more events will appear in it.
    pub(super) is_settled: bool,
    tries: u32,
}

/// How asking for a window ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// All of it was given.
    Whole,
    /// It goes on for long: what is left is asked for anew, in halves.
    Cut { left: Span },
    /// There was no answer for what is left.
    Failed { left: Span, failure: Failure },
}

/// The windows of all regions.
pub(super) struct Queue<'a> {
    course: &'a Course,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lanes: Vec<Waiting>,
    lost: Vec<Lost>,
}

#[derive(Default)]
struct Waiting {
    /// The next one is last.
    windows: Vec<Window>,
    active: usize,
    given_up: u32,
    closed: Option<Failure>,
}

impl<'a> Queue<'a> {
    pub(super) fn new(lanes: usize, course: &'a Course) -> Self {
        let mut state = State::default();
        state.lanes.resize_with(lanes, Waiting::default);
        Self { course, state: Mutex::new(state), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No change is made in two steps between which somebody could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds windows, to be asked for before those that are there, the last one first.
    pub(super) fn add(&self, lane: usize, spans: Vec<Span>, is_settled: bool) {
        let window = |span| Window { lane, span, is_settled, tries: 0 };
        self.state().put(self.course, lane, spans.into_iter().map(window));
    }

    /// Waits for a window to ask for; none when there is nothing left to do.
    pub(super) fn take(&self) -> Option<Window> {
        let mut state = self.state();
        loop {
            if self.course.is_stopped() {
                let message = "interrupted".to_owned();
                state.close_all(self.course, &Failure { reason: Reason::Interrupted, message });
            }
            let ready = |lane: &&mut Waiting| !lane.windows.is_empty() && lane.active < ABREAST;
            let lane = state.lanes.iter_mut().filter(ready).min_by_key(|lane| lane.active);
            if let Some(lane) = lane
                && let Some(window) = lane.windows.pop()
            {
                lane.active += 1;
                return Some(window);
            }
            if state.lanes.iter().all(|lane| lane.active == 0) {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether more windows of a region could be asked for than there are.
    pub(super) fn has_room(&self, lane: usize) -> bool {
        self.state().has_room(lane)
    }

    /// Notes how a window ended; `has_given` if a part of it was given for good.
    pub(super) fn ended(&self, window: Window, ended: Ended, has_given: bool) {
        let mut state = self.state();
        state.ended(self.course, window, ended, has_given);
        drop(state);
        self.changed.notify_all();
    }

    /// Gives up everything that is left, because what comes cannot be kept.
    pub(super) fn abandon(&self, window: Window) {
        let message = "it could not be kept".to_owned();
        let mut state = self.state();
        state.close_all(self.course, &Failure { reason: Reason::Other, message });
        state.leave(window.lane);
        drop(state);
        self.changed.notify_all();
    }

    /// What was not given.
    pub(super) fn into_lost(self) -> Vec<Lost> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).lost
    }
}

impl State {
    fn has_room(&self, lane: usize) -> bool {
        self.lanes.get(lane).is_some_and(|lane| lane.windows.len() + lane.active < ABREAST)
    }

    fn leave(&mut self, lane: usize) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.active = lane.active.saturating_sub(1);
        }
    }

    fn put(&mut self, course: &Course, lane: usize, windows: impl Iterator<Item = Window>) {
        let Some(waiting) = self.lanes.get_mut(lane) else { return };
        waiting.windows.extend(windows);
        if let Some(failure) = waiting.closed.clone() {
            self.close(course, lane, &failure);
        }
    }

    fn ended(&mut self, course: &Course, window: Window, ended: Ended, has_given: bool) {
        let Window { lane, .. } = window;
        self.leave(lane);
        match ended {
            Ended::Whole => self.answered(lane),
            Ended::Cut { left } => {
                self.answered(lane);
                let room = self.has_room(lane);
                // What gave nothing must be asked for in another way, or it would give nothing again.
                let mut parts = match (has_given, room) {
                    (true, true) => left.halves(HALVES_MIN),
                    (true, false) => vec![left],
                    (false, _) => left.halves(0),
                };
                parts.reverse();
                let part = |span| Window { span, tries: 0, ..window };
                self.put(course, lane, parts.into_iter().map(part));
            }
            Ended::Failed { left, failure } => {
                if has_given {
                    self.answered(lane);
                }
                let tries = if has_given { 1 } else { window.tries + 1 };
                if !failure.is_final() && tries < TRIES_MAX {
                    let again = Window { span: left, tries, ..window };
                    self.put(course, lane, std::iter::once(again));
                } else {
                    self.failed(course, lane, left, failure);
                }
            }
        }
    }

    fn answered(&mut self, lane: usize) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.given_up = 0;
        }
    }

    fn failed(&mut self, course: &Course, lane: usize, left: Span, failure: Failure) {
        course.moved(lane, left.seconds(), 0);
        self.lost.push(Lost { lane, span: left, failure: failure.clone() });
        let given_up = self.lanes.get_mut(lane).map_or(0, |lane| {
            lane.given_up += 1;
            lane.given_up
        });
        if failure.reason == Reason::Interrupted {
            self.close_all(course, &failure);
        } else if failure.is_final() || given_up >= GIVEN_UP_MAX {
            self.close(course, lane, &failure);
        }
    }

    fn close_all(&mut self, course: &Course, failure: &Failure) {
        (0..self.lanes.len()).for_each(|lane| self.close(course, lane, failure));
    }

    fn close(&mut self, course: &Course, lane: usize, failure: &Failure) {
        let Some(waiting) = self.lanes.get_mut(lane) else { return };
        let failure = waiting.closed.get_or_insert_with(|| failure.clone()).clone();
        for window in waiting.windows.drain(..) {
            course.moved(lane, window.span.seconds(), 0);
            self.lost.push(Lost { lane, span: window.span, failure: failure.clone() });
        }
    }
}
