//! Damage: what it costs, and how the walk finds its way behind it.

use super::keys;
use super::seek::{Found, Seeker};
use super::walk::{Step, view};
use super::{Frame, Mode, Sink, WHAT_BYTES, Walker, What};
use crate::scan::{self, Stop};

impl Walker {
    /// How far an item at `at` may be read, and whether the next item cut it there.
    pub(super) fn limited(&mut self, bytes: &[u8], at: usize) -> (usize, bool) {
        let cap = bytes.len().min(at.saturating_add(self.limits.record_max));
        let here = self.offset + at as u64;
        if here >= self.careful.until {
            return (cap, false);
        }
        if self.careful.found.is_some_and(|found| found <= here) || self.careful.scanned <= here {
            self.careful.found = None;
            self.careful.scanned = here + 1;
            self.careful.seeker = None;
        }
        let position = |absolute: u64| {
            usize::try_from(absolute.saturating_sub(self.offset)).unwrap_or(usize::MAX)
        };
        if self.careful.found.is_none() {
            let (from, to) = (position(self.careful.scanned), position(self.careful.until));
            let seeker = self.careful.seeker.get_or_insert_with(Seeker::next_item);
            match seeker.seek(bytes, from, to.min(bytes.len()), false) {
                Found::Start(found) => self.careful.found = Some(self.offset + found as u64),
                Found::Nothing(end) | Found::Closed(end) => {
                    self.careful.scanned = self.offset + end as u64;
                }
            }
        }
        match self.careful.found.map(position) {
            Some(found) if found < cap => (found, true),
            _ => (cap, false),
        }
    }

    /// An item could not be read: waits for more bytes, or rejects it and gets lost.
    pub(super) fn failed(
        &mut self,
        bytes: &[u8],
        at: usize,
        stop: Stop,
        last: bool,
        sink: &mut dyn Sink,
    ) -> Step {
        let (limit, cut_by_next) = self.limited(bytes, at);
        let open = !cut_by_next && limit == bytes.len() && limit - at < self.limits.record_max;
        let here = self.offset + at as u64;
        let (cause, passed) = match stop {
            Stop::Incomplete if open && !last => return None,
            Stop::Incomplete if cut_by_next => {
                ("this item does not end before the next one begins".to_owned(), limit)
            }
            Stop::Incomplete if open => ("the content ends inside this item".to_owned(), limit),
            Stop::Incomplete => {
                let record_max = self.limits.record_max;
                (
                    format!("this item has no end within {record_max} bytes; see `--record-max`"),
                    limit,
                )
            }
            Stop::Malformed(place) => {
                let offset = (self.offset + place as u64).saturating_sub(here);
                (format!("malformed JSON {offset} bytes into this item"), place)
            }
            Stop::TooDeep(place) => {
                let depth_max = self.limits.depth_max;
                let cause = format!("nested deeper than {depth_max}; see `--depth-max`");
                match scan::skip_container(view(bytes, limit), at, usize::MAX) {
                    Ok(end) => {
                        self.reject_or_stray(view(bytes, limit), at, cause, sink);
                        return Some(end);
                    }
                    Err(Stop::Incomplete) if open && !last => return None,
                    Err(_) => (cause, place.max(limit)),
                }
            }
        };
        if !(self.cut && open && stop == Stop::Incomplete) {
            self.reject_or_stray(view(bytes, limit), at, cause, sink);
        }
        self.careful.until = self.careful.until.max(self.offset + passed as u64);
        (self.shaken, self.adrift) = (true, true);
        let bracket = matches!(bytes.get(at), Some(b'{' | b'['));
        let seeker = if bracket { Seeker::inside() } else { Seeker::next_item() };
        self.mode = Mode::Lost { seeker, stray: None };
        Some(at + 1)
    }

    /// Rejects a damaged item. As long as nothing of CloudTrail was seen, it may as well be
    /// something else, and one reject for the whole content will do.
    pub(super) fn reject_or_stray(
        &mut self,
        bytes: &[u8],
        at: usize,
        cause: String,
        sink: &mut dyn Sink,
    ) {
        if self.kind.is_some() {
            self.damaged(at, cause, sink);
            return;
        }
        self.stray(self.place(at), || match bytes.get(at) {
            Some(b'{') => What::Object(keys::first_keys(bytes, at)),
            _ => What::Scalar,
        });
    }

    /// At something that is not JSON.
    pub(super) fn junk(&mut self, bytes: &[u8], at: usize, last: bool) -> Step {
        let head = bytes.get(at..).unwrap_or_default();
        if !last && head.len() < WHAT_BYTES {
            return None;
        }
        let what = What::of_bytes(head);
        let stray = Some((self.place(at), what));
        self.mode = Mode::Lost { seeker: Seeker::anywhere(), stray };
        self.adrift = true;
        Some(at)
    }

    /// Looks for the way.
    pub(super) fn seek(&mut self, bytes: &[u8], at: usize, last: bool) -> Step {
        let Mode::Lost { seeker, stray } = &mut self.mode else { return Some(at) };
        let found = seeker.seek(bytes, at, bytes.len(), last);
        let next = match found {
            Found::Nothing(next) => return if next > at { Some(next) } else { None },
            Found::Start(next) | Found::Closed(next) => next,
        };
        let stray = stray.take().filter(|_| !seeker.passed_a_prefix());
        self.mode = Mode::Steady;
        if let Some((place, what)) = stray {
            self.stray(place, || what);
        }
        if matches!(found, Found::Start(_)) {
            while self.frames.last() == Some(&Frame::Wrapper) {
                self.frames.pop();
            }
        }
        Some(next)
    }
}
