//! One step of the walk: from one item, member or bracket to the next.

use super::keys::{self, Class, Role};
use super::{Frame, Kind, Mode, Sink, Walker, What};
use crate::scan::{self, Stop, skip_space};

/// Lists and wrappers inside each other; real ones have at most three.
const FRAMES_MAX: usize = 16;

/// What the walk does next: the byte to go on at, or `None` to wait for more bytes.
pub(super) type Step = Option<usize>;

impl Walker {
    /// Goes one step. Every step moves on, or waits, or ends being lost.
    pub(super) fn step(
        &mut self,
        bytes: &[u8],
        at: usize,
        last: bool,
        sink: &mut dyn Sink,
    ) -> Step {
        if let Mode::Lost { .. } = self.mode {
            return self.seek(bytes, at, last);
        }
        match self.frames.last() {
            Some(Frame::Wrapper) => self.member(bytes, at, last, sink),
            _ => self.value(bytes, at, last, sink),
        }
    }

    /// At an item, or what separates items.
    fn value(&mut self, bytes: &[u8], at: usize, last: bool, sink: &mut dyn Sink) -> Step {
        let at = separators(bytes, at);
        let frame = self.frames.last().copied();
        match bytes.get(at) {
            None => Some(at),
            Some(b'{') => self.object(bytes, at, last, sink),
            Some(b'[') if frame == Some(Frame::List { rows: true }) => {
                self.row(bytes, at, last, sink)
            }
            Some(b'[') if self.frames.len() < FRAMES_MAX => {
                self.frames.push(Frame::List { rows: false });
                Some(at + 1)
            }
            Some(b']') if frame.is_some() => {
                self.frames.pop();
                Some(at + 1)
            }
            // They close what damage has hidden from us.
            Some(b']' | b'}') if frame.is_none() && self.adrift => Some(at + 1),
            Some(b'"') => self.string(bytes, at, last, sink),
            // On their own, words and numbers are more likely the prefix of a log line.
            Some(b't' | b'f' | b'n' | b'-' | b'0'..=b'9') if frame.is_some() => {
                let (limit, _) = self.limited(bytes, at);
                match scan::skip_value(view(bytes, limit), at, 1) {
                    Ok(end) => {
                        self.stray(self.place(at), || What::Scalar);
                        Some(end)
                    }
                    Err(stop) => self.failed(bytes, at, stop, last, sink),
                }
            }
            Some(_) => self.junk(bytes, at, last),
        }
    }

    /// At an object's brace.
    fn object(&mut self, bytes: &[u8], at: usize, last: bool, sink: &mut dyn Sink) -> Step {
        // As CloudTrail writes it: no need to look further.
        if bytes.get(at..).is_some_and(|rest| rest.starts_with(b"{\"eventVersion\":")) {
            return self.record(bytes, at, last, sink);
        }
        let (limit, _) = self.limited(bytes, at);
        let view = view(bytes, limit);
        let class = match keys::classify(view, at, self.limits.depth_max) {
            Ok(class) => class,
            Err(stop) => return self.failed(bytes, at, stop, last, sink),
        };
        if let Class::Wrapper { list, rows, kind } = class {
            if let Some(kind) = kind {
                self.recognise(kind);
            }
            if self.frames.len() + 2 > FRAMES_MAX {
                self.frames.clear();
            }
            self.frames.push(Frame::Wrapper);
            self.frames.push(Frame::List { rows });
            (self.shaken, self.adrift) = (false, false);
            return Some(list + 1);
        }
        if class == Class::Record {
            return self.record(bytes, at, last, sink);
        }
        let end = match scan::skip_container(view, at, self.limits.depth_max) {
            Ok(end) => end,
            Err(stop) => return self.failed(bytes, at, stop, last, sink),
        };
        let whole = self::view(bytes, end);
        match class {
            Class::Digest => {
                self.recognise(Kind::Digest);
                self.counts.digests += 1;
            }
            Class::Holder { role, value, kind } => {
                self.holder(whole, at, (role, value, kind), sink);
            }
            Class::Columns => self.columns(whole, at, sink),
            Class::Field => self.field(whole, at, sink),
            _ => self.stray(self.place(at), || What::Object(keys::first_keys(whole, at))),
        }
        Some(end)
    }

