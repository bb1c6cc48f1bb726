//! How much there is, before all of it is asked for.
//!
//! AWS does not say how many events there are. So a few pages are asked for, spread over the time that is
//! not held: how long the fifty events of a page took is how busy the region was then. What is between
//! the pages is guessed, and said to be.

use std::cmp::Reverse;
use std::thread;

use trailwarden_aws::lookup::{Failure, PAGE_MAX};

use super::held::Shelf;
use super::{Ask, Course, HistoryError, PAGES_PER_SECOND, Span, Wanted};

/// Pages asked for in one region at most.
const SAMPLES_MAX: u64 = 8;
/// Spans that are looked at in one region; the others are taken to be alike.
const SPANS_MAX: usize = 4;
/// One page for so much time, in seconds.
const SAMPLE_EVERY: u64 = 6 * 3_600;

/// What is still to be asked for.
#[derive(Debug)]
pub struct Estimate {
    /// By region, in the order that was asked for.
    pub shares: Vec<Share>,
}

/// What is still to be asked for in one region.
#[derive(Clone, Debug)]
pub struct Share {
    /// The region.
    pub region: String,
    /// Seconds that were wanted, and of these those that are held.
    pub seconds: u64,
    /// Of these, those that earlier runs were given.
    pub seconds_held: u64,
    /// Events in the rest.
    pub events: u64,
    /// Pages in the rest.
    pub pages: u64,
    /// Whether that is known, and not guessed.
    pub is_exact: bool,
    /// Pages that were asked for to know.
    pub samples: u64,
    /// Why nothing is known of the region.
    pub failure: Option<Failure>,
}

/// Looks at all regions at once.
///
/// # Errors
/// The cache cannot be read.
pub fn estimate(wanted: &Wanted, ask: &dyn Ask, course: &Course) -> Result<Estimate, HistoryError> {
    let shelves = Shelf::of(wanted)?;
    let mut shares = Vec::new();
    for (region, shelf) in wanted.regions.iter().zip(&shelves) {
        let settled = wanted.settled_part();
        let held = settled.map(|settled| shelf.held(settled)).transpose()?.unwrap_or_default();
        let spans: Vec<Span> = held.iter().map(|one| one.span).collect();
        let left = wanted.span.without(&spans);
        let seconds_left: u64 = left.iter().map(|span| span.seconds()).sum();
        let share = Share {
            region: region.clone(),
            seconds: wanted.span.seconds(),
            seconds_held: wanted.span.seconds() - seconds_left,
            events: 0,
            pages: 0,
            is_exact: true,
            samples: 0,
            failure: None,
        };
        shares.push((share, left));
    }
    thread::scope(|scope| {
        for (share, left) in &mut shares {
            scope.spawn(|| look(wanted, ask, course, share, left));
        }
    });
    Ok(Estimate { shares: shares.into_iter().map(|(share, _)| share).collect() })
}

/// Fills in what is in the spans that are left.
fn look(wanted: &Wanted, ask: &dyn Ask, course: &Course, share: &mut Share, left: &[Span]) {
    let mut spans = left.to_vec();
    spans.sort_by_key(|span| Reverse(span.seconds()));
    let (mut events, mut seconds) = (0.0, 0.0);
    for span in spans.iter().take(SPANS_MAX) {
        let Some(in_it) = look_at(wanted, ask, course, share, *span) else { return };
        events += in_it;
        seconds += span.seconds() as f64;
    }
    let others: u64 = spans.iter().skip(SPANS_MAX).map(|span| span.seconds()).sum();
    if others > 0 {
        share.is_exact = false;
        events += events / f64::max(seconds, 1.0) * others as f64;
    }
    share.events = whole(events);
    // Each window ends with a page that is not full.
    share.pages = share.events / PAGE_MAX + left.len() as u64;
}

/// The events of one span; none when nobody answers.
fn look_at(
    wanted: &Wanted,
    ask: &dyn Ask,
    course: &Course,
    share: &mut Share,
    span: Span,
) -> Option<f64> {
    let count = (span.seconds() / SAMPLE_EVERY).clamp(1, SAMPLES_MAX);
    let slice = i64::try_from(span.seconds() / count).unwrap_or(i64::MAX);
    let mut rates = Vec::new();
    let (mut known, mut seconds_known) = (0.0, 0.0);
    let mut until = span;
    for _ in 0..count {
        let asked = ask.page(&wanted.question(&share.region, until), None, &course.stop);
        let page = match asked {
            Ok(page) => page,
            Err(failure) => {
                share.failure = Some(failure);
                return None;
            }
        };
        share.samples += 1;
        let events = page.events as f64;
        if page.next.is_none() {
            // That is all there is from here on.
            (known, seconds_known) = (events, until.seconds() as f64);
            break;
        }
        // More follows, but nothing tells how much: as few as is possible.
        let oldest = page.times.iter().min().unwrap_or(&span.first);
        let length = Span::new(*oldest, until.last).map_or(1, Span::seconds);
        rates.push(events / length as f64);
        until.last = until.last.plus(-slice).max(span.first);
    }
    if rates.is_empty() {
        return Some(known);
    }
    share.is_exact = false;
    let rate = rates.iter().sum::<f64>() / rates.len() as f64;
    Some(known + rate * (span.seconds() as f64 - seconds_known))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no count is negative, and one too large becomes the largest"
)]
fn whole(events: f64) -> u64 {
    events.round() as u64
}

impl Estimate {
    /// Seconds that asking takes at least: the busiest region's pages, two a second.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        let busiest = self.shares.iter().map(|share| share.pages).max().unwrap_or(0);
        busiest.div_ceil(PAGES_PER_SECOND)
    }

    /// Pages in all regions.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.shares.iter().map(|share| share.pages).sum()
    }

    /// Events in all regions.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.shares.iter().map(|share| share.events).sum()
    }

    /// Whether nothing was guessed.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.shares.iter().all(|share| share.is_exact && share.failure.is_none())
    }
}
