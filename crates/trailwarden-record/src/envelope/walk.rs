//! One step of the walk: from one item, member or bracket to the next.

use super::keys::{self, Class, Role};
use super::packed::{self, Packed};
use super::seek::{Found, Seeker};
use super::{Frame, Kind, Mode, Sink, WHAT_BYTES, Walker, What, lake};
use crate::scan::{self, Stop, skip_space};

/// Lists and wrappers inside each other; real ones have at most three.
const FRAMES_MAX: usize = 16;

/// Envelopes inside each other: a queue's message around a notification around an event is three.
const LEVELS_MAX: u8 = 5;

/// What the walk does next: the byte to go on at, or `None` to wait for more bytes.
type Step = Option<usize>;

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
        let whole = super::walk::view(bytes, end);
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

    /// Opens an object that holds an item; `whole` ends with it.
    fn holder(
        &mut self,
        whole: &[u8],
        at: usize,
        (role, value, kind): (Role, usize, Kind),
        sink: &mut dyn Sink,
    ) {
        let Ok(end) = scan::skip_value(whole, value, self.limits.depth_max) else { return };
        let held = whole.get(value..end).unwrap_or_default();
        let before = self.counts;
        match role {
            Role::Item => self.nested(held, at, sink),
            Role::Text => self.text(held, at, sink),
            _ => self.packed(held, at, sink),
        }
        if self.counts != before {
            self.recognise(kind);
        }
    }

    /// Walks JSON text that is inside a string.
    fn text(&mut self, quoted: &[u8], at: usize, sink: &mut dyn Sink) {
        let Some(text) = packed::unescape(quoted) else {
            self.damaged(at, "a string that is no valid JSON text".to_owned(), sink);
            return;
        };
        // CloudWatch Logs tests a destination with such a message.
        if text.starts_with("CWL CONTROL MESSAGE") {
            self.recognise(Kind::Packed);
        } else {
            self.nested(text.as_bytes(), at, sink);
        }
    }

    /// Walks a base64 payload.
    fn packed(&mut self, quoted: &[u8], at: usize, sink: &mut dyn Sink) {
        let budget = self.limits.inflated_max.saturating_sub(self.unpacked);
        let inflated_max =
            self.limits.packed_max.min(usize::try_from(budget).unwrap_or(usize::MAX));
        let text = packed::unescape(quoted).unwrap_or_default();
        match packed::unpack(&text, inflated_max) {
            Ok(content) => {
                self.unpacked += content.len() as u64;
                self.nested(&content, at, sink);
            }
            Err(Packed::NotBase64) => self.stray(self.place(at), || What::Scalar),
            Err(Packed::Damaged) => {
                let cause = "the gzip inside this event's `data` is damaged";
                self.recognise(Kind::Packed);
                self.damaged(at, cause.to_owned(), sink);
            }
            Err(Packed::TooLarge) => {
                self.unpacked += inflated_max as u64;
                self.recognise(Kind::Packed);
                let cause =
                    format!("this event's `data` inflates to more than {inflated_max} bytes");
                self.damaged(at, cause, sink);
            }
        }
    }

    /// Rebuilds a record from columns: an object, or a list of them.
    fn columns(&mut self, whole: &[u8], at: usize, sink: &mut dyn Sink) {
        let value = serde_json::from_slice(whole.get(at..).unwrap_or_default());
        let columns = match value {
            Ok(serde_json::Value::Object(columns)) => columns,
            Ok(serde_json::Value::Array(parts)) => parts
                .into_iter()
                .filter_map(|part| match part {
                    serde_json::Value::Object(columns) => Some(columns),
                    _ => None,
                })
                .flatten()
                .collect(),
            _ => {
                self.recognise(Kind::Lake);
                self.damaged(at, "a row that is no valid JSON".to_owned(), sink);
                return;
            }
        };
        let names = columns.keys().take(3).map(|key| keys::shown(key)).collect();
        let before = self.counts;
        match lake::read(columns) {
            lake::Row::Text(text) => self.nested(text.as_bytes(), at, sink),
            lake::Row::Rebuilt(record) => self.nested(&record, at, sink),
            lake::Row::Nothing => self.stray(self.place(at), || What::Object(names)),
        }
        if self.counts != before {
            self.recognise(Kind::Lake);
        }
    }

    /// Reads a field of a Logs Insights result: the message, or something about it.
    fn field(&mut self, whole: &[u8], at: usize, sink: &mut dyn Sink) {
        let value: Result<serde_json::Value, _> =
            serde_json::from_slice(whole.get(at..).unwrap_or_default());
        let value = value.unwrap_or_default();
        let text = |key: &str| value.get(key).and_then(|value| value.as_str());
        match text("field") {
            Some("@message") => {
                let message = text("value").unwrap_or_default();
                let before = self.counts;
                self.nested(message.as_bytes(), at, sink);
                if self.counts != before {
                    self.recognise(Kind::Packed);
                }
            }
            // `@timestamp` and `@ptr` stand beside it.
            Some(name) if name.starts_with('@') => {}
            _ => self.stray(self.place(at), || What::Object(vec!["field".to_owned()])),
        }
    }

    /// Walks content that was packed in the item at `at`.
    fn nested(&mut self, content: &[u8], at: usize, sink: &mut dyn Sink) {
        let place = self.place(at);
        if self.level >= LEVELS_MAX {
            self.stray(place, || What::Text("more envelopes inside each other than AWS makes"));
            return;
        }
        self.flush_before(content, sink);
        let mut inner = Self {
            level: self.level + 1,
            fixed: Some(place.offset),
            record: self.record,
            unpacked: self.unpacked,
            ..Self::new(self.limits)
        };
        inner.feed(content, true, sink);
        self.record = inner.record;
        self.unpacked = inner.unpacked;
        self.counts.records += inner.counts.records;
        self.counts.damaged += inner.counts.damaged;
        self.counts.digests += inner.counts.digests;
        if inner.counts.records + inner.counts.digests > 0 {
            self.shaken = false;
        }
        if !inner.frames.is_empty() && !inner.adrift {
            let cause = "the content packed in this item ends inside its list of records";
            self.damaged(at, cause.to_owned(), sink);
        }
        if let Some((_, what)) = inner.strays.first {
            self.stray(place, || what);
        }
    }

    /// Ends a run of strays before what seems to be a record, so that rejects stay in order.
    fn flush_before(&mut self, content: &[u8], sink: &mut dyn Sink) {
        if self.kind.is_some() && content.starts_with(b"{\"event") {
            self.flush(sink);
        }
    }

    /// How far an item at `at` may be read, and whether the next item cut it there.
    fn limited(&mut self, bytes: &[u8], at: usize) -> (usize, bool) {
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
    fn failed(
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
    fn reject_or_stray(&mut self, bytes: &[u8], at: usize, cause: String, sink: &mut dyn Sink) {
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
    fn junk(&mut self, bytes: &[u8], at: usize, last: bool) -> Step {
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
    fn seek(&mut self, bytes: &[u8], at: usize, last: bool) -> Step {
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

/// The bytes up to `limit`.
fn view(bytes: &[u8], limit: usize) -> &[u8] {
    bytes.get(..limit).unwrap_or(bytes)
}

/// The first byte at or after `at` that separates nothing.
fn separators(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | 0x1e) = bytes.get(at) {
        at += 1;
    }
    at
}