    /// At a record's brace.
    fn record(&mut self, bytes: &[u8], at: usize, last: bool, sink: &mut dyn Sink) -> Step {
        let (limit, _) = self.limited(bytes, at);
        let view = view(bytes, limit);
        self.recognise(Kind::Records);
        if self.strays.count > 0 {
            self.flush(sink);
        }
        match sink.record(view, at, self.place(at)) {
            Ok(end) if end > at && end <= limit => {
                self.record += 1;
                self.counts.records += 1;
                self.shaken = false;
                Some(end)
            }
            // No sink should answer this; believing it would stop the walk.
            Ok(_) => self.failed(bytes, at, Stop::Malformed(at), last, sink),
            Err(stop) => self.failed(bytes, at, stop, last, sink),
        }
    }

    /// Inside a wrapper, at a member or its end.
    fn member(&mut self, bytes: &[u8], at: usize, last: bool, sink: &mut dyn Sink) -> Step {
        let at = separators(bytes, at);
        match bytes.get(at) {
            None => return Some(at),
            Some(b'}') => {
                self.frames.pop();
                return Some(at + 1);
            }
            Some(b'"') => {}
            Some(_) => return self.junk(bytes, at, last),
        }
        let (limit, _) = self.limited(bytes, at);
        let view = view(bytes, limit);
        match self.member_value(view, at) {
            Ok(next) => Some(next),
            Err(stop) => self.failed(bytes, at, stop, last, sink),
        }
    }

    fn member_value(&mut self, view: &[u8], at: usize) -> scan::End {
        let key = scan::string(view, at)?;
        let colon = skip_space(view, key.end);
        match view.get(colon) {
            Some(b':') => {}
            Some(_) => return Err(Stop::Malformed(colon)),
            None => return Err(Stop::Incomplete),
        }
        let value = skip_space(view, colon + 1);
        let role = keys::role(key.raw);
        if view.get(value) == Some(&b'[') && matches!(role, Role::List | Role::Rows) {
            self.frames.push(Frame::List { rows: role == Role::Rows });
            return Ok(value + 1);
        }
        scan::skip_value(view, value, self.limits.depth_max)
    }

    /// At a string that stands where an item should: `jq` and `--query` print records like that.
    fn string(&mut self, bytes: &[u8], at: usize, last: bool, sink: &mut dyn Sink) -> Step {
        let (limit, _) = self.limited(bytes, at);
        let text = match scan::string(view(bytes, limit), at) {
            Ok(text) => text,
            Err(stop) => return self.failed(bytes, at, stop, last, sink),
        };
        let (end, quoted) = (text.end, bytes.get(at..text.end).unwrap_or_default());
        let before = self.counts;
        self.text(quoted, at, sink);
        if self.counts != before {
            self.recognise(Kind::Records);
        }
        Some(end)
    }

    /// At a row of columns.
    fn row(&mut self, bytes: &[u8], at: usize, last: bool, sink: &mut dyn Sink) -> Step {
        let (limit, _) = self.limited(bytes, at);
        let end = match scan::skip_container(view(bytes, limit), at, self.limits.depth_max) {
            Ok(end) => end,
            Err(stop) => return self.failed(bytes, at, stop, last, sink),
        };
        self.columns(view(bytes, end), at, sink);
        Some(end)
    }
}

/// The bytes up to `limit`.
pub(super) fn view(bytes: &[u8], limit: usize) -> &[u8] {
    bytes.get(..limit).unwrap_or(bytes)
}

/// The first byte at or after `at` that separates nothing.
fn separators(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | 0x1e) = bytes.get(at) {
        at += 1;
    }
    at
}
