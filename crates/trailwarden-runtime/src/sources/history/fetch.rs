//! Fetching what is not held yet.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;

use trailwarden_aws::lookup::{Failure, Page, Reason};
use trailwarden_model::{Reject, Timestamp};
use trailwarden_record::hash;

use super::held::{Draft, Held, Shelf};
use super::queue::{ABREAST, Ended, HALVES_MIN, Queue, Window};
use super::{Ask, Course, HistoryError, Span, Wanted, lost};
use crate::sources::Item;

/// A window that goes on for longer is cut: two thousand events, at least twenty seconds.
const PAGES_CUT: u32 = 40;
/// While fewer windows of its region are asked for than could be, it is cut sooner.
const PAGES_ALONE: u32 = 4;
/// Windows that are asked for at once, in all regions together.
const WORKERS_MAX: usize = 32;

/// What was given.
#[derive(Debug)]
pub struct Fetched {
    /// Files, by region and time.
    pub items: Vec<Item>,
    /// What was not given.
    pub rejects: Vec<Reject>,
}

/// Asks for everything that is wanted and not held.
///
/// # Errors
/// What was given cannot be kept. That AWS gives something not is no error.
pub fn fetch(wanted: &Wanted, ask: &dyn Ask, course: &Course) -> Result<Fetched, HistoryError> {
    let shelves = Shelf::of(wanted)?;
    let queue = Queue::new(shelves.len(), course);
    let mut given = Vec::new();
    for (lane, shelf) in shelves.iter().enumerate() {
        if let Some(settled) = wanted.settled_part() {
            let held = shelf.held(settled)?;
            let spans: Vec<Span> = held.iter().map(|one| one.span).collect();
            let left = settled.without(&spans);
            let left_seconds: u64 = left.iter().map(|span| span.seconds()).sum();
            course.moved(lane, settled.seconds() - left_seconds, 0);
            queue.add(lane, left, true);
            given.extend(held.into_iter().map(|one| (lane, one)));
        }
        queue.add(lane, wanted.unsettled_part().into_iter().collect(), false);
    }
    let given = Mutex::new(given);
    let error = Mutex::new(None);
    let work = || {
        while let Some(window) = queue.take() {
            let Some(shelf) = shelves.get(window.lane) else { continue };
            let asking = Asking { wanted, ask, course, shelf, queue: &queue, window };
            let asked = catch_unwind(AssertUnwindSafe(|| asking.run()));
            match asked.unwrap_or_else(|panic| {
                // Else the others would wait for this window for ever.
                queue.abandon(window);
                resume_unwind(panic)
            }) {
                Ok((held, ended)) => {
                    let has_given = held.as_ref().is_some_and(|one| one.1);
                    let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
                    given.extend(held.map(|(held, _)| (window.lane, held)));
                    drop(given);
                    queue.ended(window, ended, has_given);
                }
                Err(cause) => {
                    *error.lock().unwrap_or_else(PoisonError::into_inner) = Some(cause);
                    queue.abandon(window);
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..WORKERS_MAX.min(shelves.len() * ABREAST) {
            scope.spawn(work);
        }
    });
    if let Some(error) = error.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut given = given.into_inner().unwrap_or_else(PoisonError::into_inner);
    given.sort_by_key(|(lane, held)| (*lane, held.span));
    Ok(Fetched {
        items: given.into_iter().map(|(_, held)| held.item).collect(),
        rejects: lost::rejects(queue.into_lost(), &wanted.regions),
    })
}

/// A window that is asked for.
struct Asking<'a> {
    wanted: &'a Wanted,
    ask: &'a dyn Ask,
    course: &'a Course,
    shelf: &'a Shelf,
    queue: &'a Queue<'a>,
    window: Window,
}

/// A file, and whether it has all events of its span.
type Given = Option<(Held, bool)>;

impl Asking<'_> {
    fn run(&self) -> Result<(Given, Ended), HistoryError> {
        let Window { span, is_settled, lane, .. } = self.window;
        let region = self.wanted.regions.get(lane).map_or("", String::as_str);
        let question = self.wanted.question(region, span);
        let mut draft = self.shelf.draft(is_settled)?;
        let mut trace = Trace::new(span);
        let mut tokens = BTreeSet::new();
        let mut token: Option<String> = None;
        loop {
            let page = match self.ask.page(&question, token.as_deref(), &self.course.stop) {
                Ok(page) => page,
                Err(failure) => return self.failed(draft, &trace, failure),
            };
            draft.add(&page.body)?;
            let before = trace.given().map_or(0, Span::seconds);
            trace.note(&page);
            self.course.paged();
            let now = trace.given().map_or(0, Span::seconds);
            self.course.moved(lane, now.saturating_sub(before), page.events);
            match page.next {
                None => {
                    self.course.moved(lane, span.seconds() - now, 0);
                    return Ok((Some((self.shelf.keep(draft, span)?, true)), Ended::Whole));
                }
                // A page that leads to itself, or back, would never end.
                Some(next) if !tokens.insert(hash::of(&next)) => {
                    let message = "the pages do not end".to_owned();
                    let failure = Failure { reason: Reason::Other, message };
                    return self.failed(draft, &trace, failure);
                }
                next => token = next,
            }
            if trace.pages < self.pages_max(&trace) {
                continue;
            }
            match trace.given() {
                Some(given) => {
                    let held = self.shelf.keep(draft, given)?;
                    let left = Span { first: span.first, last: given.first.plus(-1) };
                    return Ok((Some((held, true)), Ended::Cut { left }));
                }
                // What is not in order is not cut by its order: its time is halved, and asked for anew.
                None if !trace.is_ordered && span.seconds() > 1 => {
                    return Ok((None, Ended::Cut { left: span }));
                }
                // More than that within one second.
                None => {}
            }
        }
    }

    /// After how many pages to cut: sooner where what is left keeps others busy too.
    fn pages_max(&self, trace: &Trace) -> u32 {
        let left = trace.given().map_or(0, |given| given.first.since(self.window.span.first));
        match left > HALVES_MIN && self.queue.has_room(self.window.lane) {
            true => PAGES_ALONE,
            false => PAGES_CUT,
        }
    }

    /// Keeps what was given before it failed.
    fn failed(
        &self,
        draft: Draft,
        trace: &Trace,
        failure: Failure,
    ) -> Result<(Given, Ended), HistoryError> {
        let span = self.window.span;
        match trace.given() {
            Some(given) => {
                let held = self.shelf.keep(draft, given)?;
                let left = Span { first: span.first, last: given.first.plus(-1) };
                Ok((Some((held, true)), Ended::Failed { left, failure }))
            }
            None => {
                let some = (trace.pages > 0).then(|| self.shelf.keep_some(draft, span));
                let some = some.transpose()?.map(|held| (held, false));
                Ok((some, Ended::Failed { left: span, failure }))
            }
        }
    }
}

/// What the pages so far prove.
struct Trace {
    span: Span,
    pages: u32,
    /// No event so far was earlier.
    oldest: Timestamp,
    /// Whether each event was no later than those before it.
    is_ordered: bool,
}

impl Trace {
    fn new(span: Span) -> Self {
        let oldest = Timestamp::from_seconds(i64::MAX);
        Self { span, pages: 0, oldest, is_ordered: true }
    }

    fn note(&mut self, page: &Page) {
        self.pages += 1;
        self.is_ordered &= page.times.len() as u64 == page.events;
        for time in &page.times {
            self.is_ordered &= *time <= self.oldest;
            self.oldest = self.oldest.min(*time);
        }
    }

    /// The latest part of the span of which no event can follow: behind the oldest one so far, because of
    /// whose second there may be more. Never the whole of it.
    fn given(&self) -> Option<Span> {
        let first = self.oldest.max(self.span.first);
        let given = Span::new(first.plus(1), self.span.last);
        given.filter(|_| self.is_ordered)
    }
}
